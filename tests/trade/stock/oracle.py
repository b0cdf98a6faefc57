"""The stock book as plainly as it can be said: lists of units, walked one by one. The SQL must agree with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Short(Exception):
    """Not enough of this variant."""


@dataclass
class OracleBatch:
    expires_at: datetime | None
    units: int


@dataclass
class OracleStock:
    """Batches by variant in the order they came in; what orders hold; what orders were given, batch by batch."""

    batches: dict[Any, list[OracleBatch]] = field(default_factory=dict)
    held: dict[tuple[Any, Any], int] = field(default_factory=dict)
    given: dict[tuple[Any, Any], list[tuple[OracleBatch, int]]] = field(default_factory=dict)

    def receive(self, variant: Any, units: int, expires_at: datetime | None) -> None:
        self.batches.setdefault(variant, []).append(OracleBatch(expires_at, units))

    def good(self, variant: Any, at: datetime) -> list[OracleBatch]:
        """Batches that may be sold, first expired first; those without a date last."""
        far = datetime.max.replace(tzinfo=at.tzinfo)
        fresh = [b for b in self.batches.get(variant, []) if b.expires_at is None or b.expires_at > at]
        return sorted(fresh, key=lambda b: b.expires_at or far)

    def reserved(self, variant: Any) -> int:
        return sum(units for (_, v), units in self.held.items() if v == variant)

    def on_hand(self, variant: Any) -> int:
        return sum(b.units for b in self.batches.get(variant, []))

    def sellable(self, variant: Any, at: datetime) -> int:
        return max(0, sum(b.units for b in self.good(variant, at)) - self.reserved(variant))

    def reserve(self, lines: list[tuple[Any, Any, int]], at: datetime) -> Any:
        """None, or the first variant that is short, and then nothing has changed."""
        for _, variant, _ in lines:
            if sum(q for _, v, q in lines if v == variant) > self.sellable(variant, at):
                return variant
        for order, variant, quantity in lines:
            self.held[order, variant] = self.held.get((order, variant), 0) + quantity
        return None

    def release(self, order: Any) -> None:
        for key in [key for key in self.held if key[0] == order]:
            del self.held[key]

    def take(self, order: Any, at: datetime) -> None:
        wanted = {variant: units for (o, variant), units in self.held.items() if o == order}
        for variant, units in wanted.items():
            if units > sum(b.units for b in self.good(variant, at)):
                raise Short(variant)
        for variant, units in wanted.items():
            for _ in range(units):
                batch = next(b for b in self.good(variant, at) if b.units)
                batch.units -= 1
                self.given.setdefault((order, variant), []).append((batch, 1))
            del self.held[order, variant]

    def give_back(self, order: Any, variant: Any, quantity: int) -> None:
        held = min(self.held.get((order, variant), 0), quantity)
        given = self.given.get((order, variant), [])
        if quantity - held > len(given):
            raise Short(variant)
        if held:
            self.held[order, variant] -= held
            if not self.held[order, variant]:
                del self.held[order, variant]
        for _ in range(quantity - held):
            batch, _units = given.pop()  # what was given last came from the batch that expires last
            batch.units += 1

    def dispose(self, at: datetime) -> None:
        for variant, batches in self.batches.items():
            for batch in sorted(
                (b for b in batches if b.expires_at is not None and b.expires_at <= at), key=lambda b: b.expires_at
            ):
                free = self.on_hand(variant) - self.reserved(variant)
                batch.units -= min(batch.units, max(0, free))
