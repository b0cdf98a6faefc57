"""What the resident as whom strangers sign in has of her own: fees paid in parts, months paid ahead, a move."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.billing.rules import Channel, TermPrice
from linli.estate.permits import actions as permits
from linli.estate.permits.rules import Direction
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, ItemId
from linli.kernel.refusals import Refusal
from linli.spine.scope import Scope
from linli.works.demo.deskside import manager
from linli.works.demo.town import RESIDENT_PHONE
from linli.works.demo.wishing import buyer

_PARTS = 2
_SMALL_FEE = "rubbish_fee"
_UNTIL_MOVE = timedelta(days=9)


def give(now: datetime) -> None:
    """This will let the resident pay in parts and ahead and ask for a move, in a town where she lives."""
    desk, resident = manager(now), buyer(RESIDENT_PHONE, now)
    if desk is None or resident is None or not resident.homes:
        return
    home = resident.homes[0]
    _split(desk, home, now)
    _pay_ahead(desk, home, now)
    permits.ask_relocation(
        resident,
        home=home,
        direction=Direction.MOVE_IN,
        residency="family",
        day=(now + _UNTIL_MOVE).date(),
        name="贾小满",
        phone="19900009902",
        at=now,
    )


def _split(desk: Scope, home: HomeId, now: datetime) -> None:
    """The youngest of her debts, in two parts; another person of the company approves what its desk asked for."""
    lines = known.account_page(desk, subject=home).open_lines
    if not lines:
        return
    youngest = max(lines, key=lambda line: line.line.line)
    first_on = places.day_in(places.home(home).community, now) + timedelta(days=10)
    plan = billing.ask_plan(
        desk, subject=home, lines=[youngest.line.line], count=_PARTS, first_on=first_on, why="分两期支付", at=now
    )
    billing.decide_plan(replace(desk, person=None), plan=plan, approve=True, at=now)


def _pay_ahead(desk: Scope, home: HomeId, now: datetime) -> None:
    """Half a year of a small fee, from the first month not charged yet; the property fee is still hers to buy."""
    community = places.home(home).community
    fee = next((item for item in known.items(desk, on=now.date()) if item.word == _SMALL_FEE), None)
    if fee is None:
        return
    half = billing.offer_term(
        desk, community=community, item=ItemId(fee.item), months=6, price=TermPrice.LOCKED, at=now
    )
    first_on = known.next_month(desk, community=community, at=now)
    try:
        billing.take_term(desk, offer=half, home=home, first_on=first_on, channel=Channel.BANK, at=now)
    except Refusal:  # what nobody charges to this home cannot be paid ahead
        return
