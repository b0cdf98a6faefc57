"""Prepaid terms: offered by the desk, bought on the phone or at the desk, held until their months go out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of, item_row
from linli.estate.billing.actions.going_back import tell_payer
from linli.estate.billing.actions.paying import BY_HAND
from linli.estate.billing.actions.settling import Counter, insist_on_open_month, write_receipt
from linli.estate.billing.models import Line, Month, Term, TermMonth, TermMove, TermOffer
from linli.estate.billing.queries.term_prices import ChargedAlready, Quote, offer_of, quoted
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, HomeId, ItemId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    OWN_BANK,
    Draft,
    Leg,
    credit,
    debit,
    desk_cash,
    due_from_platform,
    prepaid_term,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "term"
PATIENCE = timedelta(minutes=15)


@action(needs=May.KEEP_TARIFFS)
def offer_term(
    scope: Scope,
    *,
    community: CommunityId,
    item: ItemId,
    months: int,
    gifts: int = 0,
    price: rules.TermPrice,
    at: datetime,
) -> UUID:
    """This will let the homes of a community pay an item ahead: so many months, with so many given at their end."""
    row = item_row(scope, item)
    if community not in scope.communities:
        raise NotFound("community")
    if not 0 < months <= rules.MOST_MONTHS or not 0 <= gifts <= months or months + gifts > rules.MOST_MONTHS:
        raise Invalid("months", _("Between 1 and {most} months, and no more given than paid."), most=rules.MOST_MONTHS)
    offer = TermOffer(
        id=ids.new(),
        company=company_of(scope),
        community=community,
        item=row,
        months=months,
        gifts=gifts,
        price=price.value,
        offered_at=at,
    )
    try:
        with transaction.atomic():
            offer.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid("months", _("This is offered already.")) from error
    return UUID(str(offer.pk))


@action(needs=May.KEEP_TARIFFS)
def withdraw_offer(scope: Scope, *, offer: UUID, at: datetime) -> None:
    """This will take an offer back; terms that were bought by it stay."""
    if not TermOffer.objects.within(scope).filter(pk=offer, withdrawn_at=None).update(withdrawn_at=at):
        raise NotFound("offer")


@action(needs=May.PAY)
def begin_term(scope: Scope, *, offer: UUID, home: HomeId, first_on: date, at: datetime) -> CollectionId:
    """This will ask whoever owes an item of a home for one payment of a term; begin it with `payments.begin_payment`.

    The price is fixed now. What arrives after somebody else has bought the same months goes back by itself.
    """
    quote = quoted(SYSTEM, offer=offer_of(offer), home=home, first_on=first_on)
    if quote.obligor != scope.person:
        raise NotFound("home")
    collection = CollectionId(ids.new())
    row = _asked(SYSTEM, quote, at, collection)
    payments.request_collection(
        SYSTEM,
        collection=collection,
        purpose=PURPOSE,
        for_=row.pk,
        city=CityId(row.city),
        payer=quote.obligor,
        amount=quote.amount,
        legs=(credit(property_fee_collected(quote.offer.company, quote.offer.community), quote.amount),),
        expires_at=at + PATIENCE,
        at=at,
        currency=places.market_of(quote.offer.community).currency,
    )
    return collection


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_term(scope: Scope, *, term: UUID, at: datetime) -> None:
    """This will hold a term that was paid on the phone; where its months were charged or bought meanwhile, the money
    goes back by itself."""
    row = Term.objects.within(scope).select_for_update().filter(pk=term).first()
    if row is None or row.receipt_id is not None or row.state == rules.TermState.LAPSED.value:
        return
    amount = Money(row.paid_minor)
    try:
        with transaction.atomic():
            _insist_on_free(row)
            _hold(scope, row, rules.Channel.ONLINE, debit(due_from_platform(CityId(row.city)), amount), "", at)
    except (IntegrityError, ChargedAlready):
        _note(scope, row, rules.TermVerb.LAPSE, Money.zero, at)
        Term.objects.within(scope).filter(pk=term).update(state=rules.TermState.LAPSED.value)
        collected = property_fee_collected(PartyId(row.company), CommunityId(row.community))
        payments.request_refund(
            SYSTEM,
            refund=RefundId(ids.new()),
            collection=CollectionId(UUID(str(row.collection))),
            amount=amount,
            legs=(debit(collected, amount),),
            document=f"term:{term}",
            at=at,
        )
        tell_payer(row.obligor, CommunityId(row.community), amount, at)


@action(needs=May.TAKE_FEES)
def take_term(
    scope: Scope,
    *,
    offer: UUID,
    home: HomeId,
    first_on: date,
    channel: rules.Channel,
    desk: str = "front",
    at: datetime,
) -> UUID:
    """This will sell a term at the desk to whoever owes the item of a home."""
    found = offer_of(offer)
    if found.community not in scope.communities:
        raise NotFound("offer")
    if channel not in BY_HAND:
        raise Invalid("channel", _("This is not taken by hand."))
    insist_on_open_month(scope, found.community, at)
    quote = quoted(SYSTEM, offer=found, home=home, first_on=first_on)
    row = _asked(scope, quote, at, None)
    till = OWN_BANK if channel is rules.Channel.BANK else desk_cash(desk)
    try:
        with transaction.atomic():
            _hold(scope, row, channel, debit(till, quote.amount), desk, at)
    except IntegrityError as error:
        raise ChargedAlready(field="first_on") from error
    return UUID(str(row.pk))


@action(needs=May.RUN_CLOCKS)
def lapse_terms(scope: Scope, *, limit: int, at: datetime) -> int:
    """This will let terms lapse that were asked for and not paid in time, and give how many."""
    waiting = Term.objects.within(scope).filter(state=rules.TermState.ASKED.value, lapses_at__lte=at)
    rows = list(waiting.select_for_update(skip_locked=True).order_by("lapses_at")[:limit])
    lapsed = rules.TERM_LIFE.after(rules.TermState.ASKED, rules.TermVerb.LAPSE)
    Term.objects.within(scope).filter(pk__in=[row.pk for row in rows]).update(state=lapsed.value)
    TermMove.objects.bulk_create(move_of(scope, row, rules.TermVerb.LAPSE, Money.zero, at) for row in rows)
    return len(rows)


def _asked(scope: Scope, quote: Quote, at: datetime, collection: CollectionId | None) -> Term:
    offer = quote.offer
    days = policy(SYSTEM, rules.BillingPolicy, at=at, community=offer.community).term_days
    row = Term.objects.create(
        id=ids.new(),
        company=offer.company,
        community=offer.community,
        city=places.market_of(offer.community).city,
        subject=quote.home,
        obligor=quote.obligor,
        item_id=offer.item,
        price=offer.price.value,
        tariff_id=quote.tariff,
        parameters=quote.parameters,
        known=quote.known,
        start_on=quote.first_on,
        end_on=quote.end_on,
        state=rules.TERM_LIFE.birth.value,
        paid_minor=quote.amount.minor,
        collection=collection,
        asked_at=at,
        lapses_at=at + timedelta(days=days),
    )
    TermMonth.objects.bulk_create(
        TermMonth(
            term=row,
            community=offer.community,
            obligor=quote.obligor,
            first_on=month.first_on,
            is_gift=month.is_gift,
            planned_minor=month.planned.minor,
        )
        for month in quote.months
    )
    _note(scope, row, rules.TermVerb.ASK, quote.amount, at)
    return row


def _insist_on_free(row: Term) -> None:
    """Between asking and paying a month may have gone out."""
    lines = Line.objects.within(SYSTEM).filter(
        subject=row.subject,
        item_id=row.item_id,
        kind=rules.LineKind.CHARGE.value,
        start_on__lt=row.end_on,
        end_on__gt=row.start_on,
    )
    if any(line.credited_minor < line.amount_minor for line in lines):
        raise ChargedAlready(field="first_on")


def _hold(scope: Scope, row: Term, channel: rules.Channel, came: Leg, desk: str, at: datetime) -> None:
    """The receipt, the journal, and no draft that was made without it."""
    amount, company, community = Money(row.paid_minor), PartyId(row.company), CommunityId(row.community)
    row.state = rules.TERM_LIFE.after(rules.TermState(row.state), rules.TermVerb.TAKE).value
    about = rules.Subject(row.subject, rules.SubjectKind.HOME, HomeId(row.subject))
    row.receipt = write_receipt(
        scope,
        counter=Counter(about, community, company),
        amount=amount,
        channel=channel,
        payer=PartyId(row.obligor),
        desk=desk if channel is not rules.Channel.BANK else "",
        collection=row.collection,
        at=at,
    )
    row.save(update_fields=["state", "receipt"])
    _note(scope, row, rules.TermVerb.TAKE, amount, at)
    forget_drafts(community, row.start_on, row.end_on)
    post_term(
        row,
        f"term_taken:{row.pk}",
        "term_taken",
        (came, credit(prepaid_term(row.subject, PartyId(row.obligor)), amount)),
        at,
    )


def forget_drafts(community: CommunityId, start_on: date, end_on: date) -> None:
    """This will have months drafted again that were drafted before a term changed."""
    Month.objects.within(SYSTEM).filter(
        community=community, first_on__gte=start_on, first_on__lt=end_on, state=rules.MonthState.OPEN.value
    ).update(drafted_at=None)


def post_term(row: Term, key: str, kind: str, legs: tuple[Leg, ...], at: datetime) -> None:
    """This will post what happens to a term's sum to its company's book."""
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=key,
            book=property_book(PartyId(row.company)),
            currency=places.market_of(CommunityId(row.community)).currency,
            document=f"term:{row.pk}",
            kind=kind,
            at=at,
            legs=legs,
        ),
    )


def move_of(scope: Scope, row: Term, verb: rules.TermVerb, amount: Money, at: datetime, why: str = "") -> TermMove:
    """This will say what happened to a term, for its history."""
    return TermMove(
        term=row,
        community=row.community,
        obligor=row.obligor,
        verb=verb.value,
        amount_minor=amount.minor,
        person=scope.person,
        why=why.strip(),
        happened_at=at,
    )


def _note(scope: Scope, row: Term, verb: rules.TermVerb, amount: Money, at: datetime) -> None:
    move_of(scope, row, verb, amount, at).save(force_insert=True)
