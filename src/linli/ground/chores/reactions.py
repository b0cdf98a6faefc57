"""What chores do when a fact comes up from the people."""

from __future__ import annotations

from linli.ground.chores import actions
from linli.ground.people.events import PersonErased, RoleRevoked
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(RoleRevoked)
def stop_chores(fact: RoleRevoked) -> None:
    """This will stop what somebody asked for who wears the role no more."""
    actions.stop_chores_of(SYSTEM, person=fact.person, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget who asked."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
