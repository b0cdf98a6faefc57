"""The words to a buyer whose order waits at a pick-up point, or waited there too long. Private to the actions."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from linli.ground.places import queries as places
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.reach.notify import actions as notify
from linli.spine.scope import SYSTEM
from linli.trade.orders.actions.held import HeldOrder


def tell_buyer(template: str, held: HeldOrder, until: datetime, at: datetime, **more: str) -> None:
    """This will tell the buyer of an order until when it waits, or waited; the code stands on the phone alone."""
    zone = ZoneInfo(places.market_of(held.community).timezone)
    values = {"number": held.number, "until": f"{until.astimezone(zone):%m-%d %H:%M}", **more}
    notify.queue_message(SYSTEM, to=PartyId(held.buyer), template=template, values=values, at=at)


def tell_not_fetched(held: HeldOrder, back: Money, at: datetime) -> None:
    """This will tell a buyer that nobody came in time, and what they have back."""
    until = held.due_at or at
    if back:
        tell_buyer("order_not_fetched", held, until, at, amount=str(back))
    else:
        tell_buyer("order_gone_back", held, until, at)
