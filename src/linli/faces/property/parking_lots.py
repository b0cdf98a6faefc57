"""Car parks at the desk: what is in them now, their spaces and whose they are."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.parking import actions, queries
from linli.estate.parking.rules import SpaceKind
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import MOST_ROWS, most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import HomeId, ItemId, LotId, PartyId, SpaceId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 100
NEEDS = May.KEEP_PARKING


@page("property", "GET", "parking/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will show the lots of a community with what is in them now."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/parking.jinja",
        communities=cards,
        community=community,
        lots=queries.lots(request.scope, at=request.at, community=community.id),
        once=ids.new(),
    )


@page("property", "GET", "parking/file/", name="parking-file", needs=NEEDS)
def lots_file(request: PropertyRequest) -> HttpResponse:
    """This will give the lots with what is in them now as a sheet."""
    community = community_here(request, own_communities(request))
    columns = [_("Lot"), _("Takes guests"), _("Guests"), _("Places for guests"), _("Free spaces"), _("Residents")]
    columns += [_("Always let in"), _("On shared spaces"), _("Spaces held"), _("Spaces")]
    rows = (
        (
            *(in_language(one.name), one.takes_temporary, one.temporary, one.temporary_places, one.free),
            *(one.residents, one.listed, one.booked, one.held, one.spaces),
        )
        for one in queries.lots(request.scope, at=request.at, community=community.id)
    )
    return sheet(request.query, "parking", columns, rows)


@page("property", "POST", "parking/", needs=NEEDS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will open a car park."""
    asked = request.form.id("community")
    community = next((card for card in own_communities(request) if card.id == asked), None)
    if community is None:
        raise Invalid("community", "Please choose one of the values offered.")
    lot = actions.add_lot(
        request.scope,
        community=community.id,
        name={"zh": request.form.text("name", most=40), "en": request.form.maybe_text("name_en", most=40) or ""},
        temporary_places=request.form.whole("temporary_places", high=20_000),
        at=request.at,
    )
    return see_other("property:parking-lot", lot, said=_("Opened. Mark its spaces out and set what guests pay."))


