"""What the votes come to: sums of heads and of areas, held against exact fractions. No order of ballots matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from linli.estate.assembly.rules.lives import Matter
from linli.estate.assembly.rules.motions import MotionTerms
from linli.estate.assembly.rules.policy import Share, Terms


@dataclass(frozen=True, slots=True)
class Side:
    """So many heads, and their area in square decimetres."""

    heads: int = 0
    area_dm2: int = 0

    def __add__(self, other: Side) -> Side:
        return Side(self.heads + other.heads, self.area_dm2 + other.area_dm2)


class Verdict(StrEnum):
    PASSED = "passed"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    NOTED = "noted"
    """A survey: there is nothing to pass."""


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison of a result: `part` of `whole` against a share, of the area (dm2) or of the heads."""

    about: Literal["quorum", "consent"]
    measure: Literal["area", "heads"]
    part: int
    whole: int
    share: Share
    option: int = 0

    @property
    def holds(self) -> bool:
        return self.share.holds(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, the comparisons that it follows from, and the options that carried."""

    verdict: Verdict
    steps: tuple[Step, ...]
    carried: tuple[int, ...] = ()


def turned_out(areas: Iterable[int]) -> Side:
    """This will sum those who voted, of whom each is one head."""
    found = list(areas)
    return Side(len(found), sum(found))


def tally(ballots: Iterable[tuple[int, Sequence[int]]], options: int) -> tuple[Side, ...]:
    """This will sum ballots (the voter's area, and the options picked) by option."""
    sides = [Side()] * options
    for area, picked in ballots:
        for option in set(picked):
            sides[option] += Side(1, area)
    return tuple(sides)


def decide(motion: MotionTerms, *, whole: Side, turnout: Side, sides: Sequence[Side], terms: Terms) -> Outcome:
    """This will decide a motion: first the quorum by area and by heads, then the consent by area and by heads.

    Whoever abstains takes part: an abstention counts towards the quorum, and among those of whom a share consents.
    """
    if motion.matter is Matter.SURVEY:
        return Outcome(Verdict.NOTED, ())
    quorum = (
        Step("quorum", "area", turnout.area_dm2, whole.area_dm2, terms.quorum),
        Step("quorum", "heads", turnout.heads, whole.heads, terms.quorum),
    )
    needed = terms.reserved if motion.matter is Matter.RESERVED else terms.ordinary
    asked = range(motion.options) if motion.matter is Matter.CHOICE else range(1)
    consent = [_consent(option, sides[option], turnout, needed) for option in asked]
    steps = (*quorum, *(step for pair in consent for step in pair))
    if not all(step.holds for step in quorum):
        return Outcome(Verdict.NO_QUORUM, steps)
    carried = tuple(pair[0].option for pair in consent if all(step.holds for step in pair))
    return Outcome(Verdict.PASSED if carried else Verdict.REJECTED, steps, carried)


def _consent(option: int, side: Side, turnout: Side, needed: Share) -> tuple[Step, Step]:
    return (
        Step("consent", "area", side.area_dm2, turnout.area_dm2, needed, option),
        Step("consent", "heads", side.heads, turnout.heads, needed, option),
    )
