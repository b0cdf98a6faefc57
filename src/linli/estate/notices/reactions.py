"""What notices does when somebody moves in or is erased."""

from __future__ import annotations

from linli.estate.notices import actions
from linli.ground.people.events import MovedIn, PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(MovedIn)
def add_reader(fact: MovedIn) -> None:
    """This will show what is published in a community to whoever moves in."""
    actions.add_reader(SYSTEM, person=fact.person, home=fact.home, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget what an erased person wrote about notices to their colleagues."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
