"""Playing: visits become checkouts that are paid, served, refused, cancelled or refunded, at instants passed down.

Each step looks at where things stand and takes them on, so that playing a visit twice, or on from where a killed
process left it, comes to the same end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound
from linli.money.payments import actions as payments
from linli.spine import outbox
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.actions import Asked, Placed
from linli.trade.orders.rules import CheckoutState, Fulfilment, OrderState, RefundAsk, RefundState
from linli.trust.reviews import actions as reviews
from linli.works.payers import MOST_AT_ONCE, Act, Payers, reference_of
from linli.works.replay import fates
from linli.works.replay.cast import Cast, Shelf, Visit
from linli.works.replay.fates import End, Fate

TOGETHER = 40
"""So many visits that follow each other are placed and paid before their orders are served: one wait for them all."""
HEARD_LIMIT_S = 60.0
"""So long a player waits for the provider's word of a payment before it asks by itself."""
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
        self._shelf_of = {shelf.shop: shelf for market in cast.markets for shelf in market}

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
        for one in begun:
            if one.paid_at is None:
                continue
            for nth, order in enumerate(self._heard(one)):
                self._serve(one, order, fates.fate(one.visit.key, nth))

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

    def _heard(self, one: Begun) -> tuple[OrderId, ...]:
        """Wait until the provider's signed word has arrived and climbed; its orders in the order they were placed."""
        until = time.monotonic() + HEARD_LIMIT_S
        asked = False
        while known.checkout_page(SYSTEM, checkout=one.placed.checkout).state is CheckoutState.PAYING:
            if outbox.drain(at=datetime.now(UTC)):
                continue
            if time.monotonic() > until:
                if asked:
                    raise NotHeard(str(one.placed.checkout))
                payments.sweep_pending(at=one.visit.at + timedelta(minutes=10))
                until, asked = time.monotonic() + HEARD_LIMIT_S, True
            time.sleep(_LOOK_S)
        return one.placed.orders

    # ---- serving ----

    def _serve(self, one: Begun, order: OrderId, fate: Fate) -> None:
        buyer = self._buyer(one.visit)
        page = known.order_page(SYSTEM, order=order)
        shop = self._counter(self._shelf_of[page.shop])
        at, state = (one.paid_at or one.visit.at) + fate.decided_after, page.state
        if state is OrderState.PAID:
            if fate.end is End.REFUSED:
                return orders.refuse_order(shop, order=order, reason="Sold out on the shelf.", at=at)
            if fate.end is End.CANCELLED:
                return orders.cancel_order(buyer, order=order, at=at)
            orders.accept_order(shop, order=order, at=at)
            state = OrderState.ACCEPTED
        at += fate.ready_after
        if state is OrderState.ACCEPTED:
            orders.finish_order(shop, order=order, at=at)
            state = OrderState.READY
        at += fate.sent_after
        if state is OrderState.READY and page.fulfilment is Fulfilment.SHOP_DELIVERY:
            orders.dispatch_order(shop, order=order, at=at)
            state = OrderState.IN_DELIVERY
        at += fate.handed_after
        if state in (OrderState.READY, OrderState.IN_DELIVERY):
            code = known.order_page(buyer, order=order).code or ""
            orders.hand_over_order(shop, order=order, code=code, at=at)
            state = OrderState.COMPLETED
        if state is OrderState.COMPLETED and fate.stars is not None:
            self._to_review.append((buyer, order, fate.stars, at + timedelta(minutes=30)))
        if state is OrderState.COMPLETED and fate.refund_after is not None:
            self._refund(buyer, shop, order, fate, at + fate.refund_after)
        return None

    def _refund(self, buyer: Scope, shop: Scope, order: OrderId, fate: Fate, at: datetime) -> None:
        """The first line was not good: its buyer asks for one unit back, and the shop answers."""
        line = known.order_page(buyer, order=order).lines[0].line
        refund = orders.request_refund(
            buyer.keyed(f"replay-refund-{order}"),
            order=order,
            lines=(RefundAsk(line=line, quantity=1),),
            reason="One of them was spoilt.",
            at=at,
        )
        page = known.order_page(shop, order=order)
        if next(each.state for each in page.refunds if each.refund == refund) is RefundState.ASKED:
            reason = "" if fate.refund_granted else "It was whole when it left us."
            orders.answer_refund(
                shop, refund=refund, grant=fate.refund_granted, reason=reason, at=at + timedelta(minutes=5)
            )

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

    def _counter(self, shelf: Shelf) -> Scope:
        return Scope(role=Role.MERCHANT, person=shelf.owner, city=self._cast.city, shop=shelf.shop)
