"""Waves: what each slot of a city's zones brings together, what that saves, and why one wave is planned as it is."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext, in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import BuildingId, CityId, SlotId
from linli.kernel.words import _
from linli.spine.may import May
from linli.spine.scope import SYSTEM
from linli.trade.delivery import queries
from linli.trade.delivery.queries import WaveRow
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
    return request.render(
        "platform/waves.jinja",
        city=city,
        cities=cities,
        waves=_waves(request, city.id),
        states=STATES,
        terms=policy(SYSTEM, DeliveryPolicy, at=request.at, city=city.id),
    )


@page("platform", "GET", "waves/file/", name="waves-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the waves of these days as a sheet."""
    city, _cities = chosen_city(request)
    said = [_("Slot"), _("Until"), _("Zone"), _("Ordered until"), _("Orders"), _("Stops"), _("Runs")]
    said += [_("Runs with a courier"), _("Each order, as planned"), _("Saved"), _("Each order, as booked"), _("State")]
    rows = (
        (
            *(one.start_at, one.end_at, in_language(one.zone_name), one.cut_off_at, one.asked),
            *((one.stops, one.runs, one.couriers, one.per_order, one.saving) if one.orders else ("", "", "", "", "")),
            *(one.earned_per_order if one.paid else "", gettext(STATES[one.state]) if one.state else one.slot_state),
        )
        for one in _waves(request, city.id)
    )
    return sheet(request.query, "waves", [gettext(each) for each in said], rows)


def _waves(request: PlatformRequest, city: CityId) -> tuple[WaveRow, ...]:
    zone = voice.current().zone
    today = request.at.astimezone(zone).date()
    since, until = (datetime.combine(on, time(), zone) for on in (today, today + timedelta(days=DAYS)))
    return queries.waves(request.scope, city=city, since=since, until=until)


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
