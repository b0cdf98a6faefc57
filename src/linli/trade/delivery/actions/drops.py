"""What one order more costs: expected of slots that open, noted of waves that are planned. Private to the actions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from linli.kernel.ids import CommunityId, SlotId
from linli.spine import sql
from linli.trade.delivery import queries, rules
from linli.trade.delivery.models import Drop

_NOTE = """
    INSERT INTO delivery_drop (slot_id, community, orders, fen)
    SELECT %s::uuid, n.community, n.orders, n.fen
    FROM unnest(%s::uuid[], %s::int[], %s::bigint[]) AS n(community, orders, fen)
    ON CONFLICT (slot_id, community) DO UPDATE SET orders = excluded.orders, fen = excluded.fen
"""


def expect(slots: Collection[tuple[SlotId, str]], *, at: datetime) -> None:
    """This will write down what one order more is expected to cost in slots that have just been opened."""
    if not slots:
        return
    brought = queries.brought_before(slots=slots, at=at)
    Drop.objects.bulk_create(
        Drop(slot_id=slot, community=community, expected_fen=fen)
        for slot, before in brought.items()
        for community, fen in rules.expected_drops(before).items()
    )


def note(slot: SlotId, says: Mapping[str, Any]) -> None:
    """This will note what the orders of a slot cost as its wave is planned now, community by community."""
    sums: dict[CommunityId, list[int]] = defaultdict(lambda: [0, 0])
    for run in says.get("runs", ()):
        for stop in run["stops"]:
            sums[CommunityId(stop["community"])][0] += stop["orders"]
            sums[CommunityId(stop["community"])][1] += max(0, stop["costs_fen"])
    Drop.objects.filter(slot=slot).update(orders=0, fen=0)
    if sums:
        counted = list(sums.values())
        sql.run(_NOTE, slot, list(sums), [each[0] for each in counted], [each[1] for each in counted])
