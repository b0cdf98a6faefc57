"""The weeks before: a few market days on which neighbours bought at the visitor's shop as they are used to.

So that who comes again, who stays away and what is worth carrying can be told from what really went through the house:
every order is placed, paid at the provider and served, and each of these days has its night.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random
from zoneinfo import ZoneInfo

from linli.kernel.ids import ShopId, VariantId
from linli.money.payouts import queries as payouts
from linli.money.payouts.rules import PayoutState
from linli.spine.scope import SYSTEM
from linli.trade.orders.actions import Asked
from linli.trade.stock import queries as stock
from linli.works.clockwork import nightfall
from linli.works.clockwork.playing import Outing, Player
from linli.works.demo.shelves import Shelves
from linli.works.demo.town import RESIDENT_PHONE, SEED, Town
from linli.works.demo.wishing import buyer

WEEKS_AGO = (9, 7, 5, 2)
"""The market days, in weeks before the last day that has closed."""
HABITS = ((8, (9, 7, 5, 2)), (7, (9, 7, 5)), (6, (7,)), (7, (2,)))
"""In each community so many homes came in these weeks: regulars, lapsing, at times, new."""
COMMUNITIES = 2
"""In so many of them; the third has too few of any kind to be shown, which a stranger should see as well."""
FAVOURITES, AT_ONCE, MOST_OF_ONE = 5, (2, 3, 3, 4), 2
MOST_NIGHTS = 10
"""At most so many nights follow each market day; they end when the bank has said what became of all that was drawn."""
KEEPS_D = 200
"""What keeps no longer is brought by the few: there are weeks between two market days."""
LIMIT_S = 40.0
"""After so long the weeks that are left are not played: a stranger is waiting."""
OPENED_BEFORE = timedelta(days=7)
_OPENS_S, _CLOSES_S = 9 * 3600, 20 * 3600


def market_days(last: date) -> list[date]:
    """This will name the market days before a town's last closed day, the oldest first."""
    return [last - timedelta(weeks=ago) for ago in WEEKS_AGO]


def opened_at(last: date, zone: ZoneInfo) -> datetime:
    """This will tell when the shops have to stand, so that the first market day finds them."""
    return datetime.combine(market_days(last)[0] - OPENED_BEFORE, clock(6), zone)


@dataclass(frozen=True, slots=True)
class _Home:
    """Somebody who buys for a home, in which weeks, and what."""

    phone: str
    weeks: tuple[int, ...]
    favourites: tuple[VariantId, ...]


def _is_money_on_its_way() -> bool:
    """Whether something drawn for a payee has not been heard of by the bank's file yet."""
    ends = (PayoutState.SETTLED, PayoutState.FAILED, PayoutState.RETURNED)
    return any(each.state not in ends for each in payouts.payouts(SYSTEM, limit=500))


class Earlier:
    """The market days of a town; `stopping` ends them between two."""

    def __init__(self, town: Town, shelves: Shelves, player: Player, stopping: threading.Event) -> None:
        self._town, self._shelves, self._player, self._stopping = town, shelves, player, stopping
        self._zone = ZoneInfo(town.timezone)
        self._draw = Random(SEED + 2)

    def live(self, last: date) -> None:
        """This will play them as long as there is time."""
        began, shop = time.monotonic(), next(iter(self._shelves.keepers))
        homes = list(self._homes(shop))
        for ago, day in zip(WEEKS_AGO, market_days(last), strict=True):
            if self._stopping.is_set() or time.monotonic() - began > LIMIT_S:
                return
            opens = datetime.combine(day, clock(5), self._zone)
            self._shelves.bring(opens, only={shop}, fresh_days=KEEPS_D)
            self._player.play(list(self._outings(homes, ago, day)), lambda _done: None)
            for later in range(MOST_NIGHTS):
                nightfall.close_day(day + timedelta(days=later), self._zone)
                if not _is_money_on_its_way():
                    break

    def _homes(self, shop: ShopId) -> Iterator[_Home]:
        """One buyer of each home; the visitor herself is a regular."""
        goods = list(self._shelves.goods[shop])
        liked = [1 / (place + 1) ** 0.8 for place in range(len(goods))]  # a few things everybody buys
        self._draw.shuffle(goods)
        for nth, community in enumerate(self._town.communities[:COMMUNITIES]):
            buyers = list({each.home: each.phone for each in reversed(community.neighbours)}.values())
            wanted = sum(count for count, _weeks in HABITS)
            drawn = self._draw.sample(
                [phone for phone in buyers if phone != RESIDENT_PHONE], min(wanted, len(buyers) - 1)
            )
            phones = iter([RESIDENT_PHONE, *drawn] if nth == 0 else drawn)
            for count, weeks in HABITS:
                for _home, phone in zip(range(count), phones, strict=False):
                    yield _Home(phone, weeks, tuple(dict.fromkeys(self._draw.choices(goods, liked, k=FAVOURITES))))

    def _outings(self, homes: list[_Home], ago: int, day: date) -> Iterator[Outing]:
        midnight = datetime.combine(day, clock(), self._zone)
        liked = {each for home in homes for each in home.favourites}
        left = dict(stock.available(variants=list(liked), at=midnight + timedelta(hours=20)))
        for home in homes:
            at = midnight + timedelta(seconds=self._draw.randint(_OPENS_S, _CLOSES_S))
            scope = buyer(home.phone, at) if ago in home.weeks else None
            here = [each for each in home.favourites if left.get(each, 0) >= MOST_OF_ONE]
            if scope and here:
                wanted = self._draw.sample(here, min(len(here), self._draw.choice(AT_ONCE)))
                lines = tuple(Asked(variant=each, quantity=self._draw.choice((1, 1, MOST_OF_ONE))) for each in wanted)
                for line in lines:
                    left[line.variant] -= line.quantity
                yield Outing(key=f"earlier-{day}-{home.phone}", buyer=scope, lines=lines, at=at)
