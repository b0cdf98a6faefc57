"""Automatic payment as pages show it: mandates, what they take next, what they took, and why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.models import MandateMove
from linli.estate.billing.queries.nights import AWAKE, awake_arguments
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import AgreementId, CommunityId, HomeId, MandateId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import SYSTEM, Scope

MOST = 20_000
MOST_COMING = 50


@dataclass(frozen=True, slots=True)
class RoundCard:
    """Bills that are or were taken together: `amount` is what was asked of the provider, before that what was told.
    `above` is the limit that a planned round would be above as the limits are now."""

    round: UUID
    state: rules.RoundState
    why: rules.NotTaken | None
    due_on: date
    next_on: date | None
    asked_on: date | None
    amount: Money
    wallet: Money
    taken: Money
    tried: int
    lines: int
    above: rules.NotTaken | None = None


@dataclass(frozen=True, slots=True)
class MandateCard:
    """A mandate in a list, with the last round that came to an end or is under way."""

    mandate: MandateId
    community: CommunityId
    subject: UUID
    home: HomeId | None
    person: PartyId
    agreement: AgreementId
    channel: str
    state: rules.MandateState
    most: Money
    signed_most: Money
    month_most: Money | None
    wallet_first: bool
    asked_at: datetime
    since_on: date | None
    last: RoundCard | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A bill that will be taken, and when; its day may still move with the policy. With `why` it will not be: all that
    is taken on its day would be above a limit as the limits are now."""

    line: int
    name: dict[str, str]
    due_on: date
    take_on: date
    amount: Money
    why: rules.NotTaken | None = None


@dataclass(frozen=True, slots=True)
class MandatePage:
    """A mandate, what is planned and what will be, what was taken, and its history."""

    card: MandateCard
    rounds: tuple[RoundCard, ...]
    coming: tuple[Coming, ...]
    history: tuple[Moved, ...]

    @property
    def above_a_limit(self) -> bool:
        """Whether something that is to come would not be taken as the limits are now."""
        return any(one.why for one in self.coming) or any(one.above for one in self.rounds)


_ROUND = """
    r.id, r.state, r.reason, r.due_on, r.next_on, r.asked_on,
    CASE WHEN r.asked_minor > 0 THEN r.asked_minor ELSE r.told_minor END, r.wallet_minor, r.taken_minor, r.tried,
    cardinality(r.lines)
"""
_CARD = f"""
    SELECT m.id, m.community, m.subject, m.home, m.person, m.agreement, m.channel, m.state, m.most_minor,
           m.signed_most_minor, m.month_most_minor, m.wallet_first, m.asked_at, m.since_on, r.*
    FROM billing_mandate m LEFT JOIN LATERAL (
        SELECT {_ROUND} FROM billing_round r WHERE r.mandate_id = m.id ORDER BY r.id DESC LIMIT 1
    ) r ON true
"""
_COMING = """
    SELECT l.id, i.name, l.due_on, l.amount_minor - l.paid_minor - l.credited_minor
    FROM billing_mandate m JOIN billing_line l ON l.obligor = m.person AND l.community = m.community
         AND (l.home = m.subject OR (l.subject = m.subject AND l.subject_kind <> 'home'))
    JOIN billing_item i ON i.id = l.item_id
    WHERE m.id = %s AND l.is_open
      AND l.due_on >= m.since_on AND l.kind <> 'late_fee' AND i.payable_online
      AND NOT EXISTS (SELECT FROM billing_round_line r WHERE r.line_id = l.id)
      AND NOT EXISTS (SELECT FROM billing_pause s WHERE s.line_id = l.id AND s.end_on IS NULL)
    ORDER BY l.due_on, l.id LIMIT %s
"""
_KEPT = "SELECT coalesce(sum(balance_minor), 0)::bigint FROM billing_wallet WHERE person = %s AND community = %s"
_DUE = f"""
    WITH due AS MATERIALIZED (
        SELECT id, community, next_on FROM billing_round
        WHERE state = 'planned' AND next_on <= places_day(community, %s)
    ), {AWAKE.format(communities="SELECT DISTINCT community FROM due")}
    SELECT d.id FROM due d JOIN awake a ON a.community = d.community ORDER BY d.next_on, d.id LIMIT %s
"""


@query
def my_mandates(scope: Scope, *, limit: int = 50) -> tuple[MandateCard, ...]:
    """This will list the mandates of the person who asks, those in force first."""
    rows = sql.fetch(
        _CARD + " WHERE m.person = %s ORDER BY m.state = 'ended', m.id DESC LIMIT %s", scope.person, min(limit, 50)
    )
    return tuple(_card(row) for row in rows)


