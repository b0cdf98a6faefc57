"""What parcels does when a person is erased."""

from __future__ import annotations

from linli.estate.parcels import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget who took the parcels of an erased person's home."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
