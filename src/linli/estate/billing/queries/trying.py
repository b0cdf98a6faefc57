"""Trying a tariff out on every home before anybody is charged by it: the range, and what looks wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from linli.estate.billing import rules
from linli.estate.billing.queries.homes import known_attributes, values_of_homes
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_HOMES = 20_000
MOST_SHOWN = 20
FAR = 3
"""An amount is an outlier from three times the middle one on, and below a third of it."""


@dataclass(frozen=True, slots=True)
class TriedHome:
    """What a home would be charged for the month, or why it cannot be worked out."""

    home: HomeId
    community: CommunityId
    amount: Money
    stop: rules.Stop | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """A tariff tried on homes for a month: their number and sum, the range, and the homes that should be looked at.

    `is_assigned` is False where nobody is charged the item yet and it was tried on every home instead.
    """

    month: date
    is_assigned: bool
    homes: int
    total: Money
    smallest: TriedHome | None
    middle: Money
    largest: TriedHome | None
    zeros: int
    outliers: tuple[TriedHome, ...]
    stopped: int
    stopped_homes: tuple[TriedHome, ...]


_ASSIGNED = """
    SELECT subject, community, start_on, end_on, parameters FROM billing_assignment
    WHERE item_id = %s AND community = ANY(%s::uuid[]) AND (end_on IS NULL OR end_on > %s) AND subject_kind = 'home'
    ORDER BY subject LIMIT %s
"""


@query
def dry_run(
    scope: Scope,
    *,
    item: ItemId,
    draft: rules.TariffDraft,
    start_on: date,
    community: CommunityId | None = None,
    usage: Fraction = Fraction(10),
) -> DryRun:
    """This will try a tariff on every home that is charged the item, for the first whole month; nothing is kept.

    What the rules refuse is refused here by its field, as when the tariff is set. Metered items are tried with the same
    `usage` everywhere.
    """
    within = [each for each in scope.communities if community in (None, each)]
    attributes = known_attributes(scope)
    rules.ready(draft, attributes)
    month = start_on if start_on.day == 1 else rules.add_months(start_on, 1, anchor=1)
    assigned = sql.fetch(_ASSIGNED, item, within, start_on, MOST_HOMES)
    rows = assigned or _every_home(within, month)
    return _summary(month, bool(assigned), _tried(scope, draft, rows, month, attributes, usage))


def _tried(
    scope: Scope,
    draft: rules.TariffDraft,
    assigned: Sequence[tuple[Any, ...]],
    month: date,
    attributes: frozenset[str],
    usage: Fraction,
) -> list[TriedHome]:
    """Work out the month of each home; homes with amounts of their own get a tariff of their own."""
    days = rules.Days(month, rules.add_months(month, 1))
    values = values_of_homes(scope, homes=[HomeId(row[0]) for row in assigned])
    ready: dict[str, rules.Tariff] = {}
    tried = []
    for home, community, held_from, held_until, own in assigned:
        given: Mapping[str, str] = sql.from_json(own) or {}
        key = repr(sorted(given.items()))
        if key not in ready:
            ready[key] = rules.ready(replace(draft, parameters={**draft.parameters, **given}), attributes)
        held = Period(min(held_from, month), held_until)
        found = rules.charge(ready[key], values[HomeId(home)], days, held, rules.Used(quantity=usage))
        if isinstance(found, rules.Stopped):
            tried.append(TriedHome(home, community, Money.zero, found.stop, found.about))
        else:
            tried.append(TriedHome(home, community, found.amount))
    return tried


def _summary(month: date, is_assigned: bool, tried: Sequence[TriedHome]) -> DryRun:
    whole = sorted((each for each in tried if each.stop is None), key=lambda each: (each.amount, each.home))
    stopped = [each for each in tried if each.stop is not None]
    middle = whole[len(whole) // 2].amount if whole else Money.zero
    far = [
        each
        for each in whole
        if middle and (each.amount.minor >= FAR * middle.minor or each.amount.minor * FAR < middle.minor)
    ]
    return DryRun(
        month=month,
        is_assigned=is_assigned,
        homes=len(whole),
        total=Money.total(each.amount for each in whole),
        smallest=whole[0] if whole else None,
        middle=middle,
        largest=whole[-1] if whole else None,
        zeros=sum(1 for each in whole if not each.amount),
        outliers=tuple(far[:MOST_SHOWN]),
        stopped=len(stopped),
        stopped_homes=tuple(stopped[:MOST_SHOWN]),
    )


def _every_home(communities: Sequence[CommunityId], month: date) -> list[tuple[Any, ...]]:
    return [
        (home, community, month, None, None) for community in communities for home in places.doors(community).values()
    ][:MOST_HOMES]
