"""Patrols at the desk: what was walked, what was missed, what is hard to believe, and rates."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.patrols import actions, queries
from linli.estate.patrols.queries import PatrolRow
from linli.estate.patrols.rules import PatrolState
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import PatrolId
from linli.spine.may import May

A_PAGE = 100
NEEDS = May.KEEP_PATROLS


@page("property", "GET", "patrols/", needs=NEEDS)
def patrols(request: PropertyRequest) -> HttpResponse:
    """This will list the patrols of a community, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, A_PAGE + 1)
    asked = _asked(request, community)
    parties = {row.person for row in found if row.person}
    return request.render(
        "property/patrols.jinja",
        communities=cards,
        community=community,
        patrols=found[:A_PAGE],
        names=people.names(request.scope, parties=parties) if parties else {},
        states=tuple(PatrolState),
        state=asked["state"],
        doubtful=asked["doubtful"],
        more=url("property:patrols", **asked, after=found[A_PAGE - 1].patrol) if len(found) > A_PAGE else None,
        export=url("property:patrols-file", **asked),
    )


@page("property", "GET", "patrols/file/", name="patrols-file", needs=NEEDS)
def patrols_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    rows = _found(request, community, most_rows())
    parties = {row.person for row in rows if row.person}
    names = people.names(request.scope, parties=parties) if parties else {}
    columns = [
        _("Number"), _("Route"), _("State"), _("From"), _("Until"), _("Walked by"), _("Points"), _("Checked"),
        _("Doubts"), _("Findings"),
    ]  # fmt: skip
    return sheet(
        request.query,
        "patrols",
        columns,
        (
            (
                r.label, r.name, _called(r.state), r.starts_at, r.ends_at, names.get(r.person, "") if r.person else "",
                r.points, r.visited, r.doubts, r.findings,
            )
            for r in rows
        ),
    )  # fmt: skip


@page("property", "GET", "patrols/rates/", name="patrol-rates", needs=NEEDS)
def rates(request: PropertyRequest) -> HttpResponse:
    """This will tell how a month's patrols went, by route and by who walked."""
    cards = own_communities(request)
    community = community_here(request, cards)
    month = chosen_month(request.query, at=request.at)
    start, end = month.bounds
    by_person = queries.rates(request.scope, community=community.id, start=start, end=end, by_person=True)
    parties = {rate.person for rate in by_person if rate.person}
    return request.render(
        "property/patrol-rates.jinja",
        communities=cards,
        community=community,
        month=month,
        by_route=queries.rates(request.scope, community=community.id, start=start, end=end),
        by_person=by_person,
        names=people.names(request.scope, parties=parties) if parties else {},
    )


@page("property", "GET", "patrols/rates/file/", name="patrol-rates-file", needs=NEEDS)
def rates_file(request: PropertyRequest) -> HttpResponse:
    """This will give the rates by route as a sheet."""
    community = community_here(request, own_communities(request))
    start, end = chosen_month(request.query, at=request.at).bounds
    rows = queries.rates(request.scope, community=community.id, start=start, end=end)
    columns = [
        _("Route"), _("Patrols"), _("Walked whole"), _("Broken off"), _("Missed"), _("Points"), _("Checked"),
        _("Doubts"), _("Findings"),
    ]  # fmt: skip
    return sheet(
        request.query,
        "patrol-rates",
        columns,
        ((r.about, r.planned, r.done, r.incomplete, r.missed, r.points, r.visited, r.doubts, r.findings) for r in rows),
    )


@page("property", "GET", "patrols/<uuid:patrol>/", name="patrol", needs=NEEDS)
def show(request: PropertyRequest, patrol: PatrolId) -> HttpResponse:
    """This will show one patrol, point by point."""
    own_communities(request)
    found = queries.patrol(request.scope, patrol=patrol, at=request.at)
    parties = {move.person for move in found.moves if move.person}
    return request.render(
        "property/patrol.jinja",
        patrol=found,
        names=people.names(request.scope, parties=parties) if parties else {},
        is_open=found.row.state in (PatrolState.DUE, PatrolState.WALKING),
    )


@page(
    "property", "POST", "patrols/<uuid:patrol>/call-off/", name="patrol-call-off", asks="property:patrol", needs=NEEDS
)
def call_off(request: PropertyRequest, patrol: PatrolId) -> HttpResponse:
    """This will call a patrol off for a reason."""
    actions.call_off_patrol(request.scope, patrol=patrol, why=request.form.text("why"), at=request.at)
    return see_other("property:patrol", patrol, said=_("Called off."))


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    state = request.query.raw("state")
    return {
        "community": community.id,
        "state": state if state in {each.value for each in PatrolState} else None,
        "doubtful": "1" if request.query.flag("doubtful") else None,
    }


def _found(request: PropertyRequest, community: CommunityCard, limit: int) -> tuple[PatrolRow, ...]:
    asked, after = _asked(request, community), request.query.maybe_id("after")
    return queries.patrols(
        request.scope,
        community=community.id,
        state=PatrolState(str(asked["state"])) if asked["state"] else None,
        doubtful=asked["doubtful"] is not None,
        after=PatrolId(after) if after else None,
        limit=limit,
    )


def _called(state: PatrolState) -> str:
    """This will say a patrol's state: what nobody walked was missed, but not as an appointment is."""
    return _("not walked") if state is PatrolState.MISSED else word(state)
