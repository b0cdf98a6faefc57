"""What a night reads: states community by community in portions, what was studied, and what there is to study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from linli.insight.replenish import models, rules
from linli.insight.replenish.queries.taxonomy import taxonomy
from linli.insight.replenish.rules.asking import VERSION, Ask, AskStudy, Rows, Study
from linli.kernel.ids import CommunityId, HomeId, ListingId, PartyId, StandingOrderId, VariantId
from linli.kernel.refusals import Denied
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders

HOUSEHOLDS = 2_000
"""In a portion; with twenty commodities each, 40,000 states."""
LEAST_PURCHASES = 3
"""Two gaps: with fewer nothing is proposed."""
MOST_COMMUNITIES = 100_000
STUDIED_HOUSEHOLDS = 5_000
STUDIED = timedelta(days=400)
MOST_DUE = 100_000
_FARTHEST_EAST = timedelta(hours=14)


class Pair(msgspec.Struct, frozen=True, gc=False):
    """A household and a commodity of a portion; `ahead` days of it are put off by an answer."""

    household: UUID
    building: str
    commodity: str
    last_on: date
    ahead: int
    put_off_until: date | None
    every_days: int | None
    variant: VariantId | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Portion:
    """Some households of a community, and the question about them for the engine (None: nothing to ask)."""

    households: tuple[UUID, ...]
    pairs: tuple[Pair, ...]
    ask: Ask | None


_ROWS = """
    SELECT h.id, h.building, s.commodity, s.usual_variant, s.usual_quantity, s.put_off_until,
           s.purchases, s.first_on, s.last_on, s.log_gaps, s.log_gaps_squared, s.recent_log_gap,
           w.purchases, w.first_on, w.last_on, w.log_gaps, w.log_gaps_squared, w.recent_log_gap
    FROM replenish_household AS h
    JOIN replenish_state AS s ON s.household_id = h.id AND s.commodity <> ''
    JOIN replenish_state AS w ON w.household_id = h.id AND w.commodity = ''
    WHERE h.id = ANY(%s::uuid[]) AND NOT s.is_refused AND s.purchases >= %s AND NOT EXISTS (
        SELECT FROM replenish_proposal AS p
        WHERE p.household_id = h.id AND p.commodity = s.commodity AND p.state = 'open')
    ORDER BY h.id, s.commodity LIMIT %s
