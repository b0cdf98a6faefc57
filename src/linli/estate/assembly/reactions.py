"""What the assembly forgets."""

from __future__ import annotations

from linli.estate.assembly import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase the words of an erased person."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
