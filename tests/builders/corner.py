"""A resident with two shops round the corner, as the owner's pages meet them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from builders.clock import AT
from builders.places import Community, Home, a_home
from builders.shops import Listing, Shop, a_listing, a_shop
from linli.kernel.ids import CheckoutId, CommunityId
from linli.spine.scope import Scope
from linli.trade.orders import actions


@dataclass(frozen=True)
class Corner:
    """A home, a greengrocer that brings its goods and a bakery whose goods are fetched."""

    home: Home
    greengrocer: Shop
    bakery: Shop
    tomatoes: Listing
    bread: Listing

    @property
    def community(self) -> Community:
        return self.home.community

    @property
    def scope(self) -> Scope:
        return self.home.scope

    def filled(self) -> Corner:
        """Two tomatoes and a bread in the basket."""
        for listing, quantity in ((self.tomatoes, 2), (self.bread, 1)):
            actions.add_to_basket(
                self.scope, community=self.community.id, variant=listing.variant, quantity=quantity, at=AT
            )
        return self

    def locked(self) -> CheckoutId:
        actions.set_basket_home(self.scope, home=self.home.id, at=AT)
        return actions.lock_checkout(self.scope, community=self.community.id, at=AT)


def a_corner() -> Corner:
    """A greengrocer and a bakery that are always open, with some of each thing in stock."""
    home = a_home("7-2-1203").with_owner()
    greengrocer = a_shop(community=home.community).open_around_the_clock().delivering(fee="4.00")
    bakery = a_shop(community=home.community, kind="household").open_around_the_clock()
    tomatoes = a_listing("番茄", en="Tomatoes", shop=greengrocer, price="6.80", stock=40)
    return Corner(
        home, greengrocer, bakery, tomatoes, a_listing("吐司", en="Loaf", shop=bakery, price="12.00", stock=3)
    )


def owner(*parts: str | UUID) -> str:
    """This will write an address of the owner's face."""
    return "/o/" + "".join(f"{part}/" for part in parts)


def around(community: CommunityId, *parts: str | UUID) -> str:
    """This will write an address in a community that anybody may look at."""
    return owner("communities", community, *parts)
