"""Waves: what each slot of a city's zones brings together, what that saves, and why one wave is planned as it is."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import voice
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import BuildingId, SlotId
from linli.kernel.words import _
from linli.spine.may import May
from linli.spine.scope import SYSTEM
from linli.trade.delivery import queries
from linli.trade.delivery.rules import DeliveryPolicy, WaveState
from linli.trade.shops import queries as shops

STATES = {
    WaveState.PLANNED: _("being planned"),
    WaveState.COMMITTED: _("its runs stand"),
    WaveState.DONE: _("over"),
    WaveState.DISCARDED: _("nothing to deliver"),
}
NEEDS = May.DISPATCH_DELIVERY
DAYS = 3


@page("platform", "GET", "waves/", needs=NEEDS)
def index(request: PlatformRequest) -> HttpResponse:
    """This will list the waves of today and the coming days, zone by zone and slot by slot."""
    city, cities = chosen_city(request)
    zone = voice.current().zone
    today = request.at.astimezone(zone).date()
    since, until = (datetime.combine(on, time(), zone) for on in (today, today + timedelta(days=DAYS)))
    return request.render(
        "platform/waves.jinja",
        city=city,
        cities=cities,
        waves=queries.waves(request.scope, city=city.id, since=since, until=until),
        states=STATES,
        terms=policy(SYSTEM, DeliveryPolicy, at=request.at, city=city.id),
    )


@page("platform", "GET", "waves/<uuid:slot>/", name="wave", needs=NEEDS)
def show(request: PlatformRequest, slot: SlotId) -> HttpResponse:
    """This will show one wave: its runs stop by stop, who rides them, and why it costs what it costs."""
    shown = queries.wave_page(request.scope, slot=slot)
    stops = [stop for run in shown.runs for stop in run.stops]
    communities = {card.id: card for card in places.communities(ids={stop.community for stop in stops})}
    if communities:
        voice.move_to(next(iter(communities.values())).timezone)
    return request.render(
        "platform/wave.jinja",
        wave=shown.row,
        states=STATES,
        runs=shown.runs,
        names=shown.names,
        communities=communities,
        buildings=places.buildings(ids={BuildingId(stop.door) for stop in stops}) if stops else {},
        shops=dict(shops.names(shops={stop.shop for stop in stops})) if stops else {},
    )
