"""Who may drive in now, and as what: decided in one place, from what is known, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.estate.parking.rules.lives import StayKind
from linli.kernel.money import Money


class Why(StrEnum):
    """A reason of a decision at the barrier; the first one decided."""

    INSIDE = "inside"
    BLOCKED = "blocked"
    LISTED = "listed"
    BOOKED = "booked"
    """Hours of a shared space are booked for the plate, and they are running."""
    HOLDS_SPACE = "holds_space"
    SPACES_TAKEN = "spaces_taken"
    """The cars of the home stand on all of its spaces already: one more is a guest."""
    OWES = "owes"
    CLOSED_TO_GUESTS = "closed_to_guests"
    FULL = "full"
    PLACE_FREE = "place_free"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a plate at a lot. `places` is how many cars its home's spaces hold (a space that neighbours have
    booked for now holds none), `inside` how many are in."""

    is_inside: bool = False
    blocked: bool = False
    listed: bool = False
    booked: bool = False
    places: int = 0
    inside: int = 0
    owes: Money = Money.zero
    takes_temporary: bool = True
    free_places: int = 0


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a car may drive in, as what, and why."""

    may_enter: bool
    kind: StayKind | None
    why: tuple[Why, ...]


def admission(known: Known, *, turns_away_debtors: bool) -> Admission:
    """This will decide at the barrier. Nobody who holds a space or has booked one is kept out for money owed."""
    if known.is_inside:
        return Admission(False, None, (Why.INSIDE,))
    if known.blocked:
        return Admission(False, None, (Why.BLOCKED,))
    if known.listed:
        return Admission(True, StayKind.LISTED, (Why.LISTED,))
    if known.booked:
        return Admission(True, StayKind.BOOKED, (Why.BOOKED,))
    if known.places > known.inside:
        return Admission(True, StayKind.RESIDENT, (Why.HOLDS_SPACE,))
    taken = (Why.SPACES_TAKEN,) if known.places else ()
    owes = (Why.OWES,) if known.owes else ()
    if owes and turns_away_debtors:
        return Admission(False, None, owes + taken)
    if not known.takes_temporary:
        return Admission(False, None, (Why.CLOSED_TO_GUESTS, *taken))
    if known.free_places <= 0:
        return Admission(False, None, (Why.FULL, *taken))
    return Admission(True, StayKind.TEMPORARY, (Why.PLACE_FREE, *taken, *owes))
