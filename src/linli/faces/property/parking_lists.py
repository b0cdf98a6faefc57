"""The cars of homes, and the plates that may always come in or never."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.rules import ListKind
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, VehicleId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 100
NEEDS = May.KEEP_PARKING


@page("property", "GET", "parking/cars/", name="parking-cars", needs=NEEDS)
def cars(request: PropertyRequest) -> HttpResponse:
    """This will list the registered cars of a community."""
    cards = own_communities(request)
    community = community_here(request, cards)
    words, after = request.query.maybe_text("words", most=20) or "", request.query.maybe_id("after")
    found = queries.cars(
        request.scope,
        community=community.id,
        words=words,
        after=VehicleId(after) if after else None,
        limit=A_PAGE + 1,
    )
    shown = found[:A_PAGE]
    return request.render(
        "property/parking-cars.jinja",
        communities=cards,
        community=community,
        cars=shown,
        homes=places.homes([row.home for row in shown]),
        words=words,
        more=url("property:parking-cars", community=community.id, words=words, after=shown[-1].vehicle)
        if len(found) > A_PAGE
        else None,
    )


@page("property", "GET", "parking/cars/file/", name="parking-cars-file", needs=NEEDS)
def cars_file(request: PropertyRequest) -> HttpResponse:
    """This will give the cars as a sheet."""
    community = community_here(request, own_communities(request))
    rows = queries.cars(request.scope, community=community.id, limit=most_rows())
    homes = places.homes([row.home for row in rows])
    columns = [_("Plate"), _("Kind"), _("Door"), _("About"), _("Since"), _("Inside")]
    return sheet(
        request.query,
        "parking-cars",
        columns,
        ((r.shown, word(r.plate_kind), homes[r.home].door, r.about, r.added_at, r.is_inside) for r in rows),
    )


@page(
    "property",
    "POST",
    "parking/cars/<uuid:community>/",
    name="parking-cars-new",
    asks="property:parking-cars",
    needs=NEEDS,
)
def register(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will register a car for a home, in the name of the first of its people."""
    community_of(request, community)
    door = request.form.text("door", most=40)
    home = next((each for each in places.find_homes(community, words=door, limit=5) if each.door == door), None)
    living = people.household(request.scope, home=HomeId(home.id), at=request.at) if home else ()
    if home is None or not living:
        raise Invalid("door", _("No home with people in it is called so."))
    actions.register_vehicle_at_desk(
        request.scope,
        home=HomeId(home.id),
        party=living[0].party,
        plate=request.form.text("plate", most=20),
        about=request.form.maybe_text("about", most=60) or "",
        at=request.at,
    )
    return see_other("property:parking-cars", said=_("Registered."), community=community)


@page(
    "property",
    "POST",
    "parking/cars/<uuid:vehicle>/removal/",
    name="parking-car-removal",
    asks="property:parking-cars",
    needs=NEEDS,
)
def remove(request: PropertyRequest, vehicle: VehicleId) -> HttpResponse:
    """This will take a car out."""
    actions.remove_vehicle_at_desk(request.scope, vehicle=vehicle, at=request.at)
    return see_other("property:parking-cars", said=_("The car is taken out."))


@page("property", "GET", "parking/lists/", name="parking-lists", needs=NEEDS)
def lists(request: PropertyRequest) -> HttpResponse:
    """This will show which plates may always come in, and which never."""
    cards = own_communities(request)
    community = community_here(request, cards)
    ended = request.query.flag("ended")
    rows = queries.listed(request.scope, community=community.id, at=request.at, ended=ended)
    parties = {row.by for row in rows if row.by}
    return request.render(
        "property/parking-lists.jinja",
        communities=cards,
        community=community,
        rows=rows,
        ended=ended,
        kinds=tuple(ListKind),
        names=people.names(request.scope, parties=parties) if parties else {},
    )


@page("property", "GET", "parking/lists/file/", name="parking-lists-file", needs=NEEDS)
def lists_file(request: PropertyRequest) -> HttpResponse:
    """This will give the lists as a sheet."""
    community = community_here(request, own_communities(request))
    rows = queries.listed(
        request.scope, community=community.id, at=request.at, ended=request.query.flag("ended"), limit=most_rows()
    )
    columns = [_("Plate"), _("List"), _("Reason"), _("From"), _("Until")]
    return sheet(
        request.query,
        "parking-lists",
        columns,
        ((row.shown, word(row.kind), row.reason, row.start_at, row.end_at) for row in rows),
    )


@page(
    "property",
    "POST",
    "parking/lists/<uuid:community>/",
    name="parking-list-new",
    asks="property:parking-lists",
    needs=NEEDS,
)
def list_plate(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will put a plate on a list, for a reason."""
    days = request.form.maybe_text("days", most=4)
    actions.list_plate(
        request.scope,
        community=community,
        plate=request.form.text("plate", most=20),
        kind=request.form.choice("kind", ListKind),
        reason=request.form.text("reason"),
        days=request.form.whole("days", low=1, high=3_650) if days else None,
        at=request.at,
    )
    return see_other("property:parking-lists", said=_("It stands on the list now."), community=community)


@page(
    "property",
    "POST",
    "parking/lists/endings/",
    name="parking-list-endings",
    asks="property:parking-lists",
    needs=NEEDS,
)
def unlist_many(request: PropertyRequest) -> HttpResponse:
    """This will end the ticked entries now."""
    done = actions.unlist_plates(request.scope, listed=chosen(request), at=request.at)
    names = queries.plates_listed(request.scope, listed=[each.of for each in done.refused])
    said = ngettext("{n} entry has ended.", "{n} entries have ended.", len(done.done))
    return back(request, "property:parking-lists", done, said=said, names=names)


@page(
    "property",
    "POST",
    "parking/lists/<uuid:listed>/ending/",
    name="parking-list-ending",
    asks="property:parking-lists",
    needs=NEEDS,
)
def unlist(request: PropertyRequest, listed: UUID) -> HttpResponse:
    """This will end an entry now."""
    actions.unlist_plate(request.scope, listed=listed, at=request.at)
    return see_other("property:parking-lists", said=_("It ends now."))
