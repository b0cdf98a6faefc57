"""Agreements: a payer's leave to be charged without being asked, signed at the provider, ended from either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from linli.ground.policies.queries import policy
from linli.kernel.ids import AgreementId, CityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.payments import rules
from linli.money.payments.actions.provider_pages import PayPage, ProviderAway
from linli.money.payments.events import AgreementEnded, AgreementSigned
from linli.money.payments.gateways import withholding as says
from linli.money.payments.gateways.protocol import Channel, GatewayRefused, GatewayUnavailable
from linli.money.payments.gateways.registry import sources, withholding
from linli.money.payments.models import Agreement, AgreementMove, DeductionNotice
from linli.money.payments.rules import AgreementState, AgreementVerb
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

BATCH = 100
NOT_FOUND = "NOT_FOUND"
_log = structlog.get_logger()


class NotSigned(Refusal):
    """Nobody agreed to this, or no longer."""

    says = _("This agreement is not in force.")


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of an agreement: that it was signed, or is at its end."""

    reference: str
    provider_reference: str
    verb: AgreementVerb
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An agreement that is kept and has to be opened at its provider."""

    source: str
    asked: says.Agreement
    url: str


@dataclass(frozen=True, slots=True)
class Tended:
    """An agreement whose time to be looked after has come."""

    agreement: AgreementId
    source: str
    state: AgreementState
    is_over: bool
    """Nobody can sign it any more."""


_CLAIM = """
    UPDATE payments_agreement AS a SET calls = least(a.calls + 1, 100),
        due_at = %s + coalesce((%s::int[])[a.calls + 2], 43200) * interval '1 second'
    FROM (SELECT id FROM payments_agreement WHERE due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED) AS due
    WHERE a.id = due.id RETURNING a.id, a.source, a.state, a.expires_at <= %s
