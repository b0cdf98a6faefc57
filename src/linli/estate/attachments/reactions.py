"""What attachments learn: that a thing is gone, and its papers with it."""

from __future__ import annotations

from linli.estate.attachments import actions, rules
from linli.estate.parking.events import CarTakenOut
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(CarTakenOut)
def clear_away(fact: CarTakenOut) -> None:
    """This will keep no licence of a car that is a home's no more."""
    actions.clear_away(SYSTEM, kind=rules.Kind.CAR, subject=fact.vehicle, at=fact.at)
