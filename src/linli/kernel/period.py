"""Periods are half-open: the start belongs to them, the end does not, and no end means "until further notice"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

T = TypeVar("T", date, datetime)


@dataclass(frozen=True, slots=True)
class Period(Generic[T]):
    """[start, end) of days or of instants; `end=None` is open."""

    start: T
    end: T | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a period may not end ({self.end}) before it starts ({self.start})")

    def __contains__(self, moment: T) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    @property
    def is_empty(self) -> bool:
        return self.end == self.start

    def overlaps(self, other: Period[T]) -> bool:
        """This will tell whether a moment exists that lies in both."""
        if self.is_empty or other.is_empty:
            return False
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)

    def intersection(self, other: Period[T]) -> Period[T] | None:
        """This will give the shared part, or None where there is none."""
        if not self.overlaps(other):
            return None
        ends = [e for e in (self.end, other.end) if e is not None]
        return Period(max(self.start, other.start), min(ends) if ends else None)


def first_overlap(periods: Iterable[Period[T]]) -> tuple[Period[T], Period[T]] | None:
    """This will find two periods that overlap, if any do (sorted once, so n log n)."""
    latest: Period[T] | None = None
    for period in sorted((p for p in periods if not p.is_empty), key=lambda p: p.start):
        if latest is not None and latest.overlaps(period):
            return latest, period
        if latest is None or (latest.end is not None and (period.end is None or period.end > latest.end)):
            latest = period
    return None
