"""Playing: visits become checkouts that are paid, served, refused, cancelled or refunded, at instants passed down.

Each step looks at where things stand and takes them on, so that playing a visit twice, or on from where a killed
process left it, comes to the same end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from linli.kernel.ids import OrderId, ShopId
from linli.kernel.refusals import NotFound
from linli.money.payments import actions as payments
from linli.spine import outbox, sql
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.actions import Asked, Placed
from linli.trade.orders.queries import Standing
from linli.trade.orders.rules import Fulfilment, OrderState
from linli.trust.reviews import actions as reviews
from linli.works.payers import MOST_AT_ONCE, Act, Payers, reference_of
from linli.works.replay import fates
from linli.works.replay.cast import Cast, Visit
from linli.works.replay.serving import Served, complain, serve

TOGETHER = 50
"""So many visits that follow each other are placed and paid before their orders are served: one wait for them all."""
HEARD_LIMIT_S = 60.0
"""So long a player waits for the provider's word of a payment before it asks by itself."""
REVIEWED_AFTER = timedelta(minutes=30)
_LOOK_S = 0.02


class NotHeard(RuntimeError):
    """The provider took a payment and its word of it never arrived, not even when asked."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit that was placed; `paid_at` None means that nobody pays."""

    visit: Visit
    placed: Placed
    paid_at: datetime | None


class Player:
    """Plays a share of the visits; `alive` is asked between portions: nobody plays on for a starter that is gone."""

    def __init__(self, cast: Cast, departments: dict[int, int], provider_url: str, alive: Callable[[], bool]) -> None:
        self._cast = cast
        self._stall_of = departments
        self._payers = Payers(provider_url)
        self._alive = alive
        self._to_review: list[tuple[Scope, OrderId, int, datetime]] = []
        self._owner_of = {shelf.shop: shelf.owner for market in cast.markets for shelf in market}

    def play(self, visits: Iterable[Visit], told: Callable[[int], None]) -> None:
        """This will play visits in the order of their instants, portion by portion, and tell how many are done."""
        in_order = sorted(visits, key=lambda v: (v.at, v.key))
        for first in range(0, len(in_order), TOGETHER):
            if not self._alive():
                return
            portion = in_order[first : first + TOGETHER]
            self._play_together(portion)
            told(len(portion))
        self._review()

    def _play_together(self, portion: Sequence[Visit]) -> None:
        begun = [one for visit in portion if (one := self._begin(visit))]
        self._pay(begun)
        standings = self._heard([one for one in begun if one.paid_at is not None])
        with hurried():
            served = serve([each for one in begun for each in self._orders_of(one, standings)], self._counter)
            for each in served:
                complain(each, self._counter(each.standing.shop))
        self._to_review += [
            (each.buyer, each.order, each.fate.stars, each.handed_at + REVIEWED_AFTER)
            for each in served
            if each.fate.stars is not None
        ]

    def _orders_of(self, one: Begun, standings: dict[OrderId, Standing]) -> list[Served]:
        return [
            Served(order, self._buyer(one.visit), one.paid_at, fates.fate(one.visit.key, nth), standings[order])
            for nth, order in enumerate(one.placed.orders)
            if one.paid_at is not None
        ]

    # ---- placing and paying ----

    def _begin(self, visit: Visit) -> Begun | None:
        scope = self._buyer(visit)
        market = self._cast.markets[self._cast.market_of(self._cast.households[visit.household])]
        lines = [
            Asked(variant=market[self._stall_of[product]].variants[product], quantity=quantity)
            for product, quantity in visit.items
        ]
        fulfilment = Fulfilment.PICK_UP if fates.picks_up(visit.key) else None
        once = scope.keyed(f"replay-{visit.key}")
        placed = orders.order_now(once, lines=lines, home=scope.homes[0], fulfilment=fulfilment, at=visit.at)
        how = fates.payment(visit.key)
        return Begun(visit, placed, None if how.pays_after is None else visit.at + how.pays_after)

    def _pay(self, begun: Sequence[Begun]) -> None:
        acts = []
        for one in begun:
            try:
                page = payments.begin_payment(
                    self._buyer(one.visit),
                    collection=one.placed.collection,
                    channel=fates.payment(one.visit.key).channel,
                    at=one.visit.at + timedelta(seconds=5),
                )
            except payments.CannotPay:
                continue  # a player before us got this far
            if one.paid_at is not None:
                acts.append(Act(reference_of(page.url), one.paid_at))
        for first in range(0, len(acts), MOST_AT_ONCE):
            self._payers.pay(acts[first : first + MOST_AT_ONCE])

    def _heard(self, paid: Sequence[Begun]) -> dict[OrderId, Standing]:
        """Wait until the provider's signed word of every payment has arrived and climbed, and tell how orders stand."""
        wanted = [order for one in paid for order in one.placed.orders]
        until = time.monotonic() + HEARD_LIMIT_S
        asked = False
        while _wait(now := known.standings(SYSTEM, orders=wanted)):
            if outbox.drain(at=datetime.now(UTC)):
                continue
            if time.monotonic() > until:
                if asked:
                    raise NotHeard(", ".join(str(order) for order in wanted[:3]))
                payments.sweep_pending(at=paid[-1].visit.at + timedelta(minutes=10))
                until, asked = time.monotonic() + HEARD_LIMIT_S, True
            time.sleep(_LOOK_S)
        return now

    # ---- afterwards ----

    def _review(self) -> None:
        """At the end of the day, when what was completed has climbed to those who keep reviews."""
        while outbox.drain(at=datetime.now(UTC)):
            pass
        for buyer, order, stars, at in self._to_review:
            once = buyer.keyed(f"replay-review-{order}")
            self._patiently(lambda: reviews.write_review(once, order=order, stars=stars, at=at))  # noqa: B023
        self._to_review.clear()

    def _patiently(self, write: Callable[[], object]) -> None:
        """Another player may be carrying the very fact that a review waits for."""
        until = time.monotonic() + HEARD_LIMIT_S
        while True:
            try:
                write()
            except NotFound:
                if time.monotonic() > until:
                    raise
                time.sleep(_LOOK_S)
            else:
                return

    def _buyer(self, visit: Visit) -> Scope:
        household = self._cast.households[visit.household]
        return Scope(
            role=Role.RESIDENT,
            person=household.party,
            city=self._cast.city,
            communities=(self._cast.communities[household.community],),
            homes=(household.home,),
        )

    def _counter(self, shop: ShopId) -> Scope:
        return Scope(role=Role.MERCHANT, person=self._owner_of[shop], city=self._cast.city, shop=shop)


def _wait(standings: dict[OrderId, Standing]) -> bool:
    return any(one.state is OrderState.PLACED for one in standings.values())


@contextmanager
def hurried() -> Iterator[None]:
    """This will not wait for the disk inside the block.

    A step that the machine forgets is found missing and taken again; orders and payments, of which the provider knows
    too, are never written like this, and each of them makes all that was written before it last.
    """
    sql.run("SET synchronous_commit TO off")
    try:
        yield
    finally:
        sql.run("SET synchronous_commit TO on")
