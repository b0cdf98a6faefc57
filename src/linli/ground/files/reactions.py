"""What files do when a fact comes up from the people."""

from __future__ import annotations

from linli.ground.files import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will let go of the files of an erased person."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