@query
def mandates(
    scope: Scope,
    *,
    community: CommunityId,
    state: rules.MandateState | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[MandateCard, ...]:
    """This will list the mandates of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    wanted = None if state is None else state.value
    rows = sql.fetch(
        _CARD + " WHERE m.community = %s AND (%s::text IS NULL OR m.state = %s) AND (%s::uuid IS NULL OR m.id < %s)"
        " ORDER BY m.id DESC LIMIT %s",
        *(community, wanted, wanted, after, after, min(limit, MOST)),
    )
    return tuple(_card(row) for row in rows)


@query
def mandate_page(scope: Scope, *, mandate: MandateId, at: datetime) -> MandatePage:
    """This will show a mandate to its payer and to the staff of its community."""
    row = sql.fetch_one(
        _CARD + " WHERE m.id = %s AND (m.person = %s OR m.community = ANY(%s::uuid[]))",
        *(mandate, scope.person, sql.as_ids(scope.communities if scope.company is not None else ())),
    )
    if row is None:
        raise NotFound("mandate")
    card = _card(row)
    rounds = sql.fetch(
        f"SELECT {_ROUND} FROM billing_round r WHERE r.mandate_id = %s ORDER BY r.id DESC LIMIT %s",
        mandate,
        MOST_COMING,
    )
    coming = coming_of(SYSTEM, card=card, at=at) if card.state is rules.MandateState.ACTIVE else ()
    shown, coming = _told_apart(card, tuple(_round(each) for each in rounds), coming)
    return MandatePage(card, shown, coming, moves.history(MandateMove, mandate, scope=scope))


def _told_apart(
    card: MandateCard, rounds: tuple[RoundCard, ...], coming: tuple[Coming, ...]
) -> tuple[tuple[RoundCard, ...], tuple[Coming, ...]]:
    """What of the days to come stays within the limits as they are now, and what would be above one: rounds that are
    planned one by one, what is not planned yet day by day, as it will be planned."""
    wallet = Money.zero
    if card.wallet_first and (coming or any(each.next_on for each in rounds)):
        wallet = Money(sql.fetch(_KEPT, card.person, card.community)[0][0])
    asked = [(r.asked_on, r.amount) for r in rounds if r.asked_on and r.state in rules.COUNTED]
    planned = sorted((r.next_on, r.amount) for r in rounds if r.next_on)
    days = [(day, Money.total(c.amount for c in coming if c.take_on == day)) for day in {c.take_on for c in coming}]
    limits = rules.Limits(card.most, card.month_most)
    found = rules.looked_ahead([*planned, *sorted(days)], asked, limits, wallet)
    of_rounds = dict(zip(planned, found, strict=False))
    of_days = dict(zip((day for day, _amount in sorted(days)), found[len(planned) :], strict=True))
    return (
        tuple(replace(r, above=of_rounds[r.next_on, r.amount]) if r.next_on else r for r in rounds),
        tuple(replace(c, why=of_days[c.take_on]) for c in coming),
    )


@query
def rounds_due(scope: Scope, *, limit: int, at: datetime) -> tuple[UUID, ...]:
    """This will find the rounds whose day has come where it is not night, the earliest first; for the clock."""
    rows = sql.fetch(_DUE, at, *awake_arguments(at), min(limit, MOST))
    return tuple(row[0] for row in rows)


@query
def coming_of(scope: Scope, *, card: MandateCard, at: datetime) -> tuple[Coming, ...]:
    """This will tell what a mandate takes that is not planned yet; asked from inside, for whoever may see it."""
    terms = policy(scope, rules.BillingPolicy, at=at, community=card.community)
    today = places.day_in(card.community, at)
    return tuple(
        Coming(
            line,
            sql.from_json(name),
            due_on,
            rules.deduct_on(due_on, today, terms.deduct_days, terms.deduct_told_days),
            Money(minor),
        )
        for line, name, due_on, minor in sql.fetch(_COMING, card.mandate, MOST_COMING)
    )


def _card(row: tuple[Any, ...]) -> MandateCard:
    id_, community, subject, home, person, agreement, channel, state, *terms, asked_at, since_on = row[:14]
    most, signed, month, wallet_first = terms
    return MandateCard(
        id_,
        community,
        subject,
        home,
        person,
        agreement,
        channel,
        rules.MandateState(state),
        Money(most),
        Money(signed),
        None if month is None else Money(month),
        wallet_first,
        asked_at,
        since_on,
        None if row[14] is None else _round(row[14:]),
    )


def _round(row: tuple[Any, ...]) -> RoundCard:
    id_, state, reason, due_on, next_on, asked_on, amount, wallet, taken, tried, lines = row
    return RoundCard(
        id_,
        rules.RoundState(state),
        rules.NotTaken(reason) if reason else None,
        due_on,
        next_on,
        asked_on,
        Money(amount),
        Money(wallet),
        Money(taken),
        tried,
        lines,
    )