"""


@query
def communities_asking(scope: Scope) -> tuple[CommunityId, ...]:
    """This will list the communities in which somebody asked to be told."""
    _insist_inside(scope)
    rows = sql.fetch("SELECT DISTINCT community FROM replenish_household ORDER BY 1 LIMIT %s", MOST_COMMUNITIES)
    return tuple(CommunityId(row[0]) for row in rows)


@query
def standing_due(scope: Scope, *, at: datetime) -> tuple[StandingOrderId, ...]:
    """This will list the standing orders whose turn has come and that order by themselves; the longest due first."""
    _insist_inside(scope)
    rows = sql.fetch(
        "SELECT id FROM replenish_standing WHERE state = 'running' AND pays <> 'confirm' AND next_on <= %s"
        " ORDER BY next_on, id LIMIT %s",
        (at + _FARTHEST_EAST).date(),
        MOST_DUE,
    )  # a turn that is not due yet in its own community's zone is left alone by who takes it
    return tuple(StandingOrderId(row[0]) for row in rows)


@query
def portion(scope: Scope, *, community: CommunityId, after: UUID | None, today: date) -> Portion:
    """This will give the next households of a community and what the engine is asked about them."""
    _insist_inside(scope)
    households = _households(community, after)
    commodities = {each.key: number for number, each in enumerate(taxonomy()) if each.is_proposed}
    most = HOUSEHOLDS * (len(commodities) + 1)
    rows = [row for row in sql.fetch(_ROWS, households, LEAST_PURCHASES, most) if row[2] in commodities]
    pairs = tuple(_pair(row, today) for row in rows)
    return Portion(tuple(households), pairs, _ask(rows, pairs, commodities, today) if rows else None)


@query
def households_asking(scope: Scope, *, community: CommunityId, after: UUID | None) -> tuple[UUID, ...]:
    """This will list the next households of a community that asked, a portion of them."""
    _insist_inside(scope)
    return tuple(_households(community, after))


def _households(community: CommunityId, after: UUID | None) -> list[UUID]:
    rows = sql.fetch(
        "SELECT id FROM replenish_household WHERE community = %s AND (%s::uuid IS NULL OR id > %s::uuid)"
        " ORDER BY id LIMIT %s",
        community,
        after,
        after,
        HOUSEHOLDS,
    )
    return [row[0] for row in rows]


def _pair(row: tuple[Any, ...], today: date) -> Pair:
    household, building, commodity, variant, quantity, put_off, purchases, _first, last_on, log_gaps, *_rest = row
    return Pair(
        household=household,
        building=building,
        commodity=commodity,
        last_on=last_on,
        ahead=max(0, (put_off - today).days) if isinstance(put_off, date) else 0,
        put_off_until=put_off,
        every_days=rules.usual_days(log_gaps, purchases),
        variant=variant,
        quantity=quantity,
    )


def _ask(rows: Sequence[tuple[Any, ...]], pairs: Sequence[Pair], number: dict[str, int], today: date) -> Ask:
    """Of a commodity that is put off, time is told from the day until which it is: nothing was bought by then."""
    of = [number[pair.commodity] for pair in pairs]
    index = {household: nth for nth, household in enumerate({pair.household: None for pair in pairs})}
    whose = [index[pair.household] for pair in pairs]
    ahead = [pair.ahead for pair in pairs]
    commodities = taxonomy()
    return Ask(
        today=today.toordinal(),
        commodities=len(commodities),
        usual_days=[each.usual_days for each in commodities],
        own=_rows(whose, of, [row[6:12] for row in rows], ahead),
        whole=_rows(whose, [0] * len(of), [row[12:18] for row in rows], ahead),
        study=study_for(commodities),
    )


def _rows(whose: list[int], of: list[int], numbers: list[tuple[Any, ...]], ahead: list[int]) -> Rows:
    purchases, first, last, gaps, squared, recent = (list(column) for column in zip(*numbers, strict=True))
    return Rows(
        household=whose,
        commodity=of,
        purchases=purchases,
        first_day=[day.toordinal() - by for day, by in zip(first, ahead, strict=True)],
        last_day=[day.toordinal() - by for day, by in zip(last, ahead, strict=True)],
        log_gaps=gaps,
        log_gaps_squared=squared,
        recent_log_gap=recent,
    )


def newest_study() -> Study | None:
    """This will give what was learnt last by this version of the engine; none of another version, or what is broken."""
    row = models.Study.objects.filter(version=VERSION).order_by("-id").values_list("body", flat=True).first()
    try:
        return decoding.convert(row, Study) if row else None
    except msgspec.ValidationError:
        return None


def study_for(commodities: Sequence[rules.Commodity]) -> Study | None:
    """This will give it where it was learnt of these very commodities; else the simple rule serves alone."""
    study = newest_study()
    return study if study and study.commodities == tuple(each.key for each in commodities) else None


@query
def study_material(scope: Scope, *, at: datetime, today: date) -> AskStudy | None:
    """This will give past purchases of households that asked to be told, as many as can be studied at once."""
    _insist_inside(scope)
    members = sql.fetch(
        "SELECT person, home, dense_rank() OVER (ORDER BY household_id)::int FROM ("
        " SELECT * FROM replenish_consent ORDER BY id DESC LIMIT %s) AS c",
        STUDIED_HOUSEHOLDS,
    )
    if not members:
        return None
    lines = orders.bought_in_homes(
        scope,
        buyers=[PartyId(person) for person, _home, _nth in members],
        homes=[HomeId(home) for _person, home, _nth in members],
        since=at - STUDIED,
    )
    of = {(person, home): nth for person, home, nth in members}
    keys = tuple(each.key for each in taxonomy())
    number = {key: nth for nth, key in enumerate(keys)}
    commodity_of = _mapped({line.listing for line in lines})
    return AskStudy(
        today=today.toordinal(),
        commodities=keys,
        household=[of[line.buyer, line.home] for line in lines],
        commodity=[number.get(commodity_of.get(line.listing, ""), -1) for line in lines],
        day=[line.completed_at.date().toordinal() for line in lines],
    )


def _mapped(listings: set[ListingId]) -> dict[ListingId, str]:
    rows = models.Mapped.objects.filter(listing__in=listings).values_list("listing", "commodity")
    return {ListingId(listing): commodity for listing, commodity in rows}


def _insist_inside(scope: Scope) -> None:
    if not scope.is_inside:
        raise Denied
