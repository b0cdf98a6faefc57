"""What notify does when a fact comes up from the ground."""

from __future__ import annotations

from linli.ground.people.events import PersonErased
from linli.reach.notify import actions
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what was written to a person who is erased."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
