"""Costs that are divided among homes: what each comes to, who carries how much of it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.queries import metered
from linli.estate.billing.queries.homes import NOTHING, HomeValues
from linli.estate.billing.rules import CostState, Divided, ShareBy, Stopped
from linli.estate.billing.rules.expressions import decimal_text
from linli.estate.metering import queries as metering
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId, MeterId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_COSTS = 200
MOST_CARRIED = 20_000


@dataclass(frozen=True, slots=True)
class CostTerms:
    """What is divided, over which homes and days, and by what; where a meter counts it, its amount is not yet known."""

    community: CommunityId
    start_on: date
    end_on: date
    by: ShareBy
    building: str = ""
    unit: str = ""
    floors: str = ""
    attribute: str = ""
    amount: Money | None = None
    meter: MeterId | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A cost worked out: `readings` are those of its meter. Where it cannot be divided `divided` says why not."""

    divided: Divided | Stopped
    quantity: Decimal | None
    readings: tuple[rules.ReadingShare, ...]


@dataclass(frozen=True, slots=True)
class CostCard:
    """A cost in the list of its month; `charged` and `credited` are the sums of its lines once they are out."""

    cost: UUID
    item: ItemId
    name: dict[str, str]
    title: str
    terms: CostTerms
    first_on: date
    state: CostState
    entered_by: UUID | None
    entered_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    why: str
    lines: int
    charged: Money
    paid: Money
    credited: Money


@dataclass(frozen=True, slots=True)
class Carried:
    """What a home carries of a cost."""

    home: HomeId
    weight: Fraction
    exact: Fraction
    amount: Money

    @property
    def weight_shown(self) -> str:
        return decimal_text(self.weight)

    @property
    def exact_shown(self) -> str:
        """Its share before rounding, in yuan."""
        return decimal_text(self.exact / 100, 4)


@dataclass(frozen=True, slots=True)
class CostShares:
    """A cost divided; homes that cannot be weighed (`stopped`) hold it back whole, or `stop` says why none could be."""

    source: Money | None
    quantity: Decimal | None
    total: Fraction
    carried: tuple[Carried, ...]
    stopped: tuple[tuple[HomeId, Stopped], ...] = ()
    stop: Stopped | None = None

    @property
    def largest(self) -> Money:
        return max((each.amount for each in self.carried), default=Money.zero)

    @property
    def zeros(self) -> int:
        return sum(1 for each in self.carried if not each.weight)


@dataclass(frozen=True, slots=True)
class CostPage:
    """A cost and who carries it: as it is worked out now, or as its lines say once they are out."""

    card: CostCard
    shares: CostShares


_COSTS = """
    SELECT c.id, c.item_id, i.name, c.title, c.community, c.start_on, c.end_on, c.by, c.building, c.unit, c.floors,
           c.attribute, c.amount_minor, c.meter, c.price, c.first_on, c.state, c.entered_by, c.entered_at,
           c.decided_by, c.decided_at, c.why, s.lines, s.charged, s.paid, s.credited
    FROM billing_cost c JOIN billing_item i ON i.id = c.item_id CROSS JOIN LATERAL (
        SELECT count(*)::int AS lines, coalesce(sum(l.amount_minor), 0)::bigint AS charged,
               coalesce(sum(l.paid_minor), 0)::bigint AS paid,
               coalesce(sum(l.credited_minor), 0)::bigint AS credited
        FROM billing_line l WHERE l.cost = c.id AND l.credits_id IS NULL
    ) s
    WHERE c.community = ANY(%s::uuid[])
"""


