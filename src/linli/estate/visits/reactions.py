"""What visits does when somebody moves out or is erased."""

from __future__ import annotations

from linli.estate.visits import actions
from linli.ground.people.events import MovedOut, PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(MovedOut)
def revoke_of_leaver(fact: MovedOut) -> None:
    """This will end the passes that somebody gave for a home that they left."""
    actions.revoke_of_leaver(SYSTEM, person=fact.person, home=fact.home, end_on=fact.end_on, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget whom an erased person invited."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
