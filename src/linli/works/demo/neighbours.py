"""`--live`: neighbours who order, pay, fetch and sometimes change their minds, at a rhythm that an eye can follow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import structlog
from django.db import connection

from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, OrderId, ShopId
from linli.kernel.refusals import Refusal
from linli.money.payments import actions as payments
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.orders import actions as orders
from linli.trade.orders.actions import Asked
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import ShopCard
from linli.works.demo.merchants import Merchants
from linli.works.demo.town import RESIDENT_PHONE, Town
from linli.works.payers import Act, NotPaid, Payers, reference_of

BEAT_S = 1.0
ORDER_EVERY_S = (3.0, 8.0)
MOST_OPEN = 60
"""So many orders under way are enough for every board; more neighbours wait until some are served."""
MOST_ORDERS = 5_000
"""After so many checkouts of one run the neighbours have all they need."""
CHANGE_OF_MIND = 0.04
_CHANNELS = ("wechat", "wechat", "alipay")
_log = structlog.get_logger()


class Neighbours(threading.Thread):
    """One thread that lets simulated people act, a beat a second, until told to stop."""

    def __init__(self, town: Town, provider_url: str) -> None:
        super().__init__(name="neighbours", daemon=True)
        self.stopping = threading.Event()
        self._draw = Random()
        self._payers = Payers(provider_url)
        self._phones = [n.phone for c in town.communities for n in c.neighbours if n.phone != RESIDENT_PHONE]
        self._popularity = {shop.name["zh"]: shop.popularity for shop in town.shops}
        self._merchants = Merchants(town)
        self._placed = 0
        self._until_next_s = 0.0

    def run(self) -> None:
        """This will go on until told to stop; a beat that fails is no reason to stop the others."""
        while not self.stopping.wait(BEAT_S):
            try:
                self._beat(datetime.now(UTC))
            except Exception as error:
                _log.warning("neighbours_stumbled", error=type(error).__name__, words=str(error)[:200])
                connection.close()
                self.stopping.wait(5)
        connection.close()

    def _beat(self, at: datetime) -> None:
        open_orders = self._merchants.work(at)
        self._until_next_s -= BEAT_S
        if self._until_next_s <= 0 and open_orders < MOST_OPEN and self._placed < MOST_ORDERS:
            self._until_next_s = self._draw.uniform(*ORDER_EVERY_S)
            self._somebody_orders(at)

    def _somebody_orders(self, at: datetime) -> None:
        scope = self._somebody(at)
        if scope is None:
            return
        community = scope.communities[0]
        asked = self._wishes(community, at)
        if not asked:
            return
        try:
            placed = orders.order_now(scope, lines=asked, home=scope.homes[0], at=at)
            page = payments.begin_payment(
                scope, collection=placed.collection, channel=self._draw.choice(_CHANNELS), at=at
            )
            self._payers.pay([Act(reference_of(page.url))])
        except (Refusal, NotPaid) as refused:
            self._merchants.restock(getattr(refused, "values", {}).get("variant"), at)
            return
        self._placed += 1
        if self._draw.random() < CHANGE_OF_MIND:
            self._change_mind(scope, placed.orders)

    def _change_mind(self, scope: Scope, placed: Sequence[OrderId]) -> None:
        """The word of the payment arrives in a moment; then the buyer thinks better of one of the orders."""
        self.stopping.wait(2)
        try:
            orders.cancel_order(scope, order=self._draw.choice(placed), at=datetime.now(UTC))
        except Refusal:
            _log.info("too_late_to_cancel")

    def _somebody(self, at: datetime) -> Scope | None:
        person = people.person_by_phone(SYSTEM, phone=self._draw.choice(self._phones))
        if person is None:
            return None  # a smaller town than the one planned stands in this database
        hats = people.hats(SYSTEM, person=person, at=at)
        return next((hat.scope for hat in hats if hat.role == Role.RESIDENT and hat.scope.homes), None)

    def _wishes(self, community: CommunityId, at: datetime) -> list[Asked]:
        near = [card for card in shops.shops_near(community=community, at=at) if card.is_open]
        asked: list[Asked] = []
        for shop in self._some_shops(near):
            shelf = catalogue.shelf(community=community, shop=shop, limit=100)
            listings = self._draw.sample(shelf.listings, min(len(shelf.listings), self._draw.choice((1, 2, 2, 3, 4))))
            variants = [self._draw.choice(listing.variants).variant for listing in listings]
            priced = catalogue.prices(community=community, variants=variants)
            asked += [self._wish(each) for each in priced.values()]
        return asked

    def _some_shops(self, near: Sequence[ShopCard]) -> set[ShopId]:
        if not near:
            return set()
        weights = [self._popularity.get(card.name["zh"], 1) for card in near]
        return {card.shop for card in self._draw.choices(near, weights, k=self._draw.choice((1, 1, 2)))}

    def _wish(self, priced: PricedVariant) -> Asked:
        chosen = []
        for key, group in priced.groups.items():
            options = [option for option, one in priced.options.items() if one.group == key]
            wanted = max(group.least, self._draw.choice((group.least, group.least, group.most)))
            chosen += self._draw.sample(options, min(wanted, 2 if group.least < 2 else group.least, len(options)))
        return Asked(variant=priced.variant, quantity=self._draw.choice((1, 1, 1, 2, 3)), options=tuple(chosen))
