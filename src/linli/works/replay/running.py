"""Running a replay: set the stage once, play day after day, close each, let the money settle, and sum up."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import msgspec

from linli.works.clockwork import nightfall
from linli.works.replay import staging
from linli.works.replay.cast import COMMUNITIES, HOMES, ZONE, Cast, homes_in_order, visits
from linli.works.replay.panel import Product, day_of, write_out
from linli.works.replay.players import Company, apart
from linli.works.replay.summing import Summary, sum_up
from linli.works.replay.wish import Wish

STAGED_BEFORE = timedelta(days=1)
SETTLING_DAYS = 19
"""So many quiet days follow: seven in which a refund may be asked, seven in which money is held, and the bank's own."""
CAST, PRODUCTS, PROGRESS = "cast.msgpack", "products.json", "progress.json"


class Progress(msgspec.Struct):
    """A hint, no truth: which days need not be looked at again. Without it every step finds itself done already."""

    played: list[date] = msgspec.field(default_factory=list)
    closed: list[date] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    seconds_before: float = 0.0


Bar = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done and how much there is."""


def replay(wish: Wish, folder: Path, provider_url: str, *, tell: Bar, count_rows: Callable[[], None]) -> Summary:
    """This will play the wish in the current database, from its beginning or from where a killed run left it.

    `count_rows` tells the database how full its tables are: a week in minutes grows faster than it looks by itself.
    """
    began = time.monotonic()
    cast, products = _stage(wish, folder, tell)
    progress = _progress(folder)
    total = sum(1 for day in wish.dates for _basket in day_of(folder, day)) * wish.times
    done = sum(1 for day in progress.played for _basket in day_of(folder, day)) * wish.times
    nightfall.drain()
    count_rows()
    company = Company(folder, wish.times, wish.players, provider_url)
    try:
        for day in wish.dates:
            if day not in progress.played:
                staging.deliver_fresh(cast, products=products, demand=_demand(folder, [day], wish, cast), day=day)
                done = _play(company, day, done, total, tell)
                _note(folder, progress, began, played=day)
            tell(f"closing {day}", done, total)
            _close(folder, progress, began, day)
            count_rows()
    finally:
        company.stop()
    last = wish.dates[-1]
    for nth in range(1, SETTLING_DAYS + 1):
        tell(f"letting the money settle, day {nth} of {SETTLING_DAYS}", total, total)
        _close(folder, progress, began, last + timedelta(days=nth))
    end = datetime.combine(last + timedelta(days=SETTLING_DAYS + 2), clock(), ZONE)
    return sum_up(cast.city, at=end, seconds=progress.seconds)


def _play(company: Company, day: date, done: int, total: int, tell: Bar) -> int:
    def told(more: int) -> None:
        nonlocal done
        done += more
        tell(f"playing {day}", done, total)

    company.play(day, told)
    return done


def _close(folder: Path, progress: Progress, began: float, day: date) -> None:
    if day not in progress.closed:
        nightfall.close_day(day, ZONE)
        _note(folder, progress, began, closed=day)


# ---- the stage ----


def _stage(wish: Wish, folder: Path, tell: Bar) -> tuple[Cast, list[Product]]:
    """Each step leaves a file, written whole at its end; who was killed on the way takes it up at the first missing."""
    if not (folder / PRODUCTS).exists():
        tell("reading the baskets", 0, 1)
        found = apart(write_out, wish.panel, wish.households, wish.start, wish.days, folder)
        _write(folder / PRODUCTS, msgspec.json.encode(found))
    products = msgspec.json.decode((folder / PRODUCTS).read_bytes(), type=list[Product])
    if not (folder / CAST).exists():
        _write(folder / CAST, msgspec.msgpack.encode(_set_stage(wish, folder, products, tell)))
    return msgspec.msgpack.decode((folder / CAST).read_bytes(), type=Cast), products


def _set_stage(wish: Wish, folder: Path, products: list[Product], tell: Bar) -> Cast:
    """Asked again with the same key and the same baskets, the house answers the cast of the first time."""
    names = homes_in_order(wish.households, wish.times)
    tell(f"setting the stage: {len(names)} homes, {len(products)} products", 0, 1)
    markets = {name: n // HOMES // COMMUNITIES for n, name in enumerate(names)}
    demand: Counter[tuple[int, int]] = Counter()
    for day in wish.dates:
        demand.update(staging.demand_of(visits(day, day_of(folder, day), wish.times), markets))
    wanted = [(market, product, units) for (market, product), units in sorted(demand.items())]
    at = datetime.combine(wish.start, clock(), ZONE) - STAGED_BEFORE
    once = staging.STAGE_HAND.keyed(f"replay-stage-{wish.mark}")
    return staging.set_stage(once, names=names, products=products, demand=wanted, at=at)


def _demand(folder: Path, days: list[date], wish: Wish, cast: Cast) -> staging.Demand:
    markets = {name: cast.market_of(household) for name, household in cast.households.items()}
    every = (visit for day in days for visit in visits(day, day_of(folder, day), wish.times))
    return staging.demand_of(every, markets)


# ---- the hint ----


def _progress(folder: Path) -> Progress:
    try:
        found = msgspec.json.decode((folder / PROGRESS).read_bytes(), type=Progress)
    except (OSError, msgspec.MsgspecError):
        return Progress()
    found.seconds_before = found.seconds
    return found


def _note(
    folder: Path, progress: Progress, began: float, *, played: date | None = None, closed: date | None = None
) -> None:
    """`seconds` grows by what this run has taken since it noted last, so that a killed run's time is counted too."""
    progress.seconds = round(progress.seconds_before + time.monotonic() - began, 1)
    progress.played += [played] if played else []
    progress.closed += [closed] if closed else []
    _write(folder / PROGRESS, msgspec.json.encode(progress))


def _write(file: Path, content: bytes) -> None:
    half = file.with_suffix(".half")
    half.write_bytes(content)
    half.replace(file)
