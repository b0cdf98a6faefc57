"""Waves as an operator sees them: the slots of some days with what was planned in them, and one wave with its why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from linli.ground.people import queries as people
from linli.kernel.ids import CityId, CommunityId, PartyId, ShopId, SlotId, ZoneId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery.rules import Method, Pooling, SlotState, WaveState
from linli.trade.delivery.rules.drops import free_delivery_from_fen

MOST_WAVES = 200
_ROWS = """
    SELECT s.id, z.id, z.name, s.start_at, s.end_at, s.cut_off_at, s.state, w.state, coalesce(t.n, 0),
        coalesce(w.orders, 0), coalesce(w.stops, 0), coalesce(w.runs, 0), coalesce(r.n, 0), coalesce(w.cost_minor, 0),
        coalesce(w.separate_minor, 0), w.pooling, w.method, coalesce(w.trouble, ''), w.planned_at,
        coalesce(jsonb_array_length(w.says -> 'unserved'), 0), coalesce(w.metres, 0), coalesce(w.nth, 0),
        e.n, e.minor, d.fen::float / nullif(d.n, 0)
    FROM delivery_slot AS s JOIN delivery_zone AS z ON z.id = s.zone_id
    LEFT JOIN delivery_wave AS w ON w.slot_id = s.id
    LEFT JOIN LATERAL (SELECT count(*) AS n FROM delivery_task AS t
        WHERE t.slot = s.id AND t.kind = 'pooled' AND t.state <> 'called_off') AS t ON true
    LEFT JOIN LATERAL (SELECT count(DISTINCT r.courier) AS n FROM delivery_run AS r
        WHERE r.wave = w.id AND r.state <> 'dropped') AS r ON true
    LEFT JOIN LATERAL (SELECT count(*) AS n, coalesce(sum(e.amount_minor), 0)::bigint AS minor FROM delivery_task AS t
        JOIN delivery_earning AS e ON e.about = t.id WHERE t.slot = s.id AND t.kind = 'pooled') AS e ON true
    LEFT JOIN LATERAL (SELECT sum((p ->> 'costs_fen')::bigint) AS fen, sum((p ->> 'orders')::int) AS n
        FROM jsonb_path_query(w.says, '$.runs[*].stops[*]') AS p) AS d ON true
