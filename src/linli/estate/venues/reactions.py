"""What venues forget."""

from __future__ import annotations

from linli.estate.venues import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what was written about an erased person's bookings."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
