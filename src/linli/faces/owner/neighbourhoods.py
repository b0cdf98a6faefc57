"""In which community a page stands: the reader's own, or the one that a guest looks at."""

from __future__ import annotations

from linli.faces.shell import voice
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.scope import Role
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import BasketPage


def look_at(community: CommunityId) -> CommunityCard:
    """This will give a community's card and tell the times of the page in its zone."""
    card = places.community(community)
    voice.move_to(card.timezone)
    return card


def own(request: OwnerRequest) -> CommunityId:
    """This will give the community whose hat the resident wears; without a home there is none."""
    if not request.communities:
        raise NotFound("community")
    return request.communities[0]


def lives_in(request: OwnerRequest, community: CommunityId) -> bool:
    """This will tell whether the reader may fill a basket in this community."""
    return request.scope.role is Role.RESIDENT and not request.check_due and community in request.communities


def basket_in(request: OwnerRequest, community: CommunityId) -> BasketPage | None:
    """This will give the reader's basket there, for the bar that follows them; guests have none."""
    if not lives_in(request, community):
        return None
    return orders.basket_page(request.scope, community=community, at=request.at)