"""
_OF_CITY = _ROWS + " WHERE z.city = %s AND s.start_at >= %s AND s.start_at < %s ORDER BY s.start_at, z.id LIMIT %s"
_ONE = _ROWS + " WHERE s.id = %s AND (%s::uuid IS NULL OR z.city = %s)"


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A slot and its wave. `asked` are the orders in it now, `orders` those that were planned; no state: no wave yet.

    `couriers` have a run of it already; the other runs wait on the board. `unserved` nobody reaches in time. `paid`
    orders were brought, and their couriers earned `earned` for them. `drop_fen`: what the plan would save, order for
    order, without one; None where nothing is planned.
    """

    slot: SlotId
    zone: ZoneId
    zone_name: dict[str, str]
    start_at: datetime
    end_at: datetime
    cut_off_at: datetime
    slot_state: SlotState
    state: WaveState | None
    asked: int
    orders: int
    stops: int
    runs: int
    couriers: int
    cost: Money
    separate: Money
    pooling: Pooling | None
    method: Method | None
    trouble: str
    planned_at: datetime | None
    unserved: int
    metres: int
    nth: int
    paid: int
    earned: Money
    drop_fen: float | None

    @property
    def drop(self) -> Money | None:
        """What one order more, or less, comes to as the wave is planned."""
        return None if self.drop_fen is None else Money(round(self.drop_fen))

    def free_from(self, margin_bp: int) -> Money | None:
        """This will tell from which basket on its margin pays for bringing it in this slot; None without a plan."""
        return None if self.drop_fen is None else Money(free_delivery_from_fen(self.drop_fen, margin_bp))

    @property
    def earned_per_order(self) -> Money:
        """What couriers earned for an order of this slot that was brought."""
        return Money(self.earned.minor // self.paid) if self.paid else Money.zero

    @property
    def saving(self) -> Money:
        """What sharing the runs saves against each community by itself."""
        return self.separate - self.cost

    @property
    def per_order(self) -> Money:
        """What an order costs as it was planned."""
        return Money(self.cost.minor // self.orders) if self.orders else Money.zero

    @property
    def per_order_alone(self) -> Money:
        """What an order would cost if no community shared a run."""
        return Money(self.separate.minor // self.orders) if self.orders else Money.zero


class PlannedStop(msgspec.Struct, frozen=True):
    """Why a stop is where it is: what the run would save without it, and what it costs later or with somebody else.

    `later_fen` is empty where it cannot come later; `instead` and `dearer_fen` where nobody else can bring it.
    """

    door: UUID
    shop: ShopId
    community: CommunityId
    orders: int
    at: datetime
    spare_min: int
    costs_fen: int
    later_fen: int | None = None
    instead: str | None = None
    dearer_fen: int | None = None

    @property
    def other(self) -> PartyId | None:
        """The courier who would be next best; nobody where it is one who would have to be found."""
        known = self.instead is not None and not self.instead.startswith("spare:")
        return PartyId(UUID(self.instead)) if known else None

    @property
    def costs(self) -> Money:
        return Money(self.costs_fen)

    @property
    def later(self) -> Money | None:
        return None if self.later_fen is None else Money(self.later_fen)

    @property
    def dearer(self) -> Money | None:
        return None if self.dearer_fen is None else Money(self.dearer_fen)


class PlannedRun(msgspec.Struct, frozen=True):
    """A run as it was planned, with the parts of what it costs."""

    courier: PartyId | None
    orders: int
    portions: int
    capacity: int
    leaves_at: datetime
    back_at: datetime
    waiting_min: int
    fixed_fen: int
    distance_fen: int
    duty_fen: int
    fen: int
    stops: tuple[PlannedStop, ...]

    @property
    def fixed(self) -> Money:
        return Money(self.fixed_fen)

    @property
    def distance(self) -> Money:
        return Money(self.distance_fen)

    @property
    def duty(self) -> Money:
        return Money(self.duty_fen)

    @property
    def cost(self) -> Money:
        return Money(self.fen)


@dataclass(frozen=True, slots=True)
class WavePage:
    """One wave with its runs in order, and the names of who rides them."""

    row: WaveRow
    runs: tuple[PlannedRun, ...]
    names: dict[PartyId, str]


@query
def waves(
    scope: Scope, *, city: CityId, since: datetime, until: datetime, limit: int = MOST_WAVES
) -> tuple[WaveRow, ...]:
    """This will list the slots of a city's zones that begin in a time, with what was planned in them."""
    if not scope.works_in(city):
        raise NotFound("city")
    rows = sql.fetch(_OF_CITY, city, since, until, min(limit, MOST_WAVES))
    return tuple(_row(row) for row in rows)


@query
def wave_page(scope: Scope, *, slot: SlotId) -> WavePage:
    """This will show the wave of a slot with why it is so, or refuse with NotFound; three statements at most."""
    found = sql.fetch_one(_ONE, slot, scope.city, scope.city)
    if found is None:
        raise NotFound("wave")
    said = sql.fetch_one("SELECT (says -> 'runs')::text FROM delivery_wave WHERE slot_id = %s", slot)
    runs = decoding.decode(said[0], tuple[PlannedRun, ...]) if said and said[0] else ()
    people_in_it = {run.courier for run in runs if run.courier}
    people_in_it |= {stop.other for run in runs for stop in run.stops if stop.other}
    names = people.names(SYSTEM, parties=people_in_it) if people_in_it else {}
    return WavePage(_row(found), runs, dict(names))


def _row(row: tuple[Any, ...]) -> WaveRow:
    name = row[2] if isinstance(row[2], dict) else msgspec.json.decode(row[2])
    state, pooling, method = row[7], row[15], row[16]
    values: tuple[Any, ...] = (
        *(row[0], row[1], name, *row[3:6], SlotState(row[6]), WaveState(state) if state else None),
        *(*row[8:13], Money(row[13]), Money(row[14])),
        *(Pooling(pooling) if pooling else None, Method(method) if method else None, *row[17:23]),
        *(Money(row[23]), row[24]),
    )
    return WaveRow(*values)
