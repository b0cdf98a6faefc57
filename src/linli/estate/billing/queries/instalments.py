"""Instalment plans: in a list, and one with its parts, what is paid of each, and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_PLANS = 20_000
MOST_KEPT = 10


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan in a list; `open` is what of its lines is not paid."""

    plan: UUID
    community: CommunityId
    subject: UUID
    obligor: PartyId
    state: rules.PlanState
    total: Money
    open: Money
    count: int
    first_on: date
    asked_at: datetime
    asked_by: PartyId | None
    why: str
    answer: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a plan, in the order in which it is paid."""

    line: int
    name: dict[str, str]
    kind: rules.LineKind
    start_on: date
    end_on: date
    open: Money


@dataclass(frozen=True, slots=True)
class PlanStep:
    verb: rules.PlanVerb
    person: PartyId | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan; of one that is not decided the parts are what they would be."""

    card: PlanCard
    parts: tuple[rules.PartStanding, ...]
    lines: tuple[PlanLine, ...]
    history: tuple[PlanStep, ...]

    @property
    def due(self) -> rules.PartStanding | None:
        """The instalment that is next."""
        return next((part for part in self.parts if part.open), None)


_CARD = """
    SELECT p.id, p.community, p.subject, p.obligor, p.state, p.total_minor, o.open, p.count, p.first_on, p.asked_at,
           p.asked_by, p.why, p.answer
    FROM billing_plan p CROSS JOIN LATERAL (
        SELECT coalesce(sum(least(l.amount_minor - l.paid_minor - l.credited_minor, w.minor)), 0)::bigint AS open
        FROM unnest(p.lines, p.minors) AS w (line, minor) JOIN billing_line l ON l.id = w.line
    ) o
"""


def paid_of(lines: Sequence[int], minors: Sequence[int], opened: Mapping[int, Money]) -> Money:
    """This will tell what of a plan's lines is paid since it was made, however it was."""
    still = sum(min(minor, opened.get(line, Money.zero).minor) for line, minor in zip(lines, minors, strict=True))
    return Money(sum(minors) - still)


def parts_of(plans: Sequence[UUID]) -> dict[UUID, tuple[rules.Instalment, ...]]:
    """This will give the instalments of plans, of those that were approved."""
    rows = sql.fetch(
        "SELECT plan_id, nth, due_on, amount_minor FROM billing_plan_part WHERE plan_id = ANY(%s::uuid[])"
        " ORDER BY plan_id, nth LIMIT %s",
        *(sql.as_ids(plans), len(plans) * rules.MOST_PARTS),
    )
    return {
        plan: tuple(rules.Instalment(nth, due_on, Money(minor)) for _plan, nth, due_on, minor in parts)
        for plan, parts in groupby(rows, key=itemgetter(0))
    }


@query
def my_plans(scope: Scope, *, limit: int = 20) -> tuple[PlanCard, ...]:
    """This will list the plans of the person who asks that were approved, the latest first."""
    rows = sql.fetch(
        _CARD + " WHERE p.obligor = %s AND p.state IN ('kept', 'done', 'broken') ORDER BY p.id DESC LIMIT %s",
        *(scope.person, min(limit, 50)),
    )
    return tuple(_card(row) for row in rows)


@query
def plans(
    scope: Scope,
    *,
    community: CommunityId,
    state: rules.PlanState | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[PlanCard, ...]:
    """This will list the plans of a community, the latest first."""
    if community not in scope.communities:
        raise NotFound("community")
    wanted = None if state is None else state.value
    rows = sql.fetch(
        _CARD + " WHERE p.community = %s AND (%s::text IS NULL OR p.state = %s) AND (%s::uuid IS NULL OR p.id < %s)"
        " ORDER BY p.id DESC LIMIT %s",
        *(community, wanted, wanted, after, after, min(limit, MOST_PLANS)),
    )
    return tuple(_card(row) for row in rows)


@query
def kept_plans(scope: Scope, *, subject: UUID) -> tuple[PlanCard, ...]:
    """This will name the plans by which debts of a home are paid now, to who takes money for it."""
    rows = sql.fetch(
        _CARD + " WHERE p.subject = %s AND p.state = %s AND p.community = ANY(%s::uuid[]) ORDER BY p.id LIMIT %s",
        *(subject, rules.PlanState.KEPT.value, sql.as_ids(scope.communities), MOST_KEPT),
    )
    return tuple(_card(row) for row in rows)


@query
def plan_page(scope: Scope, *, plan: UUID) -> PlanPage:
    """This will show a plan to its obligor and to the staff of its community."""
    row = sql.fetch_one(
        _CARD + " WHERE p.id = %s AND (p.obligor = %s OR p.community = ANY(%s::uuid[]))",
        *(plan, scope.person, sql.as_ids(scope.communities if scope.company is not None else ())),
    )
    if row is None:
        raise NotFound("plan")
    card = _card(row)
    parts = parts_of([plan]).get(plan) or rules.instalments(card.total, card.count, card.first_on)
    lines = sql.fetch(
        "SELECT l.id, i.name, l.kind, l.start_on, l.end_on, l.amount_minor - l.paid_minor - l.credited_minor"
        " FROM billing_plan p CROSS JOIN LATERAL unnest(p.lines) WITH ORDINALITY AS w (line, nth)"
        " JOIN billing_line l ON l.id = w.line JOIN billing_item i ON i.id = l.item_id"
        " WHERE p.id = %s ORDER BY w.nth LIMIT %s",
        *(plan, 200),
    )
    history = sql.fetch(
        "SELECT verb, person, why, happened_at FROM billing_plan_move WHERE plan_id = %s ORDER BY id DESC LIMIT %s",
        *(plan, 100),
    )
    return PlanPage(
        card,
        rules.standing(parts, card.total - card.open),
        tuple(
            PlanLine(line, sql.from_json(name), rules.LineKind(kind), start_on, end_on, Money(minor))
            for line, name, kind, start_on, end_on, minor in lines
        ),
        tuple(PlanStep(rules.PlanVerb(verb), person, why, at) for verb, person, why, at in history),
    )


def _card(row: tuple[Any, ...]) -> PlanCard:
    plan, community, subject, obligor, state, total, open_, *rest = row
    return PlanCard(plan, community, subject, obligor, rules.PlanState(state), Money(total), Money(open_), *rest)
