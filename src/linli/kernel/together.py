"""What became of many things that one verb was meant for: with which it was done, and why not with the others.

One that is refused stops none of the others. A verb over many holds them in one statement, asks of each in memory
whether it may be taken (`sorted_out`), and writes all that may in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from linli.kernel.refusals import NotFound, Refusal, revived

T = TypeVar("T")
R = TypeVar("R")
MOST = 200
"""So many are taken at once: what a person can tick on a page."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """One that was left as it is, and the refusal as it can be written down: its code and its values."""

    of: UUID
    why: str
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def because(cls, of: UUID, refusal: Refusal) -> NotDone:
        """This will note a refusal of one thing."""
        return cls(of, refusal.code, refusal.values)

    @property
    def refusal(self) -> Refusal:
        """The refusal, to be said as it would have been said of one alone."""
        return revived(self.why, None, self.values)


@dataclass(frozen=True, slots=True)
class Together:
    """What became of many: the ids of those with which it was done, and the others with their reasons."""

    done: tuple[UUID, ...] = ()
    refused: tuple[NotDone, ...] = ()


def sorted_out(things: Iterable[T], of: Callable[[T], UUID], check: Callable[[T], R]) -> tuple[list[R], list[NotDone]]:
    """This will ask of each thing what is to be done with it, and keep apart those of which that is refused."""
    found, refused = [], []
    for thing in things:
        try:
            found.append(check(thing))
        except Refusal as refusal:
            refused.append(NotDone.because(of(thing), refusal))
    return found, refused


def missing(asked: Iterable[UUID], found: Collection[UUID], thing: str) -> list[NotDone]:
    """This will note those that are not there, or are none of the asker's business."""
    return [NotDone.because(each, NotFound(thing)) for each in dict.fromkeys(asked) if each not in found]
