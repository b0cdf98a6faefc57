"""Zones: communities that share runs, found around a hub and edited; their terms, and the slots of a week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.faces.shell.surroundings import Spot, plan_km, spots
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, SlotId, ZoneId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.queries import ZoneCard

NEEDS = May.KEEP_ZONES
LONGEST = 200
WEEK = timedelta(days=7)
FARTHEST_M = 20_000
DROPS = 60
"""What one cargo trike carries: a zone begins with one run's worth of orders in a slot."""


@page("platform", "GET", "zones/", needs=NEEDS)
def zones(request: PlatformRequest) -> HttpResponse:
    """This will list the zones of a city, and ask where a new hub stands."""
    city, cities = chosen_city(request)
    return request.render("platform/zones.jinja", city=city, cities=cities, zones=queries.zones(city=city.id))


@page("platform", "GET", "zones/file/", name="zones-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the zones of a city as a sheet."""
    city, _cities = chosen_city(request)
    columns = [_("Zone"), _("Communities"), _("Orders in one slot"), _("Places with known ways"), _("In use")]
    rows = (
        (in_language(one.name), len(one.communities), one.drops, one.places, one.is_open)
        for one in queries.zones(city=city.id)
    )
    return sheet(request.query, "zones", columns, rows)


@page("platform", "GET", "zones/new/", name="new-zone", needs=NEEDS)
def new(request: PlatformRequest) -> HttpResponse:
    """This will show which communities lie around a hub, before anything is opened."""
    city, _cities = chosen_city(request)
    hub = _hub(request.query)
    within_m = request.query.whole("radius_m", low=1, high=FARTHEST_M, default=rules.REACH_M)
    found = queries.propose_zone(lat=hub[0], lon=hub[1], within_m=within_m)
    far = {each.community: each.distance_m for each in found}
    free = [each.community for each in found if each.zone is None]
    km = plan_km(far.values(), most_km=FARTHEST_M // 1000)
    return request.render(
        "platform/new-zone.jinja",
        city=city,
        hub=hub,
        spots=list(spots(hub, far, free, km=km, city=city.id)),
        plan_km=km,
        elsewhere={each.community for each in found if each.zone is not None},
        drops=DROPS,
        once=str(ids.new()),
    )


@page("platform", "POST", "zones/", asks="platform:zones", needs=NEEDS)
def create(request: PlatformRequest) -> HttpResponse:
    """This will open a zone with the communities that are ticked."""
    city = CityId(request.form.id("city"))
    lat, lon = _hub(request.form)
    zone = actions.open_zone(
        request.scope,
        city=city,
        name=_name(request.form),
        lat=lat,
        lon=lon,
        communities=[CommunityId(one) for one in request.form.ids("communities")],
        radius_m=_radius(request.form),
        drops=request.form.whole("drops", low=1),
        at=request.at,
    )
    return see_other("platform:zone", zone, said=_("The zone is open, and its slots are offered."))


@page("platform", "GET", "zones/<uuid:zone>/", name="zone", needs=NEEDS)
def show(request: PlatformRequest, zone: ZoneId) -> HttpResponse:
    """This will show a zone: its communities with their terms, and the slots of the coming week."""
    found = _zone(request, zone)
    city = places.city(found.city)
    voice.move_to(city.timezone)
    around, km = _around(found)
    today = datetime.combine(request.at.astimezone(voice.current().zone).date(), time(), voice.current().zone)
    return request.render(
        "platform/zone.jinja",
        zone=found,
        city=city,
        spots=around,
        plan_km=km,
        terms=queries.zone_terms(found, at=request.at),
        slots=queries.zone_slots(zone=zone, since=today, until=today + WEEK),
        longest=LONGEST,
    )


@page("platform", "POST", "zones/<uuid:zone>/", name="zone", needs=NEEDS)
def edit(request: PlatformRequest, zone: ZoneId) -> HttpResponse:
    """This will give a zone another name, other communities, or more room in its slots."""
    actions.edit_zone(
        request.scope,
        zone=zone,
        name=_name(request.form),
        communities=[CommunityId(one) for one in request.form.ids("communities")],
        radius_m=_radius(request.form),
        drops=request.form.whole("drops", low=1),
        at=request.at,
    )
    return see_other("platform:zone", zone, said=_("Changed. What is ordered already is still brought."))


@page("platform", "POST", "zones/<uuid:zone>/measurement/", name="zone-measurement", asks="platform:zone", needs=NEEDS)
def measure(request: PlatformRequest, zone: ZoneId) -> HttpResponse:
    """This will have the ways between all places of a zone measured anew by the clock."""
    actions.want_measured(request.scope, zone=zone, at=request.at)
    return see_other("platform:zone", zone, said=_("The ways are measured within some minutes."))


@page("platform", "POST", "zones/<uuid:zone>/closing/", name="zone-closing", asks="platform:zone", needs=NEEDS)
def close(request: PlatformRequest, zone: ZoneId) -> HttpResponse:
    """This will close a zone in which nobody waits for anything."""
    actions.close_zone(request.scope, zone=zone, at=request.at)
    return see_other("platform:zones", said=_("The zone is closed."))


@page(
    "platform", "POST", "zones/<uuid:zone>/slots/<uuid:slot>/calling-off/", name="slot-calling-off",
    asks="platform:zone", needs=NEEDS,
)  # fmt: skip
def call_off(request: PlatformRequest, zone: ZoneId, slot: SlotId) -> HttpResponse:
    """This will offer a slot no longer."""
    actions.call_off_slot(request.scope, slot=slot, why=request.form.text("why", most=LONGEST), at=request.at)
    return see_other("platform:zone", zone, said=_("The slot is offered no more; what is ordered in it is brought."))


def _zone(request: PlatformRequest, zone: ZoneId) -> ZoneCard:
    found = queries.zone(zone)
    if request.scope.city not in (None, found.city):
        raise NotFound("zone")
    return found


def _around(zone: ZoneCard) -> tuple[list[Spot], int]:
    """A zone's own communities and those around its hub that are in none."""
    far = {part.community: part.distance_m for part in zone.communities}
    mine = tuple(far)
    for each in queries.propose_zone(lat=zone.lat, lon=zone.lon, within_m=zone.radius_m or rules.REACH_M):
        if each.zone is None:
            far.setdefault(each.community, each.distance_m)
    km = plan_km(far.values(), most_km=FARTHEST_M // 1000)
    return list(spots((zone.lat, zone.lon), far, mine, km=km, city=zone.city)), km


def _hub(fields: Fields) -> tuple[float, float]:
    return float(fields.number("lat", low=-90, high=90)), float(fields.number("lon", low=-180, high=180))


def _name(form: Fields) -> dict[str, str]:
    return {language: form.text(f"name_{language}", most=60) for language in ("zh", "en")}


def _radius(form: Fields) -> int | None:
    return form.whole("radius_m", low=0, high=FARTHEST_M, default=0) or None