"""


@action(needs=May.PAY)
def ask_agreement(
    scope: Scope,
    *,
    agreement: AgreementId,
    purpose: str,
    for_: UUID,
    city: CityId,
    payer: PartyId,
    channel: str,
    most: Money,
    description: str,
    expires_at: datetime,
    at: datetime,
    currency: str = "CNY",
) -> None:
    """This will keep an agreement that somebody shall sign: so much at most at a time; begin it with
    `begin_agreement`."""
    if channel not in list(Channel):
        raise Invalid("channel", _("There is no such way to pay."))
    if most.minor <= 0:
        raise Invalid("most", _("A limit is more than nothing."))
    source = next(iter(sources()), "")
    withholding(source)
    row = Agreement.objects.create(
        id=agreement,
        source=source,
        channel=channel,
        purpose=purpose,
        for_id=for_,
        city=city,
        payer=payer,
        currency=currency,
        most_minor=most.minor,
        description=description,
        asked_at=at,
        expires_at=expires_at,
        due_at=rules.next_ask_at(0, at=at),
    )
    _note(scope, row, AgreementVerb.ASK, at)


@errand
def begin_agreement(scope: Scope, *, agreement: AgreementId, at: datetime, return_url: str = "") -> PayPage:
    """This will open an agreement at its provider and say where its payer signs; asked again, the same page.

    `return_url` is where that page leads back to; coming back proves nothing.
    """
    opened = agreement_to_sign(scope, agreement=agreement, return_url=return_url, at=at)
    if opened.url:
        return PayPage(opened.url, opened.url)
    try:
        signing = withholding(opened.source).contract(opened.asked)
    except (GatewayUnavailable, GatewayRefused) as error:
        _log.warning("contract_failed", agreement=str(agreement), error=type(error).__name__)
        raise ProviderAway from error
    keep_sign_page(scope, agreement=agreement, url=signing.sign_url)
    return PayPage(signing.sign_url, signing.qr_text)


@action(needs=May.PAY)
def agreement_to_sign(scope: Scope, *, agreement: AgreementId, return_url: str, at: datetime) -> Opened:
    """This will tell what a payer is to sign, of an agreement that nobody has signed yet."""
    row = Agreement.objects.within(scope).filter(pk=agreement).first()
    if row is None:
        raise NotFound("agreement")
    if row.state != AgreementState.ASKED.value or row.expires_at <= at:
        raise NotSigned
    asked = says.Agreement(
        reference=str(agreement),
        most_minor=row.most_minor,
        currency=row.currency,
        channel=Channel(row.channel),
        description=row.description,
        requested_at=row.asked_at,
        expires_at=row.expires_at,
        return_url=return_url,
    )
    return Opened(row.source, asked, row.sign_url)


@action(needs=May.PAY, private=("url",))
def keep_sign_page(scope: Scope, *, agreement: AgreementId, url: str) -> None:
    """This will keep where the payer can sign, so that asking again calls nobody."""
    Agreement.objects.within(scope).filter(pk=agreement).update(sign_url=url)


@action(needs=May.PAY, private=("why",))
def leave_agreement(scope: Scope, *, agreement: AgreementId, why: str, at: datetime) -> None:
    """This will end an agreement from our side: nothing is deducted from now on, and the provider is told."""
    row = _held(scope, agreement)
    if row is None:
        raise NotFound("agreement")
    if rules.AGREEMENT_LIFE.allows(AgreementState(row.state), AgreementVerb.LEAVE):
        _move(scope, row, AgreementVerb.LEAVE, at, why, due_at=at, calls=0)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_agreement(scope: Scope, *, source: str, said: Said, at: datetime) -> str:
    """This will take what a provider says of an agreement, by call-back or asked: once, in whatever order it comes."""
    thing = rules.thing_of(said.reference)
    row = None if thing is None else _held(scope, AgreementId(thing), source)
    if row is None:
        return "unknown"
    if not rules.AGREEMENT_LIFE.allows(AgreementState(row.state), said.verb):
        return "repeated"
    number = said.provider_reference or row.provider_reference
    _move(scope, row, said.verb, at, said.reason, due_at=None, provider_reference=number)
    return said.verb.value


@action(needs=May.PAY)
def announce_deductions(scope: Scope, *, announced: Sequence[rules.Announced], at: datetime) -> frozenset[UUID]:
    """This will have providers tell payers of deductions to come, where the policy of a city asks for it; gives the
    notices that it takes."""
    rows = Agreement.objects.within(scope).in_bulk([each.agreement for each in announced])
    cities = {CityId(row.city) for row in rows.values()}
    telling = {city for city in cities if policy(scope, rules.PaymentPolicy, at=at, city=city).deduct_notice_h}
    taken = [each for each in announced if each.agreement in rows and rows[each.agreement].city in telling]
    DeductionNotice.objects.bulk_create(
        DeductionNotice(
            id=each.notice, agreement_id=each.agreement, amount_minor=each.amount.minor, asked_at=at, due_at=at
        )
        for each in taken
    )
    return frozenset(each.notice for each in taken)


@errand
def tend_agreements(*, at: datetime, limit: int = BATCH) -> int:
    """This will ask about agreements that nobody has told us of, end those that are over, and give how many it was."""
    claimed = claim_agreements(SYSTEM, limit=limit, at=at)
    for one in claimed:
        said = _asked_of(one) if one.state is AgreementState.ASKED else _ended_at(one)
        if said is not None:
            record_agreement(SYSTEM, source=one.source, said=said, at=at)
        elif one.is_over and one.state is AgreementState.ASKED:
            lapse_agreement(SYSTEM, agreement=one.agreement, at=at)
    return len(claimed)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_agreements(scope: Scope, *, limit: int, at: datetime) -> tuple[Tended, ...]:
    """This will take up the agreements whose time has come, and set the next time."""
    rows = sql.fetch(_CLAIM, at, list(rules.ASK_AGAIN_S), at, limit, at)
    return tuple(Tended(id_, source, AgreementState(state), is_over) for id_, source, state, is_over in rows)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def lapse_agreement(scope: Scope, *, agreement: AgreementId, at: datetime) -> None:
    """This will give up an agreement that nobody signed in time."""
    row = _held(scope, agreement)
    if row is not None and rules.AGREEMENT_LIFE.allows(AgreementState(row.state), AgreementVerb.LAPSE):
        _move(scope, row, AgreementVerb.LAPSE, at, "not signed", due_at=at, calls=0)


def _asked_of(one: Tended) -> Said | None:
    try:
        status = withholding(one.source).query_agreement(str(one.agreement))
    except (GatewayUnavailable, GatewayRefused) as error:
        _log.warning("agreement_unanswered", agreement=str(one.agreement), error=type(error).__name__)
        return None
    return _said(status)


def _ended_at(one: Tended) -> Said | None:
    try:
        return _said(withholding(one.source).terminate(str(one.agreement)))
    except GatewayRefused as error:
        if error.code == NOT_FOUND:  # it was never opened there: nobody can sign it
            return Said(str(one.agreement), "", AgreementVerb.END, "never opened")
        _log.warning("termination_refused", agreement=str(one.agreement), code=error.code)
    except GatewayUnavailable:
        _log.warning("termination_unanswered", agreement=str(one.agreement))
    return None


def _said(status: says.AgreementStatus) -> Said | None:
    verbs = {says.AgreementState.SIGNED: AgreementVerb.SIGN, says.AgreementState.ENDED: AgreementVerb.END}
    verb = verbs.get(status.state)
    return None if verb is None else Said(status.reference, status.provider_reference, verb, status.reason)


def _held(scope: Scope, agreement: AgreementId, source: str | None = None) -> Agreement | None:
    rows = Agreement.objects.within(scope).select_for_update().filter(pk=agreement)
    return (rows if source is None else rows.filter(source=source)).first()


def _move(scope: Scope, row: Agreement, verb: AgreementVerb, at: datetime, why: str, **changes: object) -> None:
    before = AgreementState(row.state)
    after = rules.AGREEMENT_LIFE.after(before, verb)
    Agreement.objects.within(scope).filter(pk=row.pk).update(state=after.value, **changes)
    _note(scope, row, verb, at, why)
    id_ = AgreementId(row.pk)
    if after is AgreementState.SIGNED:
        tell(AgreementSigned(agreement=id_, purpose=row.purpose, for_=row.for_id, at=at))
    elif before is not AgreementState.ENDING:
        tell(AgreementEnded(agreement=id_, purpose=row.purpose, for_=row.for_id, why=why, at=at))


def _note(scope: Scope, row: Agreement, verb: AgreementVerb, at: datetime, why: str = "") -> None:
    AgreementMove.objects.create(agreement=row, verb=verb.value, person=scope.person, why=why, moved_at=at)
