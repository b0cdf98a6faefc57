"""Points of patrols: what to look at there, the sheet with their QR, the display with a changing code."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import HttpResponse

from linli.estate.patrols import actions, queries
from linli.estate.patrols.rules import Item, ItemKind, Place
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows
from linli.faces.shell.sheets import sheet as take_away
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

NEEDS = May.KEEP_PATROLS


@page("property", "GET", "patrols/points/", name="patrol-points", needs=NEEDS)
def points(request: PropertyRequest) -> HttpResponse:
    """This will list the points of a community."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/patrol-points.jinja",
        communities=cards,
        community=community,
        points=queries.points(request.scope, community=community.id),
    )


@page("property", "GET", "patrols/points/file/", name="patrol-points-file", needs=NEEDS)
def points_file(request: PropertyRequest) -> HttpResponse:
    """This will give the points with what is looked at there as a sheet; the words of their QR are not in it."""
    community = community_here(request, own_communities(request))
    columns = [_("Point"), _("Where"), _("What is looked at"), _("QR and display"), _("Latitude"), _("Longitude")]
    rows = (
        (
            *(one.name, one.place, "; ".join(_written(item) for item in one.items), one.wants_code),
            *((one.position.lat, one.position.lon) if one.position else ("", "")),
        )
        for one in queries.points(request.scope, community=community.id, limit=most_rows())
    )
    return take_away(request.query, "patrol-points", columns, rows)


@page("property", "GET", "patrols/points/sheet/", name="patrol-points-sheet", needs=NEEDS)
def sheet(request: PropertyRequest) -> HttpResponse:
    """This will draw the QR of every point, to be printed and hung up."""
    community = community_here(request, own_communities(request))
    found = queries.points(request.scope, community=community.id)
    return request.render(
        "property/patrol-points-sheet.jinja",
        community=community,
        points=[(one, request.http.build_absolute_uri(url("property:patrol-scan", one.secret))) for one in found],
    )


@page("property", "GET", "patrols/points/<uuid:community>/new/", name="patrol-point-new", needs=NEEDS)
def new(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will ask for a new point."""
    card = community_of(request, community)
    return request.render("property/patrol-point.jinja", community=card, point=None, items="")


@page("property", "POST", "patrols/points/<uuid:community>/new/", name="patrol-point-new", needs=NEEDS)
def create(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will set up a point."""
    community_of(request, community)
    _keep(request, community, None)
    return see_other("property:patrol-points", said=_("Set up. Print its sheet and hang it up."), community=community)


@page("property", "GET", "patrols/points/<uuid:point>/", name="patrol-point", needs=NEEDS)
def show(request: PropertyRequest, point: UUID) -> HttpResponse:
    """This will show a point to be changed."""
    found = queries.point(request.scope, point=point)
    card = community_of(request, found.community)
    items = "\n".join(_written(item) for item in found.items)
    return request.render("property/patrol-point.jinja", community=card, point=found, items=items)


@page("property", "POST", "patrols/points/<uuid:point>/", name="patrol-point", needs=NEEDS)
def change(request: PropertyRequest, point: UUID) -> HttpResponse:
    """This will change a point."""
    found = queries.point(request.scope, point=point)
    _keep(request, found.community, point)
    return see_other("property:patrol-points", said=_("Changed."), community=found.community)


@page(
    "property",
    "POST",
    "patrols/points/<uuid:point>/secret/",
    name="patrol-point-secret",
    asks="property:patrol-point",
    needs=NEEDS,
)
def renew(request: PropertyRequest, point: UUID) -> HttpResponse:
    """This will make the old QR of a point worthless."""
    actions.renew_secret(request.scope, point=point, at=request.at)
    return see_other("property:patrol-point", point, said=_("The old QR is worthless now. Print the new sheet."))


@page(
    "property",
    "POST",
    "patrols/points/<uuid:point>/removal/",
    name="patrol-point-removal",
    asks="property:patrol-point",
    needs=NEEDS,
)
def retire(request: PropertyRequest, point: UUID) -> HttpResponse:
    """This will take a point out."""
    actions.retire_point(request.scope, point=point, at=request.at)
    return see_other("property:patrol-points", said=_("The point is taken out."))


@page("property", "GET", "patrols/points/<uuid:point>/display/", name="patrol-display", needs=NEEDS)
def display(request: PropertyRequest, point: UUID) -> HttpResponse:
    """This will show the code of now, for a screen at the point."""
    own_communities(request)
    return request.render(
        "property/patrol-display.jinja",
        point=queries.point(request.scope, point=point),
        code=queries.display_code(request.scope, point=point, at=request.at),
    )


def _keep(request: PropertyRequest, community: CommunityId, point: UUID | None) -> None:
    lat, lon = _degrees(request.form, "lat"), _degrees(request.form, "lon")
    if (lat is None) != (lon is None):
        raise Invalid("lat", _("Say both degrees, or none."))
    actions.keep_point(
        request.scope,
        community=community,
        name=request.form.text("name", most=60),
        place=request.form.text("place", most=60),
        items=_items(request.form),
        wants_code=request.form.flag("wants_code"),
        position=Place(lat, lon) if lat is not None and lon is not None else None,
        point=point,
        at=request.at,
    )


def _degrees(form: Fields, name: str) -> float | None:
    return float(form.number(name, low=-180, high=180)) if form.maybe_text(name) else None


def _items(form: Fields) -> tuple[Item, ...]:
    """An item a line; a value with its limits and its measure after a bar: `Pressure | 0.2 | 0.6 | MPa`."""
    lines = [line.strip() for line in (form.maybe_text("items", most=4_000) or "").splitlines() if line.strip()]
    return tuple(_item(nth, [part.strip() for part in line.split("|")]) for nth, line in enumerate(lines, start=1))


def _item(nth: int, parts: list[str]) -> Item:
    if len(parts) == 1:
        return Item(f"i{nth}", parts[0])
    try:
        low, high = (Decimal(part) if part else None for part in (*parts[1:3], "")[:2])
    except InvalidOperation:
        raise Invalid("items", _("Line {n}: limits are numbers.", n=nth)) from None
    return Item(f"i{nth}", parts[0], ItemKind.VALUE, low, high, parts[3] if len(parts) > 3 else "")


def _written(item: Item) -> str:
    if item.kind is ItemKind.CHECK:
        return item.words
    limits = ("" if limit is None else str(limit) for limit in (item.low, item.high))
    return " | ".join((item.words, *limits, item.measure))
