"""In which community a page stands: the reader's own, or the one that a guest looks at.

Its card, the categories and the names of shops change seldom and are the same for all, so a process remembers them for
a few seconds.
"""

from __future__ import annotations

from collections.abc import Iterable

from linli.faces.shell import voice
from linli.faces.shell.remembered import Remembered
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, ShopId
from linli.kernel.refusals import NotFound
from linli.spine.scope import Role
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import CategoryCard
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.queries import Offered
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import BasketPage
from linli.trade.shops import queries as shops

REMEMBERED_S = 10.0
_cards: Remembered[CommunityId, CommunityCard] = Remembered(seconds=REMEMBERED_S, most=1000)
_trees: Remembered[None, tuple[CategoryCard, ...]] = Remembered(seconds=REMEMBERED_S, most=1)
_runs: Remembered[CommunityId, Offered] = Remembered(seconds=REMEMBERED_S, most=1000)
_names: Remembered[frozenset[ShopId], dict[ShopId, dict[str, str]]] = Remembered(seconds=REMEMBERED_S, most=1000)


def look_at(community: CommunityId) -> CommunityCard:
    """This will give a community's card and tell the times of the page in its zone."""
    card = _cards.get(community, lambda: places.community(community))
    voice.move_to(card.timezone)
    return card


def categories() -> tuple[CategoryCard, ...]:
    """This will give the tree of categories."""
    return _trees.get(None, catalogue.categories)


def runs(request: OwnerRequest, community: CommunityId) -> Offered:
    """This will tell how couriers come to a community, for a card that names the next shared run and its fee."""
    return _runs.get(community, lambda: delivery.offered(community=community, at=request.at))


def shop_names(named: Iterable[ShopId]) -> dict[ShopId, dict[str, str]]:
    """This will give the names of shops in both languages."""
    wanted = frozenset(named)
    return _names.get(wanted, lambda: shops.names(shops=wanted))


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
