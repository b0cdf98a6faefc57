"""The communities that a sign-in of the company reaches, and which of them an address chooses."""

from __future__ import annotations

from linli.faces.shell import voice
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.refusals import NotFound


def own_communities(request: PropertyRequest) -> tuple[CommunityCard, ...]:
    """This will give the communities that the sign-in reaches, and tell times in their zone."""
    cards = places.communities(ids=request.communities) if request.communities else ()
    if cards:
        voice.move_to(cards[0].timezone)
    return cards


def chosen_community(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityCard | None:
    """This will give the community of the address, or None for all; another company's does not exist."""
    asked = request.query.maybe_id("community")
    if asked is None:
        return None
    found = next((card for card in cards if card.id == asked), None)
    if found is None:
        raise NotFound("community")
    return found
