"""Mandates for automatic payment: asked for on the phone, signed at the provider, paused and ended by a tap."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.models import Mandate, MandateMove, Round, RoundMove
from linli.estate.billing.models.deducting import LIVE
from linli.estate.billing.rules import MANDATE_LIFE, ROUND_LIFE, MandateState, MandateVerb, NotTaken, RoundState
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import AgreementId, CityId, CommunityId, HomeId, MandateId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.payments import actions as payments
from linli.spine import locks, moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "mandate"
SIGNED_WITHIN = timedelta(hours=1)


class NoMandates(Refusal):
    """The community takes nothing automatically."""

    says = _("There is no automatic payment in this community.")


class HasMandate(Refusal):
    """Two mandates for one account would pay it twice."""

    says = _("Automatic payment is set up here already.")


class SignAnew(Refusal):
    """A limit may be lowered by a tap; more than was signed has to be signed."""

    says = _("You signed for {most} at a time. For more, please end it and set it up again.")


@action(needs=May.PAY)
def ask_mandate(
    scope: Scope,
    *,
    home: HomeId,
    channel: str,
    most: Money,
    month_most: Money | None = None,
    wallet_first: bool = True,
    at: datetime,
) -> MandateId:
    """This will ask to have what the person owes for a home taken by itself; nothing is, until it is signed.

    Sign it with `payments.begin_agreement` of its agreement. What was due before the signature is not taken.
    """
    if scope.person is None:
        raise NotFound("home")
    lives = [one.home for one in people.residents_homes(scope, person=scope.person, at=at) if one.home.id == home]
    if not lives:
        raise NotFound("home")
    community = lives[0].community
    _insist_on_limits(community, most, month_most, at)
    locks.hold(f"billing_mandate:{home}:{scope.person}")
    rows = Mandate.objects.within(SYSTEM).select_for_update()
    for row in rows.filter(subject=home, person=scope.person, state__in=LIVE):
        if row.state != MandateState.ASKED.value:
            raise HasMandate
        _end(scope, row, "asked again", at)
    place, company = places.market_of(community), people.company_of([community], at=at)[community]
    mandate = Mandate.objects.create(
        id=ids.new(),
        company=company,
        community=community,
        subject=home,
        subject_kind=rules.SubjectKind.HOME.value,
        home=home,
        person=scope.person,
        agreement=ids.new(),
        channel=channel,
        signed_most_minor=most.minor,
        most_minor=most.minor,
        month_most_minor=None if month_most is None else month_most.minor,
        wallet_first=wallet_first,
        asked_at=at,
    )
    moves.born(MandateMove, mandate, MandateVerb.ASK, scope=scope, at=at)
    payments.ask_agreement(
        SYSTEM,
        agreement=AgreementId(mandate.agreement),
        purpose=PURPOSE,
        for_=mandate.pk,
        city=CityId(place.city),
        payer=scope.person,
        channel=channel,
        most=most,
        description=f"物业费代扣 Property fees {lives[0].door}"[:200],
        expires_at=at + SIGNED_WITHIN,
        at=at,
        currency=place.currency,
    )
    return MandateId(mandate.pk)


@action(needs=May.PAY)
def change_mandate(
    scope: Scope, *, mandate: MandateId, most: Money, month_most: Money | None, wallet_first: bool, at: datetime
) -> None:
    """This will set the limits of a mandate anew, up to what was signed for."""
    row = _own(scope, mandate)
    _insist_on_limits(CommunityId(row.community), most, month_most, at)
    if most.minor > row.signed_most_minor:
        raise SignAnew(field="most", most=Money(row.signed_most_minor))
    _move(
        scope,
        row,
        MandateVerb.CHANGE,
        at,
        most_minor=most.minor,
        month_most_minor=None if month_most is None else month_most.minor,
        wallet_first=wallet_first,
    )


@action(needs=May.PAY)
def pause_mandate(scope: Scope, *, mandate: MandateId, at: datetime) -> None:
    """This will take nothing until it is resumed; what falls due meanwhile is paid by hand."""
    _move(scope, _own(scope, mandate), MandateVerb.PAUSE, at)


@action(needs=May.PAY)
def resume_mandate(scope: Scope, *, mandate: MandateId, at: datetime) -> None:
    """This will take again what falls due from today on."""
    row = _own(scope, mandate)
    _move(scope, row, MandateVerb.RESUME, at, since_on=places.day_in(CommunityId(row.community), at))


@action(needs=May.PAY)
def end_mandate(scope: Scope, *, mandate: MandateId, at: datetime) -> None:
    """This will end a mandate: nothing is asked for any more from this instant on, and the provider is told."""
    _end(scope, _own(scope, mandate), "", at)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_signature(scope: Scope, *, mandate: UUID, at: datetime) -> None:
    """This will put a mandate into force that its payer signed; told again, it changes nothing."""
    row = Mandate.objects.within(scope).select_for_update().filter(pk=mandate).first()
    if row is not None and MANDATE_LIFE.allows(MandateState(row.state), MandateVerb.SIGN):
        _move(scope, row, MandateVerb.SIGN, at, since_on=places.day_in(CommunityId(row.community), at))


@action(needs=May.RECORD_PAYMENT_EVENTS, private=("why",))
def record_end(scope: Scope, *, mandate: UUID, why: str, at: datetime) -> None:
    """This will end a mandate whose agreement is over, whoever ended it."""
    row = Mandate.objects.within(scope).select_for_update().filter(pk=mandate).first()
    if row is not None and MANDATE_LIFE.allows(MandateState(row.state), MandateVerb.END):
        _end(scope, row, why, at)


def end_mandates_of(scope: Scope, person: PartyId, at: datetime) -> None:
    """This will end whatever a person who is erased had taken by itself."""
    for row in Mandate.objects.within(scope).select_for_update().filter(person=person, state__in=LIVE):
        _end(scope, row, "erased", at)


def _end(scope: Scope, row: Mandate, why: str, at: datetime) -> None:
    _move(scope, row, MandateVerb.END, at, why)
    planned = Round.objects.within(SYSTEM).select_for_update().filter(mandate=row, state=RoundState.PLANNED.value)
    rounds = list(planned.order_by("id"))
    for each in rounds:
        each.next_on, each.reason = None, NotTaken.ENDED.value
    moves.take_many(
        RoundMove,
        rounds,
        rules.RoundVerb.CALL_OFF,
        life=ROUND_LIFE,
        states=RoundState,
        scope=scope,
        at=at,
        changed=("next_on", "reason"),
    )
    payments.leave_agreement(SYSTEM, agreement=AgreementId(row.agreement), why=why or "ended by the payer", at=at)


def _own(scope: Scope, mandate: MandateId) -> Mandate:
    row = Mandate.objects.within(scope).select_for_update().filter(pk=mandate).first()
    if row is None or row.person != scope.person:
        raise NotFound("mandate")
    return row


def _move(scope: Scope, row: Mandate, verb: MandateVerb, at: datetime, why: str = "", **changes: object) -> None:
    moves.take(MandateMove, row, verb, life=MANDATE_LIFE, states=MandateState, scope=scope, at=at, why=why, **changes)


def _insist_on_limits(community: CommunityId, most: Money, month_most: Money | None, at: datetime) -> None:
    terms = policy(SYSTEM, rules.BillingPolicy, at=at, community=community)
    if not terms.has_deduction:
        raise NoMandates
    if not Money.zero < most <= terms.deduct_most:
        raise Invalid("most", _("Between {least} and {most}."), least=Money(1), most=terms.deduct_most)
    if month_most is not None and month_most < most:
        raise Invalid("month_most", _("A month allows no less than one payment."))
