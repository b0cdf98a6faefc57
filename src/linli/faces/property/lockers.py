"""The lockers of a community: which compartments are free, what waits too long, and what is out of order."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.parcels import queries as parcels
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import MOST_ROWS, sheet
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, OrderId
from linli.kernel.refusals import NotFound
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import queries as cabinets
from linli.reach.lockers.rules import MOST_COMPARTMENTS, Size
from linli.spine.may import May
from linli.trade.orders import actions as orders
from linli.trade.orders import queries

NEEDS = May.RUN_PARCELS


@page("property", "GET", "lockers/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will show the cabinets of a community with their doors."""
    cards = own_communities(request)
    chosen = _chosen(request, cards)
    return request.render(
        "property/lockers.jinja",
        community=chosen,
        communities=cards,
        cabinets=cabinets.cabinets(request.scope, community=chosen.id),
        orders={one.order: one for one in queries.at_points(request.scope) if one.community == chosen.id},
        parcels={each.parcel: each for each in parcels.in_lockers(request.scope, community=chosen.id, at=request.at)},
        sizes=tuple(Size),
        most=MOST_COMPARTMENTS,
        now=request.at,
    )


@page("property", "GET", "lockers/file/", name="lockers-file", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give every compartment with what lies in it as a sheet."""
    chosen = _chosen(request, own_communities(request))
    waiting = queries.at_points(request.scope, limit=MOST_ROWS)
    inside = {UUID(str(one.order)): (one.number, one.door) for one in waiting if one.community == chosen.id}
    inside |= {
        UUID(str(one.parcel)): (one.tracking, one.door)
        for one in parcels.in_lockers(request.scope, community=chosen.id, at=request.at)
    }
    columns = [
        _("Cabinet"),
        _("Compartment"),
        pgettext("compartment", "Size"),
        pgettext("compartment", "Taken"),
        _("Number"),
        _("Door"),
        _("Until"),
    ]
    rows = (
        (
            *(box.label, door.nth, door.size, door.subject is not None),
            *(inside.get(door.subject, ("", "")) if door.subject else ("", "")),
            *(door.due_at, door.is_broken),
        )
        for box in cabinets.cabinets(request.scope, community=chosen.id)
        for door in box.doors
    )
    return sheet(request.query, "lockers", [*columns, _("Out of order")], rows)


def _chosen(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityCard:
    """The community of the address, or the first one."""
    chosen = chosen_community(request, cards) or next(iter(cards), None)
    if chosen is None:
        raise NotFound("community")
    return chosen


@page("property", "POST", "lockers/", needs=NEEDS)
def keep(request: PropertyRequest) -> HttpResponse:
    """This will put up a cabinet."""
    community = CommunityId(request.form.id("of"))
    lockers.keep_cabinet(
        request.scope,
        community=community,
        label=request.form.text("label", most=lockers.MOST_LABEL),
        machine=request.form.text("machine", most=lockers.MOST_MACHINE),
        compartments={size: request.form.whole(size.value, high=MOST_COMPARTMENTS, default=0) for size in Size},
        at=request.at,
    )
    return see_other("property:lockers", said=_("Kept. Print its figures on the cabinet."), community=community)


@page(
    "property", "POST", "lockers/<uuid:cabinet>/closing/", name="locker-closing", asks="property:lockers", needs=NEEDS
)
def close(request: PropertyRequest, cabinet: UUID) -> HttpResponse:
    """This will take an empty cabinet away."""
    lockers.close_cabinet(request.scope, cabinet=cabinet, at=request.at)
    return see_other("property:lockers", said=_("Nothing is put into it any more."))


DOOR = "lockers/doors/<uuid:compartment>/"


@page("property", "POST", DOOR + "repair/", name="locker-repair", asks="property:lockers", needs=NEEDS)
def mend(request: PropertyRequest, compartment: UUID) -> HttpResponse:
    """This will give a compartment to others again."""
    lockers.mend(request.scope, compartment=compartment, at=request.at)
    return see_other("property:lockers", said=_("It is in order again."))


@page("property", "POST", DOOR + "emptying/", name="locker-emptying", asks="property:lockers", needs=NEEDS)
def empty(request: PropertyRequest, compartment: UUID) -> HttpResponse:
    """This will note that a compartment is empty after all."""
    lockers.empty(request.scope, compartment=compartment, at=request.at)
    return see_other("property:lockers", said=_("Noted."))


@page("property", "POST", "lockers/orders/<uuid:order>/", name="locker-order", asks="property:lockers", needs=NEEDS)
def take_out(request: PropertyRequest, order: OrderId) -> HttpResponse:
    """This will open a compartment and have its order wait at the desk."""
    by_key = request.form.flag("by_key")
    spot = orders.open_to_move(request.scope, order=order, by_key=by_key, at=request.at)
    said = _("Noted. Its buyer is told.") if by_key else _("{spot} is open. Please keep it at the desk.", spot=spot)
    return see_other("property:lockers", said=said)
