"""What those who run a zone look at: its coming slots with what of them is sold, and the terms of its communities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, CommunityId, SlotId, ZoneId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.scope import SYSTEM
from linli.trade.delivery import rules
from linli.trade.delivery.queries.zones import ZoneCard

MOST_SLOTS = 300
_SLOTS = """
    SELECT s.id, s.start_at, s.end_at, s.cut_off_at, s.state, z.drops, coalesce(c.taken, 0),
        (SELECT coalesce(jsonb_object_agg(d.community, d.expected_fen), '{}')::text FROM delivery_drop AS d
         WHERE d.slot_id = s.id AND d.expected_fen IS NOT NULL)
    FROM delivery_slot s JOIN delivery_zone z ON z.id = s.zone_id
    LEFT JOIN delivery_capacity c ON c.axis = 'drops' AND c.subject = s.id AND c.start_at = s.start_at
    WHERE s.zone_id = %s AND s.start_at >= %s AND s.start_at < %s ORDER BY s.start_at, s.id LIMIT %s
"""

_expected = msgspec.json.Decoder(dict[CommunityId, float]).decode


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot of a zone: what its runs carry, how much of that is sold, and what one order more is expected to cost."""

    slot: SlotId
    start_at: datetime
    end_at: datetime
    cut_off_at: datetime
    state: rules.SlotState
    drops: int
    taken: int
    expected: dict[CommunityId, float]

    def free_from(self, terms: Mapping[CommunityId, rules.DeliveryPolicy]) -> tuple[Money | None, ...]:
        """This will tell from which goods on its shared run is free in these communities, each sum once."""
        sums = {rules.free_from(each, self.expected.get(community)) for community, each in terms.items()}
        return tuple(sorted(sums, key=lambda one: (one is None, one or Money.zero)))


@open_query
def zone_slots(*, zone: ZoneId, since: datetime, until: datetime) -> tuple[SlotRow, ...]:
    """This will list the slots of a zone that begin within a time, in their order."""
    return tuple(
        SlotRow(row[0], row[1], row[2], row[3], rules.SlotState(row[4]), row[5], row[6], _expected(row[7]))
        for row in sql.fetch(_SLOTS, zone, since, until, MOST_SLOTS)
    )


@open_query
def zone_terms(zone: ZoneCard, *, at: datetime) -> dict[CommunityId, rules.DeliveryPolicy]:
    """This will tell on which terms each community of a zone is brought to at an instant."""
    return {
        part.community: policy(SYSTEM, rules.DeliveryPolicy, at=at, community=part.community, city=CityId(zone.city))
        for part in zone.communities
    }