@query
def costs(scope: Scope, *, community: CommunityId, first_on: date, limit: int = MOST_COSTS) -> tuple[CostCard, ...]:
    """This will list the costs of a community that a month divides, as they were entered."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = sql.fetch(
        _COSTS + " AND c.community = %s AND c.first_on = %s ORDER BY c.id LIMIT %s",
        sql.as_ids(scope.communities),
        community,
        first_on,
        min(limit, MOST_COSTS),
    )
    return tuple(_card(row) for row in rows)


@query
def cost_page(scope: Scope, *, cost: UUID, at: datetime) -> CostPage:
    """This will show a cost and what every home carries of it, those of weight zero too."""
    row = sql.fetch_one(_COSTS + " AND c.id = %s", sql.as_ids(scope.communities), cost)
    if row is None:
        raise NotFound("cost")
    card = _card(row)
    if card.state is CostState.ISSUED:
        return CostPage(card, _issued(card))
    return CostPage(card, _shares(card.terms, worked_out(scope, card.terms, at)))


@query
def try_cost(scope: Scope, *, terms: CostTerms, at: datetime) -> CostShares:
    """This will divide a cost that nobody entered yet, to be looked at."""
    if terms.community not in scope.communities:
        raise NotFound("community")
    return _shares(terms, worked_out(scope, terms, at))


def worked_out(scope: Scope, terms: CostTerms, at: datetime) -> WorkedOut:
    """This will weigh the homes of a cost and divide it; drafting and the page ask the same."""
    amount, quantity = terms.amount, None
    readings: tuple[rules.ReadingShare, ...] = ()
    if terms.meter is not None and terms.price is not None:
        asked = metered.Asked(terms.meter, "", rules.Days(terms.start_on, terms.end_on))
        used = metered.used(scope, terms.community, [asked], {}, at)[asked]
        if isinstance(used, Stopped):
            return WorkedOut(used, None, ())
        quantity, readings = used.quantity, used.readings
        amount = rules.metered_cost(used.quantity, terms.price)
    homes = _homes(terms)
    known = HomeValues(terms.community, shared=False).of(homes)
    listed = metering.shares(scope, meter=terms.meter) if terms.by is ShareBy.METER and terms.meter else {}
    floors = rules.floor_table(terms.floors) if terms.by is ShareBy.FLOOR else ()
    weights = {}
    for home in homes:
        each = known.get(home, NOTHING)
        own = listed.get(home)
        weights[home] = rules.weight_of(
            terms.by,
            dict(each.values),
            each.persons,
            floors=floors,
            attribute=terms.attribute,
            listed=None if own is None else Fraction(own),
        )
    figure = None if quantity is None else Decimal(quantity.numerator) / Decimal(quantity.denominator)
    return WorkedOut(rules.divide(amount or Money.zero, weights), figure, readings)


def _homes(terms: CostTerms) -> list[HomeId]:
    doors = places.doors(terms.community)
    return sorted(
        home
        for (building, unit, _label), home in doors.items()
        if terms.building in ("", building) and terms.unit in ("", unit)
    )


def _shares(terms: CostTerms, worked: WorkedOut) -> CostShares:
    found = worked.divided
    if isinstance(found, Stopped):
        return CostShares(terms.amount, worked.quantity, Fraction(0), (), stop=found)
    carried = tuple(
        Carried(home, part.weight, part.exact, part.amount) for home, part in list(found.parts.items())[:MOST_CARRIED]
    )
    return CostShares(found.source, worked.quantity, found.total, carried, tuple(found.stops.items()))


_CARRIED = """
    SELECT subject, min(reason -> 'share' ->> 'weight'), min(reason -> 'share' ->> 'exact'),
           sum(amount_minor)::bigint, min(reason -> 'share' ->> 'total'), min(reason -> 'share' ->> 'quantity')
    FROM billing_line WHERE cost = %s AND credits_id IS NULL GROUP BY subject ORDER BY subject LIMIT %s
"""


def _issued(card: CostCard) -> CostShares:
    rows = sql.fetch(_CARRIED, card.cost, MOST_CARRIED)
    carried = tuple(
        Carried(HomeId(home), Fraction(weight), Fraction(exact) * 100, Money(minor))
        for home, weight, exact, minor, _total, _quantity in rows
    )
    total, quantity = (rows[0][4], rows[0][5]) if rows else ("0", None)
    source = card.terms.amount
    return CostShares(source, None if quantity is None else Decimal(quantity), Fraction(total), carried)


def _card(row: tuple[Any, ...]) -> CostCard:
    cost, item, name, title, community, start_on, end_on, by, building, unit, floors, attribute = row[:12]
    amount, meter, price, first_on, state, entered_by, entered_at, decided_by, decided_at, why, lines = row[12:23]
    charged, paid, credited = row[23:]
    terms = CostTerms(
        CommunityId(community),
        start_on,
        end_on,
        ShareBy(by),
        building,
        unit,
        floors,
        attribute,
        None if amount is None else Money(amount),
        None if meter is None else MeterId(meter),
        price,
    )
    return CostCard(
        cost,
        ItemId(item),
        sql.from_json(name),
        title,
        terms,
        first_on,
        CostState(state),
        entered_by,
        entered_at,
        decided_by,
        decided_at,
        why,
        lines,
        Money(charged),
        Money(paid),
        Money(credited),
    )
