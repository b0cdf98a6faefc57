"""Wishing: which neighbour wants what now, drawn from what the shops nearby really offer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from random import Random

from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, ShopId
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.orders.actions import Asked
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import ShopCard
from linli.works.demo.town import RESIDENT_PHONE, Town


class Wishes:
    """The neighbours of a town and their tastes."""

    def __init__(self, town: Town, draw: Random) -> None:
        self._draw = draw
        self._phones = [n.phone for c in town.communities for n in c.neighbours if n.phone != RESIDENT_PHONE]
        self._popularity = {shop.name["zh"]: shop.popularity for shop in town.shops}

    def somebody(self, at: datetime) -> Scope | None:
        """This will draw a neighbour; None where a smaller town than the one planned stands in this database."""
        return buyer(self._draw.choice(self._phones), at)

    def basket(
        self, community: CommunityId, at: datetime, *, shop: ShopId | None = None, without: Collection[ShopId] = ()
    ) -> tuple[Asked, ...]:
        """This will draw a few goods of one or two open shops, or of the shop named."""
        cards = shops.shops_near(community=community, at=at)
        near = [c for c in cards if c.is_open and c.shop not in without and shop in (None, c.shop)]
        asked: list[Asked] = []
        for each in self._some_shops(near):
            shelf = catalogue.shelf(community=community, shop=each, limit=100)
            listings = self._draw.sample(shelf.listings, min(len(shelf.listings), self._draw.choice((1, 2, 2, 3, 4))))
            variants = [self._draw.choice(listing.variants).variant for listing in listings]
            priced = catalogue.prices(community=community, variants=variants)
            asked += [self._wish(priced[variant]) for variant in variants if variant in priced]
        return tuple(asked)

    def _some_shops(self, near: Sequence[ShopCard]) -> list[ShopId]:
        if not near:
            return []
        weights = [self._popularity.get(card.name["zh"], 1) for card in near]
        return sorted({card.shop for card in self._draw.choices(near, weights, k=self._draw.choice((1, 1, 2)))})

    def _wish(self, priced: PricedVariant) -> Asked:
        chosen = []
        for key, group in priced.groups.items():
            options = [option for option, one in priced.options.items() if one.group == key]
            wanted = max(group.least, self._draw.choice((group.least, group.least, group.most)))
            chosen += self._draw.sample(options, min(wanted, 2 if group.least < 2 else group.least, len(options)))
        return Asked(variant=priced.variant, quantity=self._draw.choice((1, 1, 1, 2, 3)), options=tuple(chosen))


def buyer(phone: str, at: datetime) -> Scope | None:
    """This will give the scope in which a resident of the town buys."""
    person = people.person_by_phone(SYSTEM, phone=phone)
    hats = people.hats(SYSTEM, person=person, at=at) if person else ()
    return next((hat.scope for hat in hats if hat.role == Role.RESIDENT and hat.scope.homes), None)


def keeper(phone: str, at: datetime) -> Scope | None:
    """This will give the scope of whoever stands behind a counter of the town."""
    person = people.person_by_phone(SYSTEM, phone=phone)
    hats = people.hats(SYSTEM, person=person, at=at) if person else ()
    return next((hat.scope for hat in hats if hat.role == Role.MERCHANT), None)


def desk(phone: str, at: datetime) -> Scope | None:
    """This will give the scope of the property company's staff."""
    person = people.person_by_phone(SYSTEM, phone=phone)
    hats = people.hats(SYSTEM, person=person, at=at) if person else ()
    return next((hat.scope for hat in hats if hat.role == Role.PROPERTY), None)
