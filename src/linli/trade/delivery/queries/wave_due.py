"""What planning a wave looks at: slots whose wave is due, and the ground of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, PartyId, SlotId, ZoneId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery.queries.planning import tasks_to_plan
from linli.trade.delivery.queries.zones import distances
from linli.trade.delivery.rules import Point
from linli.trade.delivery.rules.wave_building import AtHand, Metres, ToBring

MOST_AT_HAND = 300
_DUE = """
    SELECT s.id FROM delivery_slot AS s LEFT JOIN delivery_wave AS w ON w.slot_id = s.id
    WHERE s.state <> 'open' AND s.cut_off_at <= %s AND s.end_at > %s - interval '1 day'
        AND coalesce(w.busy_until, '-infinity') <= %s
        AND CASE WHEN w.id IS NULL THEN s.start_at <= %s OR EXISTS (
                SELECT FROM delivery_task AS t WHERE t.slot = s.id AND t.kind = 'pooled' AND t.state = 'todo'
                    AND NOT t.by_shop)
            WHEN w.state = 'planned' THEN true
            WHEN w.state = 'committed' THEN s.end_at > %s AND NOT EXISTS (
                    SELECT FROM delivery_run AS r WHERE r.wave = w.id AND (r.state IN ('riding', 'ended')
                        OR r.state = 'given' AND NOT (w.plan -> 'routes')
                            @> jsonb_build_array(jsonb_build_object('vehicle', r.courier::text))))
                AND EXISTS (SELECT FROM delivery_task AS t WHERE t.slot = s.id AND t.kind = 'pooled' AND NOT t.by_shop
                    AND (t.state = 'todo' AND t.asked_at > w.planned_at
                        OR t.state = 'called_off' AND t.ended_at > w.planned_at))
            ELSE false END
    ORDER BY s.start_at, s.id LIMIT %s
"""
_SLOT = """
    SELECT s.start_at, s.end_at, z.id, z.city, z.lat, z.lon, w.id FROM delivery_slot AS s
    JOIN delivery_zone AS z ON z.id = s.zone_id LEFT JOIN delivery_wave AS w ON w.slot_id = s.id WHERE s.id = %s
"""
_AT_HAND = """
    SELECT DISTINCT ON (c.id) c.person, c.capacity, c.communities, h.starts_at, h.ends_at, c.skills
    FROM delivery_courier AS c JOIN delivery_shift AS h ON h.courier = c.person AND h.state IN ('taken', 'on')
        AND h.starts_at < %s AND h.ends_at > %s
    WHERE c.city = %s AND c.left_at IS NULL AND c.employment <> 'shop' AND NOT EXISTS (
        SELECT FROM delivery_run AS r WHERE r.courier = c.person AND r.state IN ('given', 'riding')
            AND r.wave IS DISTINCT FROM %s AND r.starts_at < %s AND r.ends_at > %s)
    ORDER BY c.id, h.starts_at LIMIT %s
"""
_OWN = """
    SELECT DISTINCT unnest(s.tasks) FROM delivery_run_stop AS s JOIN delivery_run AS r ON r.id = s.run_id
    WHERE r.wave = %s AND r.state IN ('planned', 'given')
"""


@dataclass(frozen=True, slots=True)
class WaveGround:
    """All that a wave is planned from. `own` are orders that stand in its runs by now, and may change hands."""

    slot: SlotId
    zone: ZoneId
    city: CityId
    start_at: datetime
    end_at: datetime
    hub: Point
    orders: tuple[ToBring, ...]
    couriers: tuple[AtHand, ...]
    metres: Metres


@query
def slots_to_plan(_scope: Scope, *, at: datetime, limit: int) -> tuple[SlotId, ...]:
    """This will list closed slots whose wave is to be planned, the next to begin first.

    That is, where there is none yet (one without orders is looked at when it begins), where whoever planned it never
    came back, and where an order came late or was called off before a run set out or a dispatcher gave one away.
    """
    return tuple(SlotId(slot) for (slot,) in sql.fetch(_DUE, at, at, at, at, at, limit))


@query
def wave_ground(scope: Scope, *, slot: SlotId, at: datetime) -> WaveGround:
    """This will gather the orders of a slot that nobody has set out for, who is there to bring them, and the ways."""
    row = sql.fetch_one(_SLOT, slot)
    if row is None:
        raise NotFound("slot")
    start_at, end_at, zone, city, lat, lon, wave = row
    own = {task for (task,) in sql.fetch(_OWN, wave)} if wave else set()
    orders = tuple(
        ToBring(
            task=task.task,
            shop=task.shop,
            community=task.community,
            door=task.building or task.community,
            portions=task.portions,
            from_=task.from_,
            to=task.to,
            ready_at=task.ready_at,
            needs=task.needs,
        )
        for task in tasks_to_plan(scope, slot=slot)
        if task.courier is None or task.task in own
    )
    places: set[UUID] = {zone} | {each.shop for each in orders} | {each.door for each in orders}
    at_hand = sql.fetch(_AT_HAND, end_at, at, city, wave, end_at, at, MOST_AT_HAND)
    return WaveGround(
        slot=slot,
        zone=ZoneId(zone),
        city=CityId(city),
        start_at=start_at,
        end_at=end_at,
        hub=Point(zone, lat, lon),
        orders=orders,
        couriers=tuple(
            AtHand(
                PartyId(person),
                capacity,
                frozenset(map(CommunityId, communities)),
                from_at,
                until_at,
                frozenset(skills),
            )
            for person, capacity, communities, from_at, until_at, skills in at_hand
        ),
        metres=distances(ZoneId(zone), places=places) if orders else {},
    )
