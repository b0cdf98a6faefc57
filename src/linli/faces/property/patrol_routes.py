"""Routes over the points, and when they are walked by whom."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from django.http import HttpResponse

from linli.estate.patrols import actions, queries
from linli.estate.patrols.actions import StopDraft
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid
from linli.spine.may import Duty, May

NEEDS = May.KEEP_PATROLS
DUTIES = (Duty.GUARD, Duty.TECHNICIAN, Duty.STEWARD, Duty.MANAGER)


@page("property", "GET", "patrols/routes/", name="patrol-routes", needs=NEEDS)
def routes(request: PropertyRequest) -> HttpResponse:
    """This will list routes and plans, and ask for new ones."""
    cards = own_communities(request)
    community = community_here(request, cards)
    today = places.day_in(community.id, request.at)
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render(
        "property/patrol-routes.jinja",
        communities=cards,
        community=community,
        routes=queries.routes(request.scope, community=community.id),
        plans=queries.plans(request.scope, community=community.id, on=today),
        points=queries.points(request.scope, community=community.id),
        duties=DUTIES,
        staff={each.party: each for each in staff if each.is_everywhere or community.id in each.communities},
        today=today,
    )


@page("property", "GET", "patrols/routes/file/", name="patrol-routes-file", needs=NEEDS)
def routes_file(request: PropertyRequest) -> HttpResponse:
    """This will give the routes as a sheet, a row for each of their stops."""
    community = community_here(request, own_communities(request))
    columns = [_("Route"), _("The order counts"), _("Stop"), _("Point"), _("Minutes from the stop before")]
    rows = (
        (route.name, route.in_order, nth, stop.name, stop.least_minutes)
        for route in queries.routes(request.scope, community=community.id, limit=most_rows())
        for nth, stop in enumerate(route.stops, start=1)
    )
    return sheet(request.query, "patrol-routes", columns, rows)


@page("property", "GET", "patrols/plans/file/", name="patrol-plans-file", needs=NEEDS)
def plans_file(request: PropertyRequest) -> HttpResponse:
    """This will give as a sheet when the routes are walked, and by whom."""
    community = community_here(request, own_communities(request))
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    names = {each.party: each.name for each in staff}
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    today = places.day_in(community.id, request.at)
    columns = [
        _("Route"),
        _("Days of the week"),
        _("From"),
        _("Minutes"),
        _("Duty"),
        _("Walked by"),
        _("Since"),
        _("Until"),
    ]
    rows = (
        (
            *(one.route_name, " ".join(days[day] for day in one.weekdays)),
            *(f"{one.start_minute // 60:02}:{one.start_minute % 60:02}", one.minutes, word(one.duty)),
            *(formats.listed(names.get(each, _("somebody who left")) for each in one.people), one.start_on, one.end_on),
        )
        for one in queries.plans(request.scope, community=community.id, on=today, limit=most_rows())
    )
    return sheet(request.query, "patrol-plans", columns, rows)


@page(
    "property",
    "POST",
    "patrols/routes/<uuid:community>/",
    name="patrol-route-new",
    asks="property:patrol-routes",
    needs=NEEDS,
)
def create(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will lay a route over the ticked points, in the order of their numbers."""
    community_of(request, community)
    order = {point: request.form.whole(f"nth.{point}", high=999, default=999) for point in request.form.ids("points")}
    chosen = sorted(order, key=lambda point: order[point])
    least = request.form.whole("least_minutes", high=240, default=0)
    actions.keep_route(
        request.scope,
        community=community,
        name=request.form.text("name", most=60),
        stops=[StopDraft(point, least if nth else 0) for nth, point in enumerate(chosen)],
        in_order=request.form.flag("in_order"),
        at=request.at,
    )
    return see_other(
        "property:patrol-routes", said=_("The route is laid. Now say when it is walked."), community=community
    )


@page(
    "property",
    "POST",
    "patrols/routes/<uuid:route>/removal/",
    name="patrol-route-removal",
    asks="property:patrol-routes",
    needs=NEEDS,
)
def retire(request: PropertyRequest, route: UUID) -> HttpResponse:
    """This will take a route out, with its plans."""
    actions.retire_route(request.scope, route=route, at=request.at)
    return see_other("property:patrol-routes", said=_("The route is taken out."))


@page(
    "property",
    "POST",
    "patrols/routes/<uuid:route>/sending/",
    name="patrol-sending",
    asks="property:patrol-routes",
    needs=NEEDS,
)
def send(request: PropertyRequest, route: UUID) -> HttpResponse:
    """This will have a route walked now."""
    patrol = actions.send_now(
        request.scope, route=route, minutes=60, duty=request.form.choice("duty", Duty), at=request.at
    )
    return see_other("property:patrol", patrol, said=_("It is to be walked within the hour."))


@page("property", "POST", "patrols/plans/", name="patrol-plan-new", asks="property:patrol-routes", needs=NEEDS)
def plan(request: PropertyRequest) -> HttpResponse:
    """This will have a route walked on weekdays."""
    try:
        start = time.fromisoformat(request.form.text("start", most=8))
    except ValueError:
        raise Invalid("start", "Please fill this in.") from None
    actions.add_plan(
        request.scope,
        route=request.form.id("route"),
        weekdays=tuple(int(day) for day in request.form.many("weekdays") if day.isdecimal()),
        start_minute=start.hour * 60 + start.minute,
        minutes=request.form.whole("minutes", low=5, high=1440),
        duty=request.form.choice("duty", Duty),
        people=[PartyId(each) for each in request.form.ids("people")],
        start_on=request.form.day("start_on"),
        at=request.at,
    )
    return see_other("property:patrol-routes", said=_("Planned. Patrols appear half a day ahead."))


@page(
    "property",
    "POST",
    "patrols/plans/<uuid:plan>/ending/",
    name="patrol-plan-ending",
    asks="property:patrol-routes",
    needs=NEEDS,
)
def end(request: PropertyRequest, plan: UUID) -> HttpResponse:
    """This will end a plan today."""
    actions.end_plan(request.scope, plan=plan, at=request.at)
    return see_other("property:patrol-routes", said=_("The plan ends today."))
