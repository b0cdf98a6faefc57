"""Deposits: asked for, taken at the desk or on the phone, deducted by lines with a reason, and given back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from linli.estate.billing import events, rules
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.going_back import tell_payer
from linli.estate.billing.actions.once import charge_once
from linli.estate.billing.actions.paying import BY_HAND, MOST_AT_ONCE
from linli.estate.billing.actions.repaying import insist_on_its_way
from linli.estate.billing.actions.settling import (
    Counter,
    allocate,
    hold_open_lines,
    insist_on_home,
    insist_on_open_month,
    next_number,
    receivable_of,
    write_receipt,
)
from linli.estate.billing.actions.telling import tell_people
from linli.estate.billing.models import Deposit, DepositEntry
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, HomeId, ItemId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
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
    home_deposit,
    prepaid_fee,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "deposit"
PATIENCE = timedelta(minutes=15)


class NotSoMuch(Refusal):
    """More would be deducted or given back than is held."""

    says = _("Only {held} of this deposit is still held.")


class NotPaidSo(Refusal):
    """Money goes back on the phone only where it came from there."""

    says = _("This deposit was not paid online. Please give it back in cash or by bank.")


@action(needs=May.TAKE_FEES)
def ask_deposit(
    scope: Scope,
    *,
    community: CommunityId,
    subject: UUID,
    kind: rules.SubjectKind = rules.SubjectKind.HOME,
    home: HomeId | None = None,
    obligor: PartyId,
    word: str,
    title: Mapping[str, str],
    amount: Money,
    source: str = "",
    back_on: date | None = None,
    at: datetime,
) -> UUID:
    """This will ask somebody to leave a deposit; `word` names its account (`renovation`), `source` what it is for.

    It lapses when nobody pays it in time. `back_on` is the day on which it should go back.
    """
    company = people.company_of([community], at=at).get(community)
    if company is None or (not scope.is_inside and community not in scope.communities):
        raise NotFound("community")
    if not Money.zero < amount <= MOST_AT_ONCE:
        raise Invalid("amount", _("Between {least} and {most}."), least=Money(1), most=MOST_AT_ONCE)
    home_deposit(subject, obligor, word)  # a word that names no account is a defect, before anything is written
    about = rules.Subject(subject, kind, HomeId(subject) if kind is rules.SubjectKind.HOME else home)
    insist_on_home(about, community)
    days = policy(scope, rules.BillingPolicy, at=at, community=community).deposit_days
    row = Deposit.objects.create(
        id=ids.new(),
        company=company,
        community=community,
        city=places.market_of(community).city,
        subject=about.id,
        subject_kind=about.kind.value,
        home=about.home,
        obligor=obligor,
        word=word,
        title=dict(title),
        source=source,
        state=rules.DEPOSIT_LIFE.birth.value,
        amount_minor=amount.minor,
        asked_at=at,
        lapses_at=at + timedelta(days=days),
        back_on=back_on,
    )
    _note(scope, row, rules.DepositVerb.ASK, amount, at)
    if not source:  # what it is for speaks for itself elsewhere: a permit and a booking ask on their own pages
        day = row.lapses_at.astimezone(ZoneInfo(places.market_of(community).timezone)).date()
        tell_people([obligor], "deposit_asked", community, at, amount=str(amount), day=day.isoformat())
    return UUID(str(row.pk))


@action(needs=May.TAKE_FEES)
def take_deposit(scope: Scope, *, deposit: UUID, channel: rules.Channel, desk: str = "front", at: datetime) -> str:
    """This will take the whole of a deposit at the desk, and give its number."""
    row = _held(scope, deposit)
    if channel not in BY_HAND:
        raise Invalid("channel", _("This is not taken by hand."))
    return _taken(scope, row, channel, debit(_till(channel, desk), Money(row.amount_minor)), at)


@action(needs=May.PAY)
def begin_deposit(scope: Scope, *, deposit: UUID, at: datetime) -> CollectionId:
    """This will ask the obligor for one payment of a deposit; begin it with `payments.begin_payment`."""
    row = Deposit.objects.within(scope).filter(pk=deposit).first()
    if row is None or row.obligor != scope.person:
        raise NotFound("deposit")
    rules.DEPOSIT_LIFE.after(rules.DepositState(row.state), rules.DepositVerb.TAKE)
    collection, amount = CollectionId(ids.new()), Money(row.amount_minor)
    payments.request_collection(
        SYSTEM,
        collection=collection,
        purpose=PURPOSE,
        for_=row.pk,
        city=CityId(row.city),
        payer=PartyId(row.obligor),
        amount=amount,
        legs=(credit(property_fee_collected(PartyId(row.company), CommunityId(row.community)), amount),),
        expires_at=at + PATIENCE,
        at=at,
        currency=places.market_of(CommunityId(row.community)).currency,
    )
    return collection


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_deposit(scope: Scope, *, deposit: UUID, collection: CollectionId, at: datetime) -> None:
    """This will hold a deposit that was paid on the phone; what came twice, or too late, goes back by itself."""
    row = _held(scope, deposit)
    if row.collection == collection:
        return
    amount = Money(row.amount_minor)
    if row.state != rules.DepositState.ASKED.value:
        _send_back(row, collection, amount, at)
        tell_payer(row.obligor, CommunityId(row.community), amount, at)
        return
    row.collection = collection
    _taken(scope, row, rules.Channel.ONLINE, debit(due_from_platform(CityId(row.city)), amount), at)


@action(needs=May.TAKE_FEES, private=("why",))
def deduct_deposit(scope: Scope, *, deposit: UUID, item: ItemId, amount: Money, why: str, at: datetime) -> int:
    """This will charge something to who left a deposit, and pay it out of that; gives the number of the line."""
    insist_on_reason(why)
    row = _held(scope, deposit)
    _insist_on_held(row, amount)
    about, community = _subject(row), CommunityId(row.community)
    line = charge_once(
        scope,
        community=community,
        subject=about.id,
        kind=about.kind,
        home=about.home,
        obligor=PartyId(row.obligor),
        item=item,
        amount=amount,
        title=row.title | {"why": why.strip()},
        source=f"deposit:{row.pk}:{_entries(row)}",
        at=at,
    )
    held = {each.pk: each for each in hold_open_lines(scope, row.subject, [line])}
    receipt = write_receipt(
        scope,
        counter=Counter(about, community, PartyId(row.company)),
        amount=amount,
        channel=rules.Channel.DEPOSIT,
        payer=PartyId(row.obligor),
        at=at,
    )
    allocate(receipt, [rules.Allocation(line, amount)], held, at)
    row.deducted_minor += amount.minor
    _post(row, rules.DepositVerb.DEDUCT, credit(receivable_of(held[line]), amount), at)
    _note(scope, row, rules.DepositVerb.DEDUCT, amount, at, why=why, line=line)
    _settle(scope, row, at)
    return line


@action(needs=May.TAKE_FEES)
def return_deposit(
    scope: Scope,
    *,
    deposit: UUID,
    channel: rules.Channel,
    amount: Money | None = None,
    desk: str = "front",
    another_way: bool = False,
    at: datetime,
) -> Money:
    """This will give back what is held of a deposit, or a part of it: in cash, by bank, or as it came (`ONLINE`).

    With `DEPOSIT` it stays, as fees that its obligor has paid in advance. `another_way` says that another way than it
    came is meant.
    """
    row = _held(scope, deposit)
    back = _rest(row) if amount is None else amount
    _insist_on_held(row, back)
    insist_on_open_month(scope, CommunityId(row.community), at)
    insist_on_its_way(rules.Channel(row.channel), channel, another_way)
    row.returned_minor += back.minor
    _post(row, rules.DepositVerb.RETURN, _given_back(scope, row, channel, back, desk, at), at)
    _note(scope, row, rules.DepositVerb.RETURN, back, at, channel=channel)
    _settle(scope, row, at)
    return back


@action(needs=May.RUN_CLOCKS)
def lapse_deposits(scope: Scope, *, limit: int, at: datetime) -> int:
    """This will let deposits lapse that nobody paid in time, and give how many."""
    waiting = Deposit.objects.within(scope).filter(state=rules.DepositState.ASKED.value, lapses_at__lte=at)
    rows = list(waiting.select_for_update(skip_locked=True).order_by("lapses_at")[:limit])
    Deposit.objects.within(scope).filter(pk__in=[row.pk for row in rows]).update(
        state=rules.DEPOSIT_LIFE.after(rules.DepositState.ASKED, rules.DepositVerb.LAPSE).value
    )
    DepositEntry.objects.bulk_create(
        entry_of(scope, row, rules.DepositVerb.LAPSE, Money(row.amount_minor), at) for row in rows
    )
    return len(rows)


def _given_back(scope: Scope, row: Deposit, channel: rules.Channel, back: Money, desk: str, at: datetime) -> Leg:
    if channel is rules.Channel.ONLINE:
        if row.collection is None:
            raise NotPaidSo(field="channel")
        _send_back(row, CollectionId(row.collection), back, at)
        return credit(due_from_platform(CityId(row.city)), back)
    if channel is rules.Channel.DEPOSIT:
        obligor = PartyId(row.obligor)
        counter = Counter(_subject(row), CommunityId(row.community), PartyId(row.company))
        write_receipt(
            scope, counter=counter, amount=back, channel=channel, payer=obligor, keeper=obligor, rest=back, at=at
        )
        return credit(prepaid_fee(row.subject, obligor), back)
    if channel not in (rules.Channel.CASH, rules.Channel.BANK):
        raise Invalid("channel", _("This is not given back by hand."))
    return credit(_till(channel, desk), back)


def _held(scope: Scope, deposit: UUID) -> Deposit:
    row = Deposit.objects.within(scope).select_for_update().filter(pk=deposit).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("deposit")
    return row


def _rest(row: Deposit) -> Money:
    return Money(row.amount_minor - row.deducted_minor - row.returned_minor)


def _entries(row: Deposit) -> int:
    """How often something happened to it: what makes each of its journals and charges its own."""
    return DepositEntry.objects.inside().filter(deposit=row).count()


def _insist_on_held(row: Deposit, amount: Money) -> None:
    rules.DEPOSIT_LIFE.after(rules.DepositState(row.state), rules.DepositVerb.DEDUCT)
    if not Money.zero < amount <= _rest(row):
        raise NotSoMuch(field="amount", held=_rest(row))


def _subject(row: Deposit) -> rules.Subject:
    kind, home = rules.SubjectKind(row.subject_kind), row.home
    return rules.Subject(row.subject, kind, None if home is None else HomeId(home))


def _till(channel: rules.Channel, desk: str) -> str:
    return OWN_BANK if channel is rules.Channel.BANK else desk_cash(desk)


def _taken(scope: Scope, row: Deposit, channel: rules.Channel, came: Leg, at: datetime) -> str:
    insist_on_open_month(scope, CommunityId(row.community), at)
    row.state = rules.DEPOSIT_LIFE.after(rules.DepositState(row.state), rules.DepositVerb.TAKE).value
    row.channel, row.taken_at = channel.value, at
    row.number = next_number(PartyId(row.company), CommunityId(row.community), "D", at)
    row.save(update_fields=["state", "channel", "taken_at", "number", "collection"])
    amount = Money(row.amount_minor)
    _post(row, rules.DepositVerb.TAKE, came, at)
    _note(scope, row, rules.DepositVerb.TAKE, amount, at, channel=channel)
    community = CommunityId(row.community)
    tell(
        events.DepositTaken(
            deposit=row.pk, source=row.source, community=community, subject=row.subject, amount=amount, at=at
        )
    )
    return row.number


def _settle(scope: Scope, row: Deposit, at: datetime) -> None:
    """When nothing is left, the deposit is over."""
    if not _rest(row):
        row.state = rules.DEPOSIT_LIFE.after(rules.DepositState(row.state), rules.DepositVerb.SETTLE).value
        _note(scope, row, rules.DepositVerb.SETTLE, Money.zero, at)
        tell(
            events.DepositSettled(
                deposit=row.pk,
                source=row.source,
                community=CommunityId(row.community),
                subject=row.subject,
                deducted=Money(row.deducted_minor),
                returned=Money(row.returned_minor),
                at=at,
            )
        )
    row.save(update_fields=["state", "deducted_minor", "returned_minor"])


def _send_back(row: Deposit, collection: CollectionId, amount: Money, at: datetime) -> None:
    payments.request_refund(
        SYSTEM,
        refund=RefundId(ids.new()),
        collection=collection,
        amount=amount,
        legs=(debit(property_fee_collected(PartyId(row.company), CommunityId(row.community)), amount),),
        document=f"deposit:{row.pk}",
        at=at,
    )


def _post(row: Deposit, verb: rules.DepositVerb, leg: Leg, at: datetime) -> None:
    """One leg, against the deposit's own account."""
    own = Leg(home_deposit(row.subject, PartyId(row.obligor), row.word), -leg.amount)
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"deposit:{row.pk}:{_entries(row)}",
            book=property_book(PartyId(row.company)),
            currency=places.market_of(CommunityId(row.community)).currency,
            document=f"deposit:{row.pk}",
            kind=f"deposit_{verb.value}",
            at=at,
            legs=(leg, own),
        ),
    )


def _note(
    scope: Scope,
    row: Deposit,
    verb: rules.DepositVerb,
    amount: Money,
    at: datetime,
    *,
    channel: rules.Channel | None = None,
    why: str = "",
    line: int | None = None,
) -> None:
    entry = entry_of(scope, row, verb, amount, at)
    entry.channel, entry.why, entry.line = channel.value if channel else "", why.strip(), line
    entry.save(force_insert=True)


def entry_of(scope: Scope, row: Deposit, verb: rules.DepositVerb, amount: Money, at: datetime) -> DepositEntry:
    return DepositEntry(
        deposit=row,
        community=row.community,
        obligor=row.obligor,
        verb=verb.value,
        amount_minor=amount.minor,
        person=scope.person,
        happened_at=at,
    )
