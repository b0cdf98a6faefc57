"""The keys of a lot's machines, without what opens anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.parking.models import BarrierKey
from linli.kernel.ids import LotId, PartyId
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key by its name and last letters; `used_on` is the last day on which it told of something."""

    key: UUID
    name: str
    tail: str
    kinds: tuple[str, ...]
    issued_at: datetime
    issued_by: PartyId | None
    used_on: date | None
    revoked_at: datetime | None


@query
def barrier_keys(scope: Scope, *, lot: LotId) -> tuple[KeyCard, ...]:
    """This will list the keys of a lot, the latest first, those that are revoked among them."""
    rows = BarrierKey.objects.within(scope).filter(lot=lot).order_by("-id")
    columns = ("id", "name", "tail", "kinds", "issued_at", "issued_by", "used_on", "revoked_at")
    return tuple(
        KeyCard(key, name, tail, tuple(kinds), issued_at, PartyId(who) if who else None, used_on, revoked_at)
        for key, name, tail, kinds, issued_at, who, used_on, revoked_at in rows.values_list(*columns)[:MOST]
    )
