"""What is to be played: known before the house is, so that it names the database to play in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from linli.works.replay.panel import Panel


class StageBroken(RuntimeError):
    """The database holds something else than this replay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be played."""

    panel: Panel
    households: frozenset[int]
    start: date
    days: int
    times: int
    players: int

    @property
    def mark(self) -> str:
        """This will name the wish: the same baskets have the same name, however many play them."""
        told = (
            f"{sorted(self.households)} {self.start} {self.days} {self.times} {self.panel.transactions.stat().st_size}"
        )
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def dates(self) -> list[date]:
        """The days that are played."""
        return [self.start + timedelta(days=n) for n in range(self.days)]
