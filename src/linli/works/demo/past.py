"""The past: some days that the town has lived before a stranger comes, played on a compressed clock.

So that statements, charts, reviews and the bank's file are full of what really went through the house. It is played
once, right after the town was settled and before its worker runs; a demo that is stopped on the way begins again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from linli.kernel.ids import OrderId, ShopId
from linli.spine.scope import Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.rules import Fulfilment, RefundAsk
from linli.works.clockwork import fates, nightfall
from linli.works.clockwork.playing import Outing, Player, hurried
from linli.works.clockwork.serving import Served
from linli.works.demo import earlier, pictures, signing
from linli.works.demo.earlier import Earlier
from linli.works.demo.shelves import Shelves, enough
from linli.works.demo.town import RESIDENT_PHONE, SEED, Town
from linli.works.demo.wishing import Wishes, buyer
from linli.works.payers import plant_difference

DAYS = 10
"""Seven in which a refund may be asked and a merchant's money is held, then a payout, and the bank's word of it."""
OUTINGS_A_DAY = (3, 4, 4, 5)
LIMIT_S = 7.0
"""After so long nobody shops any more until this morning: a stranger is waiting. Nights are never left out, for each
reads its own day of the bank."""
DIFFERS_ON = 0
"""The bill of this day of the past has a difference for an operator to find."""
DIFFERENCE = "AMOUNT_MISMATCH"
UNSAID_ON = 6
"""On this day the visitor bought something that they have not reviewed yet."""
SHOW = 0.6
"""So many of those who say something of an order show a picture."""
_KEPT = timedelta(hours=3, minutes=40)
_OPENS_S, _CLOSES_S = 8 * 3600, 21 * 3600


def days_before(now: datetime, zone: ZoneInfo) -> list[date]:
    """This will name the days that have closed by now, as many as are played, the oldest first."""
    last = (now.astimezone(zone) - _KEPT).date() - timedelta(days=1)
    return [last - timedelta(days=n) for n in reversed(range(DAYS))]


def settled_at(now: datetime, zone: ZoneInfo) -> datetime:
    """This will tell when the town has to be settled, so that its first day finds it."""
    return datetime.combine(days_before(now, zone)[0], clock(6), zone)


def opened_at(now: datetime, zone: ZoneInfo) -> datetime:
    """This will tell when its people live there and its shops are open, weeks before."""
    return earlier.opened_at(days_before(now, zone)[-1], zone)


@dataclass
class Past:
    """One town's past; `provider_url` is where its money moves, `stopping` ends it between two portions."""

    town: Town
    provider_url: str
    stopping: threading.Event

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.town.timezone)
        self._wishes = Wishes(self.town, Random(SEED))
        self._draw = Random(SEED + 1)
        alive = lambda: not self.stopping.is_set()  # noqa: E731
        self._shelves = Shelves(self.town)
        self._player = Player(self.provider_url, lambda shop: self._shelves.keepers[shop], alive, self._shown)

    def live(self, now: datetime) -> None:
        """This will play the days before now and leave this morning's orders in every state.

        Nothing of it waits for the disk: a town that is not finished is begun again.
        """
        with hurried():
            Earlier(self.town, self._shelves, self._player, self.stopping).live(days_before(now, self._zone)[-1])
            self._live_days(now)
            if not self.stopping.is_set():
                self._shelves.bring(now - timedelta(hours=1))
                self._this_morning(now)
                if resident := buyer(RESIDENT_PHONE, now):
                    signing.sign_up(resident, provider_url=self.provider_url, at=now)
                nightfall.drain()

    def _live_days(self, now: datetime) -> None:
        began = time.monotonic()
        days = days_before(now, self._zone)
        for nth, day in enumerate(days):
            is_late = time.monotonic() - began > LIMIT_S
            if self.stopping.is_set():
                return
            if not is_late:
                self._shelves.bring(datetime.combine(day, clock(5), self._zone))
                self._player.play(list(self._outings(day, nth)), lambda _done: None)
            if nth == UNSAID_ON:
                self._player.play(list(self._said_nothing_of(day)), lambda _done: None)
            if nth == DIFFERS_ON:
                plant_difference(self.provider_url, day=day, kind=DIFFERENCE)
            nightfall.close_day(day, self._zone)

    # ---- what was bought ----

    def _outings(self, day: date, nth: int) -> Iterator[Outing]:
        midnight = datetime.combine(day, clock(), self._zone)
        left = self._shelves.left(midnight + timedelta(hours=20))
        for n in range(self._draw.choice(OUTINGS_A_DAY)):
            at = midnight + timedelta(seconds=self._draw.randint(_OPENS_S, _CLOSES_S))
            scope = buyer(RESIDENT_PHONE, at) if n == 0 and nth % 3 == 0 else self._wishes.somebody(at)
            if scope and (lines := enough(self._wishes.basket(scope.communities[0], at), left)):
                yield Outing(key=f"past-{day}-{n}", buyer=scope, lines=lines, at=at)

    def _said_nothing_of(self, day: date) -> Iterator[Outing]:
        at = datetime.combine(day, clock(10, 20), self._zone)
        scope = buyer(RESIDENT_PHONE, at)
        shop = next(iter(self._shelves.keepers), None)
        left = self._shelves.left(at + timedelta(hours=10))
        if scope and shop and (lines := enough(self._wishes.basket(scope.communities[0], at, shop=shop), left)):
            yield Outing(key=_unsaid(f"mine-{day}"), buyer=scope, lines=lines, at=at)

    def _shown(self, buyer: Scope, order: OrderId) -> Sequence[tuple[str, bytes]]:
        """What was bought, as the buyer's telephone saw it."""
        draw = Random(f"shows {order}")
        if draw.random() >= SHOW:
            return ()
        line = known.order_page(buyer, order=order).lines[0]
        category = self._categories.get(line.title["zh"], "")
        return [("picture.png", pictures.picture(category, draw.randrange(pictures.TINTS)))]

    @cached_property
    def _categories(self) -> dict[str, str]:
        return {good.name["zh"]: good.category for shop in self.town.shops for good in shop.goods}

    # ---- this morning ----

    def _this_morning(self, now: datetime) -> None:
        """Two new orders at the visitor's shop, and one in every other state at whatever shop has it."""
        first, *others = self._shelves.keepers
        for nth, shop in enumerate((first, first, others[0])):
            self._ordered(f"new-{nth}", now - timedelta(minutes=4), shop)
        began = now - timedelta(minutes=50)
        for nth, shop in enumerate((first, others[0], others[1])):
            for step, served in enumerate(self._ordered(f"open-{nth}", began, shop, pieces=3)):
                self._carry(served, nth + step, began + timedelta(minutes=6))
        for served in self._ordered("mine", began, others[0], phone=RESIDENT_PHONE):
            self._carry(served, 2, began + timedelta(minutes=5))
        for nth in range(2):
            for served in self._ordered(f"spoilt-{nth}", began, first):
                self._complain(served, began + timedelta(minutes=6))

    def _ordered(
        self, word: str, at: datetime, shop: ShopId, *, phone: str | None = None, pieces: int = 1
    ) -> list[Served]:
        """So many checkouts at a shop, paid."""
        outings, left = [], self._shelves.left(at)
        for n in range(pieces):
            scope = buyer(phone, at) if phone else self._wishes.somebody(at)
            lines = enough(self._wishes.basket(scope.communities[0], at, shop=shop), left) if scope else ()
            if scope and lines:
                outings.append(Outing(key=paying(f"today-{word}-{n}"), buyer=scope, lines=lines, at=at))
        return self._player.bring_in(outings)

    def _carry(self, one: Served, steps: int, at: datetime) -> None:
        """Accepted, prepared, packed, sent out: so many steps, a few minutes apart."""
        shop, brought = self._shelves.keepers[one.standing.shop], one.standing.fulfilment is Fulfilment.SHOP_DELIVERY
        verbs = (orders.accept_order, orders.prepare_order, orders.finish_order, orders.dispatch_order)
        for nth, verb in enumerate(verbs[: steps + 1]):
            if verb is not orders.dispatch_order or brought:
                verb(shop, order=one.order, at=at + timedelta(minutes=7 * nth))

    def _complain(self, one: Served, at: datetime) -> None:
        """Received a while ago, and a buyer who wants a piece back is waiting for the answer."""
        self._carry(one, 3, at)
        orders.confirm_receipt(one.buyer, order=one.order, at=at + timedelta(minutes=30))
        line = known.order_page(one.buyer, order=one.order).lines[0]
        orders.request_refund(
            one.buyer,
            order=one.order,
            lines=(RefundAsk(line=line.line, quantity=1),),
            reason="有一件坏了。",
            at=at + timedelta(minutes=38),
        )


def _unsaid(key: str) -> str:
    """A key of that name whose fate it is to be paid, served as it was asked for, and not talked about."""
    for n in range(1000):
        name = paying(f"{key}-{n}")
        fate = fates.fate(name, 0)
        if fate.end is fates.End.SERVED and fate.stars is None and fate.refund_after is None:
            return name
    raise LookupError(key)


def paying(key: str) -> str:
    """This will give a key of that name whose fate it is to be paid."""
    return next(name for n in range(100) if fates.payment(name := f"{key}.{n}").pays_after is not None)
