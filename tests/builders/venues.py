"""Venues for tests: a room of slots of an hour, 09:00 to 12:00, every day."""

from __future__ import annotations

from datetime import UTC, datetime

from builders.billing import Desk
from builders.clock import AT
from linli.estate.venues import actions
from linli.estate.venues.rules import Hours
from linli.kernel.ids import VenueId
from linli.kernel.money import Money

TOMORROW_AT_NINE = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


def a_venue(desk: Desk, *, price: str = "20.00", deposit: str = "0.00", name: str = "羽毛球场") -> VenueId:
    draft = actions.VenueDraft(
        name={"zh": name},
        text={"zh": "请穿软底鞋"},
        capacity=4,
        hours=Hours(frozenset(range(7)), 540, 720, 60),
        price=Money.parse(price),
        deposit=Money.parse(deposit),
    )
    return actions.keep_venue(desk.scope, community=desk.community.id, draft=draft, at=AT)
