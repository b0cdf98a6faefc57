"""States anew from past orders: when a household begins, when goods came back, when a listing turned out another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from linli.insight.replenish import models, rules
from linli.insight.replenish.actions.mapping import commodities_of
from linli.insight.replenish.actions.noting import ALL, days_of
from linli.kernel.ids import HomeId, OrderId, PartyId, VariantId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import BoughtLine

REMEMBERED = timedelta(days=730)
"""Older purchases say little of a home of today."""
PORTION = 50
MOST_TOLD = 50_000
_NUMBERS = ("purchases", "first_on", "last_on", "log_gaps", "log_gaps_squared", "recent_log_gap")


@action(needs=May.RUN_CLOCKS)
def rebuild(scope: Scope, *, households: Sequence[UUID], at: datetime) -> int:
    """This will make the states of some households from their members' past orders, and tell how many there are."""
    return sum(_rebuild(scope, households[start : start + PORTION], at) for start in range(0, len(households), PORTION))


@action(needs=May.RUN_CLOCKS)
def rebuild_after_refunds(scope: Scope, *, refunded: Sequence[OrderId], at: datetime) -> int:
    """This will take goods that came back out of the states of those who had bought them."""
    lines = orders.bought_lines(scope, orders=refunded)
    touched = sql.fetch(
        "SELECT DISTINCT c.household_id FROM replenish_consent AS c JOIN unnest(%s::uuid[], %s::uuid[])"
        " AS x(person, home) ON c.person = x.person AND c.home = x.home ORDER BY 1",
        [line.buyer for line in lines],
        [line.home for line in lines],
    )
    return rebuild(scope, households=[row[0] for row in touched], at=at) if touched else 0


@action(needs=May.RUN_CLOCKS)
def rebuild_stale(scope: Scope, *, at: datetime) -> int:
    """This will rebuild a portion of the households that a decision about a listing has touched, and tell how many."""
    stale = list(
        models.Household.objects.within(scope)
        .select_for_update(skip_locked=True)
        .filter(is_stale=True)
        .order_by("id")
        .values_list("id", flat=True)[:PORTION]
    )
    if stale:
        rebuild(scope, households=stale, at=at)
        models.Household.objects.within(scope).filter(id__in=stale).update(is_stale=False)
    return len(stale)


def _rebuild(scope: Scope, households: Sequence[UUID], at: datetime) -> int:
    members = list(
        models.Consent.objects.within(scope)
        .filter(household__among=households)
        .values_list("person", "home", "household_id")
    )
    of = {(person, home): household for person, home, household in members}
    lines = orders.bought_in_homes(
        scope,
        buyers=[PartyId(person) for person, _home, _of in members],
        homes=[HomeId(home) for _person, home, _of in members],
        since=at - REMEMBERED,
    )
    rows = _states(lines, of, commodities_of(lines, at), _told_of(households))
    models.State.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["household", "commodity"],
        update_fields=[*_NUMBERS, "usual_variant", "usual_quantity"],
    )
    models.BasketRank.objects.within(scope).filter(household__among=households).delete()
    made = {(row.household_id, row.commodity) for row in rows}
    gone = [
        pk
        for pk, household, commodity in models.State.objects.within(scope)
        .filter(household__among=households)
        .values_list("pk", "household_id", "commodity")
        if (household, commodity) not in made
    ]
    models.State.objects.within(scope).filter(pk__in=gone).delete()
    return len(rows)


def _told_of(households: Sequence[UUID]) -> list[tuple[UUID, str, date, VariantId | None, int]]:
    """What members have said that they bought elsewhere, the newest first."""
    return sql.fetch(
        "SELECT c.household_id, e.commodity, e.bought_on, e.variant, e.quantity FROM replenish_elsewhere AS e"
        " JOIN replenish_consent AS c ON c.id = e.consent_id WHERE c.household_id = ANY(%s::uuid[])"
        " ORDER BY e.bought_on DESC, e.id LIMIT %s",
        list(households),
        MOST_TOLD,
    )


def _states(
    lines: Sequence[BoughtLine],
    of: dict[tuple[UUID, UUID], UUID],
    commodity_of: dict[object, str],
    told_of: Sequence[tuple[UUID, str, date, VariantId | None, int]],
) -> list[models.State]:
    on = days_of(lines)
    days: dict[tuple[UUID, str], set[date]] = defaultdict(set)
    newest: dict[tuple[UUID, str], tuple[VariantId, int]] = {}
    for line in lines:  # the newest first
        household = of[line.buyer, line.home]
        days[household, ALL].add(on[line.order])
        if commodity := commodity_of.get(line.listing):
            days[household, commodity].add(on[line.order])
            newest.setdefault((household, commodity), (line.variant, line.quantity))
    for household, commodity, bought_on, variant, quantity in told_of:
        days[household, ALL].add(bought_on)
        days[household, commodity].add(bought_on)
        if variant:
            newest.setdefault((household, commodity), (variant, quantity))
    return [_state(key, bought, newest.get(key)) for key, bought in sorted(days.items())]


def _state(key: tuple[UUID, str], days: Collection[date], newest: tuple[VariantId, int] | None) -> models.State:
    numbers = rules.folded(days)
    assert numbers is not None  # noqa: S101 - there is a day in every set
    return models.State(
        household_id=key[0],
        commodity=key[1],
        usual_variant=newest[0] if newest else None,
        usual_quantity=newest[1] if newest else 1,
        **{name: getattr(numbers, name) for name in _NUMBERS},
    )
