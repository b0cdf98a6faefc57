"""What patrols does when a person is erased."""

from __future__ import annotations

from linli.estate.patrols import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget what an erased person wrote on their walks."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
