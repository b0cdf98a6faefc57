"""Rounds of automatic payment: planned and told, taken from the wallet and by the provider, declined, given up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import Sum

from linli.estate.billing import rules
from linli.estate.billing.actions.online import Manner, begin_collection, record_payment
from linli.estate.billing.actions.settling import hold_open_lines, still_open
from linli.estate.billing.actions.telling import tell_people
from linli.estate.billing.actions.wallet_paying import spend_wallet
from linli.estate.billing.models import Line, Mandate, Pause, Payment, Round, RoundLine, RoundMove
from linli.estate.billing.rules import ROUND_LIFE, LineKind, MandateState, NotTaken, RoundState, RoundVerb
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import AgreementId, CollectionId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments.rules import Announced
from linli.spine import moves, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "deduction"
PATIENCE = timedelta(days=3)
"""So long a provider may take over a deduction; what it takes after that goes back by itself."""
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Near:
    """A line that a mandate would take."""

    mandate: UUID
    community: CommunityId
    person: PartyId
    agreement: AgreementId
    line: int
    due_on: date
    open: Money
    is_late_fee: bool


_NEAR = """
    WITH m AS (SELECT id, community, subject, person, agreement, since_on FROM billing_mandate
               WHERE state = 'active' AND id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
    SELECT m.id, m.community, m.person, m.agreement, l.id, l.due_on,
           l.amount_minor - l.paid_minor - l.credited_minor, l.kind = %s
    FROM m JOIN billing_line l ON l.obligor = m.person AND l.community = m.community
         AND (l.home = m.subject OR (l.subject = m.subject AND l.subject_kind <> 'home'))
    JOIN billing_item i ON i.id = l.item_id
    LEFT JOIN billing_line p ON p.id = l.late_of_id
    WHERE l.is_open AND l.due_on >= m.since_on
      AND i.payable_online AND (p.id IS NULL OR p.amount_minor = p.paid_minor + p.credited_minor)
      AND NOT EXISTS (SELECT FROM billing_round_line r WHERE r.line_id = l.id)
      AND NOT EXISTS (SELECT FROM billing_pause s WHERE s.line_id = l.id AND s.end_on IS NULL)
    ORDER BY m.id, l.id LIMIT %s
"""
_LAST = """
    SELECT (array_agg(id ORDER BY id DESC))[1]
    FROM (SELECT id FROM billing_mandate WHERE state = 'active' AND id > %s ORDER BY id LIMIT %s) m
"""


@action(needs=May.RUN_CLOCKS)
def plan_deductions(scope: Scope, *, limit: int, after: UUID, at: datetime) -> UUID | None:
    """This will plan what falls due soon, of the next portion of mandates, and tell their owners when it is taken;
    gives the last mandate that it looked at, None at the end."""
    ((last,),) = sql.fetch(_LAST, after, limit)
    if last is None:
        return None
    rows = sql.fetch(_NEAR, after, limit, LineKind.LATE_FEE.value, MOST_LINES)
    lines = [Near(mandate, community, person, agreement, line, due_on, Money(minor), is_late)
             for mandate, community, person, agreement, line, due_on, minor, is_late in rows]  # fmt: skip
    terms = {each: policy(scope, rules.BillingPolicy, at=at, community=each) for each in {n.community for n in lines}}
    days = {each: places.day_in(each, at) for each in terms}
    planned: list[tuple[Round, Near]] = []
    for _mandate, found in groupby(lines, key=attrgetter("mandate")):
        row = _planned(list(found), terms, days, at)
        if row is not None:
            planned.append(row)
    _keep(scope, planned, at)
    return UUID(str(last))


def _planned(
    lines: list[Near],
    terms: dict[CommunityId, rules.BillingPolicy],
    days: dict[CommunityId, date],
    at: datetime,
) -> tuple[Round, Near] | None:
    one = lines[0]
    set_so, today = terms[one.community], days[one.community]
    near = [n for n in lines if rules.is_near(n.due_on, today, set_so.deduct_days, set_so.deduct_told_days)]
    if all(each.is_late_fee for each in near):
        return None
    due_on = min(each.due_on for each in near if not each.is_late_fee)
    row = Round(
        id=ids.new(),
        mandate_id=one.mandate,
        community=one.community,
        person=one.person,
        lines=[each.line for each in near],
        due_on=due_on,
        next_on=rules.deduct_on(due_on, today, set_so.deduct_days, set_so.deduct_told_days),
        told_minor=sum(each.open.minor for each in near),
        planned_at=at,
    )
    return row, one


def _keep(scope: Scope, planned: Sequence[tuple[Round, Near]], at: datetime) -> None:
    announced = [Announced(ids.new(), one.agreement, Money(row.told_minor)) for row, one in planned]
    given = payments.announce_deductions(SYSTEM, announced=announced, at=at)
    for (row, _one), each in zip(planned, announced, strict=True):
        row.notice = each.notice if each.notice in given else None
    rows = [row for row, _one in planned]
    Round.objects.bulk_create(rows)
    RoundLine.objects.bulk_create(
        RoundLine(line_id=line, round=row, community=row.community) for row in rows for line in row.lines
    )
    moves.born_many(RoundMove, rows, RoundVerb.PLAN, scope=scope, at=at)
    told: dict[tuple[CommunityId, date], list[PartyId]] = defaultdict(list)
    for row in rows:
        assert row.next_on is not None  # noqa: S101 - what is planned has its day
        told[CommunityId(row.community), row.next_on].append(PartyId(row.person))
    for (community, day), people in told.items():
        _tell(people, "deduction_soon", community, day, at)


@action(needs=May.RUN_CLOCKS)
def take_round(scope: Scope, *, round_: UUID, at: datetime) -> rules.Turn | None:
    """This will take a round whose day has come: what the wallet pays where its owner wants that, and all the rest by
    one deduction, or nothing where a limit stands in the way. None: there was nothing to be done."""
    about = Round.objects.within(scope).filter(pk=round_).values_list("mandate", flat=True).first()
    mandate = None if about is None else Mandate.objects.within(scope).select_for_update().get(pk=about)
    row = Round.objects.within(scope).select_for_update().filter(pk=round_, state=RoundState.PLANNED.value).first()
    if mandate is None or row is None:
        return None
    today = places.day_in(CommunityId(mandate.community), at)
    if row.next_on is None or row.next_on > today:
        return None
    if mandate.state != MandateState.ACTIVE.value:
        why = NotTaken.PAUSED if mandate.state == MandateState.PAUSED.value else NotTaken.ENDED
        _move(scope, row, RoundVerb.CALL_OFF, at, why, next_on=None)
        return rules.Turn(Money.zero, why)
    lines = _lines_of(scope, mandate, row)
    if mandate.wallet_first and lines:
        paid = spend_wallet(SYSTEM, person=PartyId(mandate.person), lines=[line.pk for line in lines], at=at)
        row.wallet_minor += paid.minor
        lines = _lines_of(scope, mandate, row)
    limits = rules.Limits(
        Money(mandate.most_minor), None if mandate.month_most_minor is None else Money(mandate.month_most_minor)
    )
    done = rules.turn(Money.total(still_open(line) for line in lines), _taken(mandate, today), limits)
    _carry_out(scope, mandate, row, lines, done, today, at)
    return done


def _carry_out(
    scope: Scope, mandate: Mandate, row: Round, lines: list[Line], done: rules.Turn, today: date, at: datetime
) -> None:
    if done.is_settled:
        _move(scope, row, RoundVerb.SETTLE, at, wallet_minor=row.wallet_minor, next_on=None)
    elif done.why is not None:
        _move(scope, row, RoundVerb.GIVE_UP, at, done.why, wallet_minor=row.wallet_minor, next_on=None)
        _tell([PartyId(row.person)], "deduction_failed", CommunityId(row.community), today, at)
    else:
        collection = begin_collection(
            Manner(PartyId(mandate.person), PURPOSE, PATIENCE),
            mandate.subject,
            [(line, still_open(line)) for line in lines],
            at,
        )
        agreement = AgreementId(mandate.agreement)
        payments.request_deduction(SYSTEM, collection=collection, agreement=agreement, notice=row.notice, at=at)
        _move(
            scope,
            row,
            RoundVerb.ASK,
            at,
            wallet_minor=row.wallet_minor,
            next_on=None,
            asked_minor=done.amount.minor,
            asked_on=today,
            collection=collection,
        )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_deduction(scope: Scope, *, payment: UUID, at: datetime) -> Money:
    """This will pay the lines of a round with what was taken, once; what was paid by hand meanwhile goes back."""
    collection = Payment.objects.within(scope).filter(pk=payment).values_list("collection", flat=True).first()
    row = _asked(scope, collection)
    spent = record_payment(scope, payment=payment, at=at)
    if row is not None:
        _move(scope, row, RoundVerb.TAKE, at, taken_minor=spent.minor)
    return spent


@action(needs=May.RECORD_PAYMENT_EVENTS, private=("why",))
def decline_deduction(scope: Scope, *, collection: CollectionId, why: str, at: datetime) -> date | None:
    """This will note that a provider took nothing, and say when it is tried again; None: it is given up."""
    row = _asked(scope, collection)
    if row is None:
        return None
    community = CommunityId(row.community)
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    reason, tried, today = rules.not_taken(why), row.tried + 1, places.day_in(community, at)
    again = rules.try_again_on(reason, tried, today, terms.deduct_again_days)
    verb = RoundVerb.GIVE_UP if again is None else RoundVerb.DECLINE
    _move(scope, row, verb, at, reason, tried=tried, next_on=again, asked_minor=0, collection=None)
    template = "deduction_failed" if again is None else "deduction_again"
    _tell([PartyId(row.person)], template, community, again or today, at)
    return again


def _asked(scope: Scope, collection: UUID | None) -> Round | None:
    rows = Round.objects.within(scope).select_for_update()
    return rows.filter(collection=collection, state=RoundState.ASKED.value).first()


def _lines_of(scope: Scope, mandate: Mandate, row: Round) -> list[Line]:
    """What of a round is still open, owed by the same person, and not paid in instalments by now."""
    found = hold_open_lines(scope, mandate.subject, row.lines)
    planned = set(Pause.objects.within(scope).filter(line__in=row.lines, end_on=None).values_list("line", flat=True))
    return [
        line for line in found
        if line.obligor == mandate.person and line.item.payable_online and line.pk not in planned
    ]  # fmt: skip


def _taken(mandate: Mandate, today: date) -> Money:
    counted = Round.objects.within(SYSTEM).filter(
        mandate=mandate, state__in=[state.value for state in rules.COUNTED], asked_on__gte=today.replace(day=1)
    )
    return Money(counted.aggregate(minor=Sum("asked_minor"))["minor"] or 0)


def _move(
    scope: Scope, row: Round, verb: RoundVerb, at: datetime, why: NotTaken | None = None, **changes: object
) -> None:
    word = "" if why is None else why.value
    moves.take(
        RoundMove, row, verb, life=ROUND_LIFE, states=RoundState, scope=scope, at=at, why=word, reason=word, **changes
    )


def _tell(people: Iterable[PartyId], template: str, community: CommunityId, day: date, at: datetime) -> None:
    tell_people(list(people), template, community, at, day=day.isoformat())
