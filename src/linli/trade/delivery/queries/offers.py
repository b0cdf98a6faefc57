"""What a community is offered: its zone's slots with what is left of them, its terms, and the kitchens of its shops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, ShopId, SlotId, ZoneId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.scope import SYSTEM
from linli.trade.delivery import rules


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A slot that may still be ordered, with how many orders it takes yet: zero is full."""

    slot: SlotId
    start_at: datetime
    end_at: datetime
    cut_off_at: datetime
    drops: int
    left: int
    drop_fen: float | None = None
    """What one order more is expected to cost here, where enough was brought to know it."""

    @property
    def reserved(self) -> rules.Reserved:
        return rules.Reserved(slot=self.slot, start_at=self.start_at, end_at=self.end_at, drops=self.drops)


@dataclass(frozen=True, slots=True)
class KitchenCard:
    """What a kitchen can do, what its quarters of the next hours hold already, in fen, and how far away it is."""

    terms: rules.KitchenTerms
    taken: dict[datetime, int]
    metres: int


@dataclass(frozen=True, slots=True)
class Offered:
    """How a community can be brought to now. Without a zone nobody comes; `terms` say what it costs."""

    zone: ZoneId | None
    terms: rules.DeliveryPolicy
    slots: tuple[OfferedSlot, ...]
    kitchens: dict[ShopId, KitchenCard]

    def slot_at(self, start_at: datetime | None) -> OfferedSlot | None:
        """This will find the slot that begins then; without a wish, the first that has a place left."""
        if start_at is None:
            return next((slot for slot in self.slots if slot.left), None)
        return next((slot for slot in self.slots if slot.start_at == start_at), None)

    def free_from(self, slot: OfferedSlot | None) -> Money | None:
        """This will tell from which goods on the shared run of a slot is free of charge; None: never."""
        return rules.free_from(self.terms, slot.drop_fen if slot else None)

    def fee(self, way: rules.Way, goods: Money, slot: OfferedSlot | None) -> Money:
        """This will give the one fee of a run that brings goods to one home, in a slot or at once."""
        return rules.fee(way, goods, self.terms, slot.drop_fen if slot else None)

    def minutes_now(self, shop: ShopId, value: Money, *, otherwise: int, at: datetime) -> int | None:
        """This will tell after how many minutes goods of a shop are at the door if they are ordered now.

        None where its kitchen has no room. A shop that says nothing of its kitchen promises what it always does.
        """
        kitchen = self.kitchens.get(shop)
        if kitchen is None or not value:
            return otherwise
        return rules.minutes_now(
            kitchen.terms,
            kitchen.taken,
            value,
            metres=kitchen.metres,
            metres_per_minute=self.terms.metres_per_minute,
            handling_minutes=self.terms.handling_minutes,
            at=at,
        )


class _Slot(msgspec.Struct):
    id: SlotId
    start_at: datetime
    end_at: datetime
    drops: int
    drops_taken: int
    gate_taken: int
    drop_fen: float | None


class _Kitchen(msgspec.Struct):
    shop: ShopId
    value_minor: int
    minutes: int
    pauses_by_itself: bool
    queue_minutes: int
    taken: dict[datetime, int]
    beeline_m: int


_slots = msgspec.json.Decoder(list[_Slot]).decode
_kitchens = msgspec.json.Decoder(list[_Kitchen]).decode


@open_query
def offered(*, community: CommunityId, shops: Iterable[ShopId] = (), at: datetime) -> Offered:
    """This will tell in which slots a community can be brought to, and what the kitchens of shops have before them."""
    market = places.market_of(community)
    terms = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=community, city=market.city)
    windows = {(offer.start_at, offer.end_at): offer for offer in rules.offers(terms, market.timezone, at)}
    row = sql.fetch_one(_OFFERED, community, at, community, rules.MOST_SLOTS * 4, at, community, sql.as_ids(shops))
    zone, slots, kitchens = row or (None, "[]", "[]")
    return Offered(
        zone=zone if terms.is_offered else None,
        terms=terms,
        slots=tuple(
            OfferedSlot(
                slot=slot.id,
                start_at=slot.start_at,
                end_at=slot.end_at,
                cut_off_at=windows[slot.start_at, slot.end_at].cut_off_at,
                drops=slot.drops,
                left=max(0, min(slot.drops - slot.drops_taken, terms.gate_drops - slot.gate_taken)),
                drop_fen=slot.drop_fen,
            )
            for slot in _slots(slots)
            if (slot.start_at, slot.end_at) in windows
        ),
        kitchens={kitchen.shop: _card(kitchen) for kitchen in _kitchens(kitchens)},
    )


def _card(kitchen: _Kitchen) -> KitchenCard:
    return KitchenCard(
        terms=rules.KitchenTerms(
            value=Money(kitchen.value_minor),
            minutes=kitchen.minutes,
            pauses_by_itself=kitchen.pauses_by_itself,
            queue_minutes=kitchen.queue_minutes,
        ),
        taken=kitchen.taken,
        metres=rules.by_road_m(kitchen.beeline_m),
    )


_OFFERED = """
    WITH zone AS (
        SELECT z.id, z.drops FROM delivery_zone_community c JOIN delivery_zone z ON z.id = c.zone_id
        WHERE c.community = %s AND z.closed_at IS NULL
    ), slot AS (
        SELECT s.id, s.start_at, s.end_at, zone.drops,
            coalesce((SELECT c.taken FROM delivery_capacity c WHERE c.axis = 'drops' AND c.subject = s.id
                AND c.start_at = s.start_at), 0) AS drops_taken,
            coalesce((SELECT c.taken FROM delivery_capacity c WHERE c.axis = 'gate' AND c.subject = a.community
                AND c.start_at = s.start_at), 0) AS gate_taken,
            (SELECT d.expected_fen FROM delivery_drop d WHERE d.slot_id = s.id AND d.community = a.community)
                AS drop_fen
        FROM zone JOIN delivery_slot s ON s.zone_id = zone.id AND s.state = 'open' AND s.cut_off_at > %s,
            (SELECT %s::uuid AS community) AS a
        ORDER BY s.start_at LIMIT %s
    )
    SELECT (SELECT id FROM zone),
        (SELECT coalesce(json_agg(slot ORDER BY start_at), '[]')::text FROM slot),
        (SELECT coalesce(json_agg(json_build_object('shop', k.shop, 'value_minor', k.value_minor, 'minutes', k.minutes,
            'pauses_by_itself', k.pauses_by_itself, 'queue_minutes', k.queue_minutes,
            'beeline_m', coalesce(f.distance_m, 0), 'taken', (
                SELECT coalesce(json_object_agg(to_json(c.start_at) #>> '{}', c.taken), '{}')
                FROM delivery_capacity c WHERE c.axis = 'kitchen' AND c.subject = k.shop
                AND c.end_at > %s AND c.taken > 0))), '[]')::text
         FROM delivery_kitchen k LEFT JOIN shops_serving(%s) f ON f.shop = k.shop WHERE k.shop = ANY(%s::uuid[]))
"""
