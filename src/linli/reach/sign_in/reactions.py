"""What sign-in does when a fact comes up from the ground."""

from __future__ import annotations

from linli.ground.people.events import PersonErased
from linli.reach.sign_in import actions
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will end the sessions of an erased person and forget their devices."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
