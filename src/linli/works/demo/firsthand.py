"""What the resident as whom strangers sign in has of her own: fees paid in parts, months paid ahead, a move."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.billing.rules import Channel
from linli.estate.permits import actions as permits
from linli.estate.permits.rules import Direction
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId
from linli.kernel.refusals import Refusal
from linli.spine.scope import Scope
from linli.works.demo.deskside import manager
from linli.works.demo.town import RESIDENT_PHONE
from linli.works.demo.wishing import buyer

_PARTS = 2
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
    """The shortest term that is offered, from the first month that is not charged yet."""
    community = places.home(home).community
    offers = known.offers(desk, community=community)
    if not offers:
        return
    shortest = min(offers, key=lambda offer: offer.months)
    first_on = known.next_month(desk, community=community, at=now)
    try:
        billing.take_term(desk, offer=shortest.offer, home=home, first_on=first_on, channel=Channel.BANK, at=now)
    except Refusal:  # what nobody charges to this home cannot be paid ahead
        return
