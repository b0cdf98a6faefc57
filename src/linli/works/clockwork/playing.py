"""Playing: outings become checkouts that are paid, served, refused, cancelled or refunded, at instants passed down.

Each step looks at where things stand and takes them on, so that playing an outing twice, or on from where a killed
process left it, comes to the same end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound
from linli.money.payments import actions as payments
from linli.spine import outbox, sql
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.actions import Asked, Placed
from linli.trade.orders.queries import Standing
from linli.trade.orders.rules import Fulfilment, OrderState
from linli.trust.reviews import actions as reviews
from linli.works.clockwork import fates
from linli.works.clockwork.serving import Counter, Served, complain, serve
from linli.works.payers import MOST_AT_ONCE, Act, Payers, reference_of

TOGETHER = 50
"""So many outings that follow each other are placed and paid before their orders are served: one wait for them all."""
HEARD_LIMIT_S = 60.0
"""So long a player waits for the provider's word of a payment before it asks by itself."""
REVIEWED_AFTER = timedelta(minutes=30)
_LOOK_S = 0.02


class NotHeard(RuntimeError):
    """The provider took a payment and its word of it never arrived, not even when asked."""


@dataclass(frozen=True, slots=True)
class Outing:
    """What one household orders at its instant; `key` names it for ever and decides what becomes of it.

    `fulfilment` None: the goods come as the shop brings them, or are fetched where the key says so.
    """

    key: str
    buyer: Scope
    lines: tuple[Asked, ...]
    at: datetime
    fulfilment: Fulfilment | None = None
    drop_off: DropOff = DropOff.DOOR


@dataclass(frozen=True, slots=True)
class Begun:
    """An outing that was placed; `paid_at` None means that nobody pays."""

    outing: Outing
    placed: Placed
    paid_at: datetime | None


Shows = Callable[[Scope, OrderId], Sequence[tuple[str, bytes]]]
"""The pictures that a buyer puts beside what they say of an order: their names and bytes."""


def _everybody_is_here() -> bool:
    return True


def _without_pictures(_buyer: Scope, _order: OrderId) -> Sequence[tuple[str, bytes]]:
    return ()


class Player:
    """Takes outings to their ends; `alive` is asked between portions: nobody plays on for a starter that is gone."""

    def __init__(
        self,
        provider_url: str,
        counter: Counter,
        alive: Callable[[], bool] = _everybody_is_here,
        shows: Shows = _without_pictures,
    ) -> None:
        self._payers = Payers(provider_url)
        self._counter = counter
        self._alive = alive
        self._shows = shows
        self._to_review: list[tuple[Scope, OrderId, int, datetime]] = []

    def play(self, outings: Iterable[Outing], told: Callable[[int], None]) -> None:
        """This will play outings in the order of their instants, portion by portion, and tell how many are done."""
        in_order = sorted(outings, key=lambda one: (one.at, one.key))
        for first in range(0, len(in_order), TOGETHER):
            if not self._alive():
                return
            portion = in_order[first : first + TOGETHER]
            self._play_together(portion)
            told(len(portion))
        self._review()

    def bring_in(self, outings: Sequence[Outing]) -> list[Served]:
        """This will have outings placed and paid, and give the orders of those that were, as they then stand."""
        begun = [self._begin(outing) for outing in outings]
        self._pay(begun)
        standings = self._heard([one for one in begun if one.paid_at is not None])
        return [each for one in begun for each in self._orders_of(one, standings)]

    def _play_together(self, portion: Sequence[Outing]) -> None:
        paid = self.bring_in(portion)
        with hurried():
            served = serve(paid, self._counter)
            for each in served:
                complain(each, self._counter(each.standing.shop))
        self._to_review += [
            (each.buyer, each.order, each.fate.stars, each.handed_at + REVIEWED_AFTER)
            for each in served
            if each.fate.stars is not None
        ]

    def _orders_of(self, one: Begun, standings: dict[OrderId, Standing]) -> list[Served]:
        return [
            Served(order, one.outing.buyer, one.paid_at, fates.fate(one.outing.key, nth), standings[order])
            for nth, order in enumerate(one.placed.orders)
            if one.paid_at is not None
        ]

    # ---- placing and paying ----

    def _begin(self, outing: Outing) -> Begun:
        fulfilment = outing.fulfilment or (Fulfilment.PICK_UP if fates.picks_up(outing.key) else None)
        once, (home, *_others) = outing.buyer.keyed(f"outing-{outing.key}"), outing.buyer.homes
        placed = orders.order_now(
            once, lines=outing.lines, home=home, fulfilment=fulfilment, drop_off=outing.drop_off, at=outing.at
        )
        how = fates.payment(outing.key)
        return Begun(outing, placed, None if how.pays_after is None else outing.at + how.pays_after)

    def _pay(self, begun: Sequence[Begun]) -> None:
        acts = []
        for one in begun:
            try:
                page = payments.begin_payment(
                    one.outing.buyer,
                    collection=one.placed.collection,
                    channel=fates.payment(one.outing.key).channel,
                    at=one.outing.at + timedelta(seconds=5),
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
                payments.sweep_pending(at=paid[-1].outing.at + timedelta(minutes=10))
                until, asked = time.monotonic() + HEARD_LIMIT_S, True
            time.sleep(_LOOK_S)
        return now

    # ---- afterwards ----

    def _review(self) -> None:
        """At the end of the day, when what was completed has climbed to those who keep reviews."""
        while outbox.drain(at=datetime.now(UTC)):
            pass
        for buyer, order, stars, at in self._to_review:
            self._patiently(partial(_write_review, buyer, order, stars, self._shows(buyer, order), at))
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


def _write_review(buyer: Scope, order: OrderId, stars: int, uploads: Sequence[tuple[str, bytes]], at: datetime) -> None:
    once = buyer.keyed(f"review-{order}")
    said = fates.praise(f"{order}", stars)
    reviews.write_review(once, order=order, stars=stars, text=said, uploads=uploads, at=at)


def _wait(standings: dict[OrderId, Standing]) -> bool:
    return any(one.state is OrderState.PLACED for one in standings.values())


@contextmanager
def hurried() -> Iterator[None]:
    """This will not wait for the disk inside the block.

    A step that the machine forgets is found missing and taken again; orders and payments, of which the provider knows
    too, are never written like this, and each of them makes all that was written before it last.
    """
    found = sql.fetch_one("SHOW synchronous_commit")
    sql.run("SET synchronous_commit TO off")
    try:
        yield
    finally:
        sql.run("SELECT set_config('synchronous_commit', %s, false)", found[0] if found else "on")
