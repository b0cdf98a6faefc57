"""Which steward looks after which building: seen at a glance, settled for many at once, from a day on."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.chosen import chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.people.queries import BuildingCare
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, CommunityId, PartyId
from linli.spine.may import Duty, May

NEEDS = May.KEEP_STAFF


@page("property", "GET", "staff/buildings/", name="staff-buildings", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the buildings of a community with who looks after them, and ask who shall."""
    cards = own_communities(request)
    community = community_here(request, cards)
    today = places.day_in(community.id, request.at)
    cares = people.building_stewards(request.scope, community=community.id)
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render(
        "property/staff-buildings.jinja",
        communities=cards,
        community=community,
        buildings=places.buildings(community=community.id).values(),
        now={each.building: each for each in cares if each.holds_on(today)},
        later=_later(cares, today),
        stewards=[
            each
            for each in staff
            if each.duty is Duty.STEWARD and (each.is_everywhere or community.id in each.communities)
        ],
        today=today,
    )


@page("property", "POST", "staff/buildings/", name="staff-buildings", needs=NEEDS)
def settle(request: PropertyRequest) -> HttpResponse:
    """This will have a steward look after the ticked buildings from a day on, or nobody."""
    community, steward = CommunityId(request.form.id("community")), request.form.maybe_id("steward")
    community_of(request, community)
    changed = actions.set_building_stewards(
        request.scope,
        community=community,
        buildings=[BuildingId(each) for each in chosen(request)],
        steward=PartyId(steward) if steward else None,
        start_on=request.form.day("start_on"),
        at=request.at,
    )
    said = ngettext("{n} building is settled.", "{n} buildings are settled.", changed)
    return see_other("property:staff-buildings", said=said, community=community)


@page("property", "GET", "staff/buildings/sheet/", name="staff-buildings-sheet", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give as a sheet who looked, looks and will look after each building; and which has nobody."""
    community = community_here(request, own_communities(request))
    cares: dict[BuildingId, list[tuple[object, ...]]] = {}
    for each in people.building_stewards(request.scope, community=community.id):
        cares.setdefault(each.building, []).append((each.name, each.start_on, each.end_on))
    columns = [_("Building"), _("Steward"), _("From"), _("Until")]
    rows = (
        (card.label, *care)
        for card in places.buildings(community=community.id).values()
        for care in cares.get(card.id, [("", None, None)])
    )
    return sheet(request.query, "building-stewards", columns, rows)


def _later(cares: tuple[BuildingCare, ...], today: date) -> dict[BuildingId, BuildingCare]:
    """Who comes next to each building, and when."""
    return {each.building: each for each in reversed(cares) if each.start_on > today}
