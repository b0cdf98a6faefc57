"""Which papers which works need, and what is ticked off when somebody moves."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from linli.estate.permits.rules.lives import Check, Direction


class Work(StrEnum):
    """What is done in the home. Bearing walls are not on the list: nobody here may allow that."""

    PAINT = "paint"
    FLOOR = "floor"
    WALLS = "walls"
    WATER = "water"
    POWER = "power"
    GAS = "gas"
    WINDOWS = "windows"
    AIR_CONDITIONING = "air_conditioning"


class Paper(StrEnum):
    CONTRACT = "contract"
    LICENCE = "licence"
    DRAWINGS = "drawings"
    GAS_PAPERS = "gas_papers"


_NEEDED = {
    Work.WALLS: (Paper.DRAWINGS, Paper.LICENCE),
    Work.WATER: (Paper.DRAWINGS,),
    Work.POWER: (Paper.LICENCE,),
    Work.GAS: (Paper.GAS_PAPERS, Paper.LICENCE),
}
_CHECKS = {
    Direction.MOVE_IN: (Check.KEYS, Check.METERS, Check.CARDS, Check.HANDBOOK),
    Direction.MOVE_OUT: (Check.DUES, Check.METERS, Check.KEYS, Check.CARDS),
}


def papers_needed(works: Iterable[Work], *, by_contractor: bool) -> tuple[Paper, ...]:
    """This will list the papers that go with the works: what a contractor does goes with the contract."""
    needed = {paper for work in works for paper in _NEEDED.get(work, ())}
    if by_contractor:
        needed.add(Paper.CONTRACT)
    return tuple(paper for paper in Paper if paper in needed)


def missing_papers(works: Iterable[Work], given: Iterable[Paper], *, by_contractor: bool) -> tuple[Paper, ...]:
    """This will list those that are still missing."""
    held = set(given)
    return tuple(paper for paper in papers_needed(works, by_contractor=by_contractor) if paper not in held)


def checks_of(direction: Direction) -> tuple[Check, ...]:
    """This will list what is ticked off, in the order in which it is done."""
    return _CHECKS[direction]
