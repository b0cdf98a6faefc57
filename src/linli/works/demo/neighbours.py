"""`--live`: neighbours who order, pay, fetch and sometimes change their minds, at a rhythm that an eye can follow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from random import Random

import structlog
from django.db import connection

from linli.kernel.ids import OrderId, ShopId
from linli.kernel.refusals import Refusal
from linli.money.payments import actions as payments
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.rules import Fulfilment
from linli.works.demo.afterwards import Afterwards
from linli.works.demo.merchants import Merchants
from linli.works.demo.town import Town
from linli.works.demo.wishing import Wishes, keeper
from linli.works.payers import Act, NotPaid, Payers, reference_of

BEAT_S = 1.0
ORDER_EVERY_S = ((500, 4.0), (3_000, 30.0), (20_000, 300.0))
"""Seconds between two checkouts while the database holds so many orders at most; beyond the last nobody orders: boards
go on moving for weeks, and the disk does not fill."""
MOST_OPEN = 60
"""So many orders under way are enough for every board; more neighbours wait until some are served."""
CHANGE_OF_MIND = 0.04
FETCHES = 0.3
_CHANNELS = ("wechat", "wechat", "alipay")
_log = structlog.get_logger()


def pause_s(orders_so_far: int) -> float | None:
    """This will tell how long neighbours wait between two checkouts, or None where there are orders enough."""
    return next((pause for most, pause in ORDER_EVERY_S if orders_so_far < most), None)


class Neighbours(threading.Thread):
    """One thread that lets simulated people act, a beat a second, until told to stop."""

    def __init__(self, town: Town, provider_url: str) -> None:
        super().__init__(name="neighbours", daemon=True)
        self.stopping = threading.Event()
        self._town = town
        self._draw = Random()
        self._payers = Payers(provider_url)
        self._wishes = Wishes(town, self._draw)
        self._afterwards = Afterwards(self._draw)
        self._merchants = Merchants(town, self._afterwards.remember)
        self._orders: int | None = None
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
        self._afterwards.speak(at)
        self._until_next_s -= BEAT_S
        pause = pause_s(self._all_orders())
        if self._until_next_s <= 0 and open_orders < MOST_OPEN and pause is not None:
            self._until_next_s = self._draw.uniform(0.6, 1.4) * pause
            self._somebody_orders(at)

    @cached_property
    def _by_couriers(self) -> frozenset[ShopId]:
        """Where goods come by courier neighbours only fetch them: nobody simulated sits on a courier's trike."""
        found = (keeper(shop.owner.phone, datetime.now(UTC)) for shop in self._town.shops if shop.by_couriers)
        return frozenset(scope.shop for scope in found if scope and scope.shop)

    def _all_orders(self) -> int:
        """Counted once; from then on this program adds what it places itself."""
        if self._orders is None:
            self._orders = sum(known.tally(SYSTEM).orders.values())
        return self._orders

    def _somebody_orders(self, at: datetime) -> None:
        scope = self._wishes.somebody(at)
        if scope is None:
            return
        fetches = self._draw.random() < FETCHES
        without = self._merchants.busy if fetches else self._merchants.busy | self._by_couriers
        asked = self._wishes.basket(scope.communities[0], at, without=without)
        if not asked:
            return
        how = Fulfilment.PICK_UP if fetches else None
        try:
            placed = orders.order_now(scope, lines=asked, home=scope.homes[0], fulfilment=how, at=at)
            page = payments.begin_payment(
                scope, collection=placed.collection, channel=self._draw.choice(_CHANNELS), at=at
            )
            self._payers.pay([Act(reference_of(page.url))])
        except (Refusal, NotPaid) as refused:
            self._merchants.restock(getattr(refused, "values", {}).get("variant"), at)
            return
        self._orders = self._all_orders() + len(placed.orders)
        if self._draw.random() < CHANGE_OF_MIND:
            self._change_mind(scope, placed.orders)

    def _change_mind(self, scope: Scope, placed: Sequence[OrderId]) -> None:
        """The word of the payment arrives in a moment; then the buyer thinks better of one of the orders."""
        self.stopping.wait(2)
        try:
            orders.cancel_order(scope, order=self._draw.choice(placed), at=datetime.now(UTC))
        except Refusal:
            _log.info("too_late_to_cancel")