@page("property", "GET", "parking/lots/<uuid:lot>/", name="parking-lot", needs=NEEDS)
def show(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will show one lot: its cars by the hour, its spaces, the code at its exit."""
    own_communities(request)
    card = queries.lot(request.scope, lot=lot, at=request.at)
    today = places.day_in(card.community, request.at)
    words, after = request.query.maybe_text("words", most=20) or "", request.query.maybe_text("after", most=20)
    spaces = queries.spaces(request.scope, lot=lot, on=today, words=words, after=after, limit=A_PAGE + 1)
    hours = queries.occupancy(request.scope, lot=lot, at=request.at)
    shown = spaces[:A_PAGE]
    return request.render(
        "property/parking-lot.jinja",
        lot=card,
        hours=[f"{at.astimezone(voice.current().zone):%H}" for at, _cars in hours],
        cars=[cars for _at, cars in hours],
        spaces=shown,
        homes=places.homes([row.home for row in shown if row.home]),
        more=url("property:parking-lot", lot, words=words, after=shown[-1].label) if len(spaces) > A_PAGE else None,
        words=words,
        kinds=tuple(SpaceKind),
        pay_address=request.http.build_absolute_uri(url("owner:parking-payment", card.code)),
    )


@page("property", "POST", "parking/lots/<uuid:lot>/", name="parking-lot", needs=NEEDS)
def change(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will rename a lot, and say how many guests it takes."""
    actions.change_lot(
        request.scope,
        lot=lot,
        name={"zh": request.form.text("name", most=40), "en": request.form.maybe_text("name_en", most=40) or ""},
        temporary_places=request.form.whole("temporary_places", high=20_000),
        takes_temporary=request.form.flag("takes_temporary"),
        at=request.at,
    )
    return see_other("property:parking-lot", lot, said=_("Changed."))


@page("property", "POST", "parking/lots/<uuid:lot>/closing/", asks="property:parking-lot", needs=NEEDS)
def close(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will close an empty lot."""
    actions.close_lot(request.scope, lot=lot, at=request.at)
    return see_other("property:parking", said=_("Closed."))


@page("property", "POST", "parking/lots/<uuid:lot>/spaces/", asks="property:parking-lot", needs=NEEDS)
def add_spaces(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will mark spaces out."""
    labels = request.form.text("labels", most=4_000).replace(",", " ").replace("，", " ").split()
    made = actions.add_spaces(
        request.scope, lot=lot, labels=labels, kind=request.form.choice("kind", SpaceKind), at=request.at
    )
    return see_other(
        "property:parking-lot", lot, said=ngettext("{n} space is marked out.", "{n} spaces are marked out.", len(made))
    )


@page("property", "GET", "parking/lots/<uuid:lot>/spaces/file/", name="parking-spaces-file", needs=NEEDS)
def spaces_file(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will give the spaces with who has them as a sheet."""
    own_communities(request)
    card = queries.lot(request.scope, lot=lot, at=request.at)
    rows = queries.spaces(request.scope, lot=lot, on=places.day_in(card.community, request.at), limit=most_rows())
    homes = places.homes([row.home for row in rows if row.home])
    columns = [_("Space"), _("Kind"), _("Stands behind"), _("Door"), _("From"), _("Until")]
    return sheet(
        request.query,
        f"spaces-{in_language(card.name)}",
        columns,
        (
            (row.label, word(row.kind), row.mother, homes[row.home].door if row.home else "", row.start_on, row.end_on)
            for row in rows
        ),
    )


@page("property", "GET", "parking/lots/<uuid:lot>/spaces/<uuid:space>/", name="parking-space", needs=NEEDS)
def space(request: PropertyRequest, lot: LotId, space: SpaceId) -> HttpResponse:
    """This will ask which home a space goes to, or take it back, and tell who has had it."""
    own_communities(request)
    card = queries.lot(request.scope, lot=lot, at=request.at)
    today = places.day_in(card.community, request.at)
    row = next((r for r in queries.spaces(request.scope, lot=lot, on=today, limit=MOST_ROWS) if r.space == space), None)
    if row is None:
        raise Invalid("space", "Please choose one of the values offered.")
    words, chosen = request.query.maybe_text("words", most=40) or "", request.query.maybe_id("home")
    home = places.home(HomeId(chosen)) if chosen else None
    had = queries.had_space(request.scope, space=space)
    doors = places.homes({one.home for one in had})
    return request.render(
        "property/parking-space.jinja",
        lot=card,
        space=row,
        today=today,
        words=words,
        homes=places.find_homes(card.community, words=words, limit=12) if words else (),
        home=home if home and home.community == card.community else None,
        held_by=doors.get(row.home) if row.home else None,
        had=had,
        doors=doors,
        names=people.names(request.scope, parties={one.party for one in had}),
        people=people.household(request.scope, home=home.id, at=request.at)
        if home and home.community == card.community
        else (),
        items=billing.items(request.scope, on=today),
    )


@page("property", "POST", "parking/lots/<uuid:lot>/spaces/<uuid:space>/", name="parking-space", needs=NEEDS)
def hold(request: PropertyRequest, lot: LotId, space: SpaceId) -> HttpResponse:
    """This will give a space to a home."""
    item = request.form.maybe_id("item")
    actions.hold_space(
        request.scope,
        space=space,
        home=HomeId(request.form.id("home")),
        party=PartyId(request.form.id("party")),
        start_on=request.form.day("start_on"),
        end_on=request.form.maybe_day("end_on"),
        item=ItemId(item) if item else None,
        at=request.at,
    )
    return see_other("property:parking-lot", lot, said=_("The space is given."))


@page(
    "property",
    "POST",
    "parking/lots/<uuid:lot>/spaces/<uuid:space>/ending/",
    name="parking-space-ending",
    asks="property:parking-space",
    needs=NEEDS,
)
def end(request: PropertyRequest, lot: LotId, space: SpaceId) -> HttpResponse:
    """This will take a space back from a day on."""
    actions.end_holding(request.scope, space=space, end_on=request.form.day("end_on"), at=request.at)
    return see_other("property:parking-lot", lot, said=_("The space comes back on that day."))
