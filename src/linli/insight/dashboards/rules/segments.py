"""Segments: homes that buy alike, as counts that tell of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

LATELY_D, BEFORE_D, EARLIER_D = 28, 84, 365
"""Four weeks, the twelve before them, and the year before those: every definition is made of these."""
HABITS = 3
"""So many orders in the twelve weeks before are a habit."""


class Segment(StrEnum):
    """Homes by how they buy."""

    REGULAR = "regular"
    LAPSING = "lapsing"
    NEW = "new"
    AT_TIMES = "at_times"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts as they may be shown: None is a group too small to be told, or one that would tell of another."""

    of: dict[Segment, int | None]
    total: int | None


def segment_of(lately: int, before: int, earlier: bool) -> Segment:
    """This will name the segment of a home from its orders in the last four weeks, in the twelve before, and earlier.

    Regular: it kept its habit, or has three orders in the four weeks and is not new. Lapsing: it had a habit, and has
    not ordered for four weeks. New: its first order is of the last four weeks. Gone: nothing in sixteen weeks.
    """
    if lately:
        if not before and not earlier:
            return Segment.NEW
        return Segment.REGULAR if before >= HABITS or lately >= HABITS else Segment.AT_TIMES
    if before >= HABITS:
        return Segment.LAPSING
    return Segment.AT_TIMES if before else Segment.GONE


def segments(alike: Iterable[tuple[int, int, bool, int]]) -> dict[Segment, int]:
    """This will count homes by segment from `(lately, before, earlier, homes)`."""
    counted = dict.fromkeys(Segment, 0)
    for lately, before, earlier, homes in alike:
        counted[segment_of(lately, before, earlier)] += homes
    return counted


def shown(counted: Mapping[Segment, int], least: int) -> Shown:
    """This will leave out groups of fewer than `least` homes, and what would give them away beside the total.

    One small group alone could be taken from the sum, so the next smallest goes with it; where there is no other, the
    sum goes.
    """
    hidden = {segment for segment, homes in counted.items() if 0 < homes < least}
    told = sorted((homes, segment) for segment, homes in counted.items() if homes >= least)
    together = sum(counted[segment] for segment in hidden)
    while hidden and told and (len(hidden) == 1 or together < least):
        homes, segment = told.pop(0)
        hidden.add(segment)
        together += homes
    total = sum(counted.values())
    is_told = not hidden or (len(hidden) > 1 and together >= least)
    return Shown(
        {segment: None if segment in hidden else counted.get(segment, 0) for segment in Segment},
        total if is_told else None,
    )
