"""What is set up in one community beside another: new, the same, or otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linli.kernel.life import Life
from linli.kernel.words import _
from linli.spine.pieces import Name, Piece, differing

SETTINGS = "settings."
"""The parts of settings are named by their policy: `settings.parcels`."""
PARTS = {
    "tariffs": _("Tariffs of its own"),
    "promises": _("Hours promised for types of work"),
    "patrols": _("Points, routes and plans of patrols"),
    "parking": _("What guests pay for parking"),
    "venues": _("Venues"),
}
"""The other parts, in the order in which they are taken over."""
AT_ONCE = frozenset({"promises", "venues"})
"""What has no days: it holds as soon as it is taken over."""


class BatchState(StrEnum):
    TAKEN = "taken"
    UNDONE = "undone"


class BatchVerb(StrEnum):
    UNDO = "undo"


BATCH_LIFE = Life(birth=BatchState.TAKEN, moves={(BatchState.TAKEN, BatchVerb.UNDO): BatchState.UNDONE})


class Status(StrEnum):
    """How a thing of the source stands in the target."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    ONLY_THERE = "only_there"
    """The target has it and the source does not: it is left alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """The content of a setting's piece."""

    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in both communities; `differences` are what of it is otherwise: where, in the target, in the source.

    Of what is new, they are all that it says."""

    part: str
    piece: Piece
    status: Status
    differences: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def name(self) -> Name:
        return self.piece.name


def compared(part: str, source: Sequence[Piece], target: Sequence[Piece]) -> tuple[Row, ...]:
    """This will set what a source has beside what a target has, in the source's order."""
    there = {piece.mark: piece for piece in target}
    rows = []
    for piece in source:
        other = there.pop(piece.mark, None)
        if other is None:
            rows.append(Row(part, piece, Status.NEW, tuple(differing({}, piece.content))))
        else:
            found = tuple(differing(other.content, piece.content))
            rows.append(Row(part, piece, Status.DIFFERS if found else Status.SAME, found))
    return (*rows, *(Row(part, piece, Status.ONLY_THERE) for piece in there.values()))


def wanted(rows: Iterable[Row], parts: Collection[str], *, overwrites: bool) -> tuple[Row, ...]:
    """This will choose what is taken over: what is new, and with `overwrites` also what differs."""
    chosen = {Status.NEW, Status.DIFFERS} if overwrites else {Status.NEW}
    return tuple(row for row in rows if row.part in parts and row.status in chosen)
