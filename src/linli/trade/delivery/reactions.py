"""What delivery does when a fact comes up."""

from __future__ import annotations

from linli.ground.people.events import MovedOut, PersonErased
from linli.ground.places.events import CommunityAdded
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions


@reacts_to(CommunityAdded)
def join_zone(fact: CommunityAdded) -> None:
    """This will put a new community into the zone within whose radius it lies."""
    actions.join_zone(SYSTEM, community=fact.community, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what a person wrote on the way, and where they were."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
    actions.forget_wishes(SYSTEM, person=fact.person, at=fact.at)


@reacts_to(MovedOut)
def forget_wishes(fact: MovedOut) -> None:
    """This will forget where somebody who moved out wanted things left."""
    actions.forget_wishes(SYSTEM, person=fact.person, home=fact.home, at=fact.at)
