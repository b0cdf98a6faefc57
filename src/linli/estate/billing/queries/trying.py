"""Trying a tariff out on every home before anybody is charged by it: the range, and what looks wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.queries import metered
from linli.estate.billing.queries.homes import NOTHING, SHARED, HomeValues, KnownHome, known_attributes
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_HOMES = 20_000
MOST_SHOWN = 20
WHOEVER = PartyId(UUID(int=0))
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
    usage: Fraction | None = Fraction(10),
    price: Fraction | None = None,
    counted_in: date | None = None,
    at: datetime,
) -> DryRun:
    """This will try a tariff on every home that is charged the item, for the first whole month; nothing is kept.

    What the rules refuse is refused here by its field, as when the tariff is set. What is metered is tried with the
    same `usage` (at a reading's own `price`) everywhere, or without one with what meters counted in the month
    `counted_in`. Values and sums are those of drafting: what is shown here is what will be billed.
    """
    within = [each for each in scope.communities if community in (None, each)]
    attributes = known_attributes(scope)
    full = rules.written_out(draft)
    rules.ready(full, attributes)
    month = start_on if start_on.day == 1 else rules.add_months(start_on, 1, anchor=1)
    days = rules.Days(month, rules.add_months(month, 1))
    assigned = sql.fetch(_ASSIGNED, item, within, start_on, MOST_HOMES)
    rows = assigned or _every_home(within, month)
    tried: list[TriedHome] = []
    for place, those in groupby(sorted(rows, key=itemgetter(1)), itemgetter(1)):
        homes = tuple(those)
        known = HomeValues(CommunityId(place), shared=any(name in full.formula for name in SHARED)).of(
            [HomeId(row[0]) for row in homes]
        )
        if usage is None and full.basis is rules.Basis.USAGE:
            used = _counted(scope, CommunityId(place), full, known, counted_in or month, at)
        else:
            used = {
                home: rules.Used(quantity=usage or Fraction(0), price=price, persons=each.persons)
                for home, each in known.items()
            }
        tried += _tried(full, homes, days, known, used, attributes)
    return _summary(month, bool(assigned), tried)


def _counted(
    scope: Scope,
    community: CommunityId,
    draft: rules.TariffDraft,
    known: Mapping[HomeId, KnownHome],
    month: date,
    at: datetime,
) -> Mapping[HomeId, rules.Used | rules.Stopped]:
    """What meters really counted in a month, as it is asked for when that month is drafted."""
    days = rules.days_read(month, lambda _month: draft.terms.read)
    pool = draft.terms.tiers.pool if draft.terms.tiers else rules.Pool.MONTH
    if not draft.terms.meter:
        return {}
    began = metered.pool_start(pool, month)
    pool_from = None if began == month else (began, rules.days_read(began, lambda _month: draft.terms.read).start)
    asked = {home: metered.Asked(home, draft.terms.meter, days, pool_from=pool_from) for home in known}
    persons: dict[UUID, int | None] = {home: each.persons for home, each in known.items()}
    found = metered.used(scope, community, asked.values(), persons, at)
    return {home: found[each] for home, each in asked.items()}


def _tried(
    draft: rules.TariffDraft,
    assigned: Sequence[tuple[Any, ...]],
    days: rules.Days,
    known: Mapping[HomeId, KnownHome],
    used: Mapping[HomeId, rules.Used | rules.Stopped],
    attributes: frozenset[str],
) -> list[TriedHome]:
    """Draft the month of each home; homes with amounts of their own get a tariff of their own."""
    ready: dict[str, tuple[rules.Holding[rules.Priced], ...]] = {}
    whoever = (rules.Holding(Period(*days), WHOEVER),)
    tried = []
    for home, community, held_from, held_until, own in assigned:
        given: Mapping[str, str] = sql.from_json(own) or {}
        key = repr(sorted(given.items()))
        if key not in ready:
            tariff = rules.ready(replace(draft, parameters={**draft.parameters, **given}), attributes)
            ready[key] = (rules.Holding(Period(*days), rules.Priced(home, tariff, draft.terms.due)),)
        held = Period(held_from if held_from < days.end else days.start, held_until)
        lines = rules.draft(
            days, held, ready[key], whoever, dict(known.get(HomeId(home), NOTHING).values), used.get(HomeId(home))
        )
        if found := tuple(line.found for line in lines):
            tried.append(_tried_home(HomeId(home), community, found))
    return tried


def _tried_home(home: HomeId, community: CommunityId, found: Sequence[rules.Charge | rules.Stopped]) -> TriedHome:
    for each in found:
        if isinstance(each, rules.Stopped):
            return TriedHome(home, community, Money.zero, each.stop, each.about)
    return TriedHome(home, community, Money.total(each.amount for each in found if isinstance(each, rules.Charge)))


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
