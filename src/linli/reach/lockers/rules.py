"""What fits where, what may be wrong with a cabinet, and for how long a compartment waits."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class Size(StrEnum):
    """How much a compartment takes: a bag, a box, a case of water."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def rank(self) -> int:
        """A thing of one size fits into every size of its rank or above."""
        return list(Size).index(self) + 1


class Trouble(StrEnum):
    """Why a door did not open: the cabinet is not reached, or this one door is stuck."""

    NO_ANSWER = "no_answer"
    STUCK = "stuck"


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


MOST_COMPARTMENTS = 200
PUT_IN_WITHIN = timedelta(hours=2)
"""A compartment that was opened for something and of which nobody said so long that it is in, wants looking at."""


class LockerPolicy(Policy):
    """For how long a compartment is somebody's."""

    word = "lockers"
    says = _("How long things may wait in lockers")

    hours: int = setting(24, low=2, high=168, says=_("Hours for which an order waits in a locker, then at the desk"))


def size_of(rank: int) -> Size:
    """This will tell the size of a rank."""
    return list(Size)[rank - 1]


def spot_of(label: str, nth: int) -> str:
    """This will call a compartment as it stands on its door."""
    return f"{label} {nth:02}"
