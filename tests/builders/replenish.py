"""Purchases of a home for tests; everything goes through the doors of the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from builders import AT, a_listing, a_shop
from builders.orders import Order, an_order, climb
from builders.places import Community, Home
from builders.shops import Listing
from linli.insight.replenish import actions


def a_good(name: str = "东北大米 5kg", *, community: Community | None = None) -> Listing:
    """A thing that a shop sells around the clock, of which there is always enough."""
    shop = a_shop(community=community).open_around_the_clock()
    return a_listing(name, shop=shop, stock=1000)


def bought(good: Listing, home: Home, days: Iterable[int], *, quantity: int = 1) -> list[Order]:
    """The owner of the home buys it on these days after `AT`, each time until it is received."""
    done = []
    for day in days:
        done.append(an_order(good, quantity, home=home, at=AT + timedelta(days=day)).completed())
        climb(done[-1].at)
    return done


def asked(home: Home, *, shares: bool = False, at: datetime = AT) -> Home:
    """The owner asks to be told."""
    actions.begin(home.scope, home=home.id, shares=shares, at=at)
    return home


def habits_of(homes: int, things: int) -> Iterator[tuple[int, int, int]]:
    """Homes that shop once a week and take each of fourteen things every so many visits: home, thing, days ago."""
    draw = Random(5)
    for home in range(homes):
        taken = {thing: draw.randint(2, 8) for thing in draw.sample(range(things), 14)}
        for visit, ago in enumerate(range(120 - draw.randint(0, 6), 0, -7)):
            for thing, every in taken.items():
                if (visit + thing) % every == 0:
                    yield home, thing, ago
