"""What waves brought lately and what that cost, from which it is learnt what one order more will cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from linli.kernel.ids import CommunityId, SlotId
from linli.spine import sql
from linli.spine.action import open_query
from linli.trade.delivery.rules import Brought

LOOKED_BACK = timedelta(days=28)
MOST_ROWS = 50_000
_BROUGHT = """
    SELECT n.id, c.community, coalesce(sum(d.orders), 0)::bigint, coalesce(sum(d.fen), 0)::bigint
    FROM unnest(%s::uuid[], %s::text[]) AS a(id, zone)
    JOIN delivery_slot AS n ON n.id = a.id
    JOIN delivery_zone_community AS c ON c.zone_id = n.zone_id
    LEFT JOIN delivery_slot AS s ON s.zone_id = n.zone_id AND s.start_at >= %s AND s.start_at < %s
        AND (s.start_at AT TIME ZONE a.zone)::time = (n.start_at AT TIME ZONE a.zone)::time
    LEFT JOIN delivery_drop AS d ON d.slot_id = s.id AND d.community = c.community
    GROUP BY n.id, c.community LIMIT %s
"""


@open_query
def brought_before(*, slots: Collection[tuple[SlotId, str]], at: datetime) -> dict[SlotId, list[Brought]]:
    """This will tell, for slots with their time zones, what was brought at that hour in the last four weeks.

    Every community of a slot's zone is there, with nothing where nothing was brought.
    """
    found: dict[SlotId, list[Brought]] = defaultdict(list)
    rows = sql.fetch(
        _BROUGHT, [slot for slot, _zone in slots], [zone for _slot, zone in slots], at - LOOKED_BACK, at, MOST_ROWS
    )
    for slot, community, orders, fen in rows:
        found[SlotId(slot)].append(Brought(CommunityId(community), orders, fen))
    return found
