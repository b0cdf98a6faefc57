"""How couriers get in: the gates, a code and a note for a community, and where it differs for one of its buildings."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, CommunityId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May
from linli.trade.delivery import actions, queries
from linli.trade.delivery.rules import GateAt

NEEDS = May.DISPATCH_DELIVERY
LONGEST_CODE, LONGEST = 40, 200


@page("property", "GET", "ways-in/", needs=NEEDS)
def ways_in(request: PropertyRequest) -> HttpResponse:
    """This will show the codes and notes of a community and its buildings."""
    cards = own_communities(request)
    chosen = chosen_community(request, cards) or next(iter(cards), None)
    if chosen is None:
        raise NotFound("community")
    return request.render(
        "property/ways-in.jinja",
        community=chosen,
        communities=cards,
        buildings=tuple(places.buildings(community=chosen.id).values()),
        ways={way.building: way for way in queries.ways_in(request.scope, community=chosen.id)},
        longest_code=LONGEST_CODE,
        longest=LONGEST,
        gates=queries.gates(communities=[chosen.id]).get(chosen.id, ()),
    )


@page("property", "POST", "ways-in/gates/", name="ways-in-gates", asks="property:ways-in", needs=NEEDS)
def keep_gates(request: PropertyRequest) -> HttpResponse:
    """This will say which gates a community has; a row without a name is none."""
    community = CommunityId(request.form.id("of"))
    rows = zip(*(request.form.many(name) for name in ("label", "lat", "lon")), strict=False)
    gates = [GateAt(label, _degrees(lat), _degrees(lon)) for label, lat, lon in rows if label.strip()]
    actions.keep_gates(request.scope, community=community, gates=gates, at=request.at)
    return see_other("property:ways-in", said=_("Kept. Couriers go to the gate nearest to them."), community=community)


def _degrees(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid("gates", _("Please write degrees such as 30.2587.")) from None


@page("property", "POST", "ways-in/", needs=NEEDS)
def keep(request: PropertyRequest) -> HttpResponse:
    """This will keep how to get into a community or a building; it is shown to who has something to bring there."""
    community = CommunityId(request.form.id("of"))
    building = request.form.maybe_id("building")
    actions.keep_way_in(
        request.scope,
        community=community,
        building=BuildingId(building) if building else None,
        code=request.form.maybe_text("code", most=LONGEST_CODE) or "",
        note=request.form.maybe_text("note", most=LONGEST) or "",
        at=request.at,
    )
    return see_other(
        "property:ways-in", said=_("Kept. Couriers with something to bring there see it."), community=community
    )
