"""What runs out soon in the demo: its resident has asked to be told and said what was bought before, and a shop has
brought what went over its counter, so that both find something foretold."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from random import Random

from linli.ground.places import queries as places
from linli.insight.demand import actions as demand
from linli.insight.demand import queries as sold
from linli.insight.demand import rules as counters
from linli.insight.demand.actions import Brought
from linli.insight.replenish import actions, queries, rules
from linli.insight.replenish.actions import Found, Told
from linli.kernel.ids import CommunityId, ShopId, VariantId
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock import actions as stock
from linli.trade.stock.actions import Receipt
from linli.works.demo.town import MERCHANT_PHONE, RESIDENT_PHONE, SEED
from linli.works.demo.wishing import buyer, keeper

RHYTHMS = {"rice": (41, 38), "cooking_oil": (34, 31), "eggs": (13, 11), "toilet_paper": (27, 9), "milk": (9, 6)}
"""About every how many days the resident buys it, and how many days ago last."""
STANDS, STANDS_EVERY_D = "milk", 9
BEFORE_D = 330
WEEKS = 9
"""So many weeks of its counter the shop brings; Saturdays and Sundays sell more."""
WEEKDAYS = (0.85, 0.8, 0.9, 0.95, 1.15, 1.5, 1.3)
MOST_GOODS = 12
TOO_MUCH, SO_MUCH = "嫩豆腐 400克", 90
"""Of this so many came this morning that a part will be left tomorrow evening, so that a price off it is proposed."""


def fill(now: datetime) -> None:
    """This will have the demo's resident and its merchant find something that is foretold."""
    resident, merchant = buyer(RESIDENT_PHONE, now), keeper(MERCHANT_PHONE, now)
    if merchant is not None and merchant.shop is not None and resident is not None:
        ask(resident, merchant.shop, now)
        count(merchant, merchant.shop, resident.communities[0], now)


def ask(resident: Scope, shop: ShopId, now: datetime) -> None:
    """This will ask for the resident's first home, tell of purchases before, and let a standing order fall due."""
    home, community = resident.homes[0], resident.communities[0]
    actions.begin(resident, home=home, shares=False, at=now)
    on_shelf = _on_shelf(community, shop)
    today = places.day_in(community, now)
    told = [
        Told(commodity, day, on_shelf[commodity])
        for commodity, (every, ago) in RHYTHMS.items()
        if commodity in on_shelf
        for day in _days(commodity, every, today - timedelta(days=ago))
    ]
    actions.tell_bought(resident, home=home, told=told, at=now)
    if STANDS in on_shelf:
        actions.begin_standing(resident, home=home, commodity=STANDS, every_days=STANDS_EVERY_D, at=now)
    _propose(community, today, now)


def count(merchant: Scope, shop: ShopId, community: CommunityId, now: datetime) -> None:
    """This will bring what went over a shop's counter in the last weeks, and foretell the next days from it."""
    today, draw = places.day_in(community, now), Random(SEED)
    shelf = catalogue.shelf(community=community, shop=shop, limit=100)
    goods = [listing.variants[0].variant for listing in shelf.listings if listing.kind.value in demand.FRESH]
    days = [today - timedelta(days=ago) for ago in range(1, 7 * WEEKS + 1)]
    usual = {variant: draw.uniform(28, 45) for variant in goods[:MOST_GOODS]}
    brought = [
        Brought(variant, day, max(1, round(draw.gauss(level, math.sqrt(level)) * WEEKDAYS[day.weekday()])))
        for variant, level in usual.items()
        for day in days
    ]
    demand.bring_sales(merchant, sold=brought, at=now)
    asked = sold.sales(SYSTEM, shops=[shop], last_on=today - timedelta(days=1))
    told = counters.answer(asked)
    demand.keep_forecasts(SYSTEM, shops=[shop], told=told, told_on=asked.last_on, at=now)
    for listing in shelf.listings:
        if listing.name["zh"] == TOO_MUCH:
            until = now + timedelta(days=1)
            much = Receipt(
                variant=listing.variants[0].variant, quantity=SO_MUCH, cost=listing.variants[0].price, expires_at=until
            )
            stock.receive_batches(SYSTEM, receipts=[much], at=now)


def _on_shelf(community: CommunityId, shop: ShopId) -> dict[str, VariantId]:
    """The first thing on a shop's shelf of each commodity that the resident buys."""
    found: dict[str, VariantId] = {}
    for each in catalogue.shelf(community=community, shop=shop, limit=100).listings:
        commodity = rules.suggested(each.name.values())
        if commodity in RHYTHMS:
            found.setdefault(commodity, each.variants[0].variant)
    return found


def _days(commodity: str, every: int, last: date) -> list[date]:
    """The days of a rhythm, back from the last; one in three comes a day earlier or later."""
    draw = Random(f"{commodity}{SEED}")
    turns = range(BEFORE_D // every)
    return [last - timedelta(days=turn * every - (draw.choice((-1, 0, 1)) if turn else 0)) for turn in turns]


def _propose(community: CommunityId, today: date, now: datetime) -> None:
    """What a night does, without its process beside: a stranger is waiting."""
    portion = queries.portion(SYSTEM, community=community, after=None, today=today)
    told = rules.answer(portion.ask) if portion.ask else None
    rows = zip(portion.pairs, told.due_in, told.deliver_in, told.confidence, strict=True) if told else ()
    found = [Found(pair, due, deliver, sure, learnt=False) for pair, due, deliver, sure in rows]
    actions.propose(SYSTEM, community=community, households=portion.households, found=found, at=now)
