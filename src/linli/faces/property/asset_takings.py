"""Stock-takings at the desk: begun, followed, ended, and what is not as the register says."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.assets import actions, queries
from linli.estate.assets.rules import AssetKind, Seen, TakingState
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext, pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId
from linli.spine.may import May

A_PAGE = 200
NEEDS = May.KEEP_ASSETS


@page("property", "GET", "assets/stock-takings/", name="asset-takings", needs=NEEDS)
def takings(request: PropertyRequest) -> HttpResponse:
    """This will list stock-takings with their progress, and ask for one more."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/asset-takings.jinja",
        communities=cards,
        community=community,
        takings=queries.takings(request.scope, community=community.id),
        kinds=tuple(AssetKind),
    )


@page("property", "GET", "assets/stock-takings/sheet/", name="asset-takings-sheet", needs=NEEDS)
def take_list(request: PropertyRequest) -> HttpResponse:
    """This will give the stock-takings of a community as a spreadsheet."""
    community = community_here(request, own_communities(request))
    columns = [_("Number"), _("Known as"), _("Kind"), _("Began"), _("Until"), _("Ended"), _("Counted"), _("In all")]
    columns += [_("Differences"), _("State")]
    rows = (
        [
            one.label, one.name, one.kind, one.began_at, one.due_at, one.ended_at, one.counted, one.every,
            one.different, one.state,
        ]
        for one in queries.takings(request.scope, community=community.id)
    )  # fmt: skip
    return sheet(request.query, "stock-takings", columns, rows)


@page(
    "property",
    "POST",
    "assets/stock-takings/<uuid:community>/",
    name="asset-taking-new",
    asks="property:asset-takings",
    needs=NEEDS,
)
def begin(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will begin a stock-taking."""
    community_of(request, community)
    kind = request.form.choice("kind", AssetKind) if request.form.maybe_text("kind") else None
    name = request.form.text("name", most=60)
    taking = actions.begin_taking(request.scope, community=community, name=name, kind=kind, at=request.at)
    return see_other("property:asset-taking", taking, said=_("It began. Scan what you see."))


@page("property", "GET", "assets/stock-taking/<uuid:taking>/", name="asset-taking", needs=NEEDS)
def show(request: PropertyRequest, taking: UUID) -> HttpResponse:
    """This will show how far a stock-taking is, and what differs."""
    own_communities(request)
    row, history = queries.taking_page(request.scope, taking=taking)
    seen, page_no = _seen(request), request.query.whole("page", low=0, high=1_000, default=0)
    found = queries.counts(
        request.scope, taking=taking, seen=seen, at=request.at, limit=A_PAGE + 1, offset=page_no * A_PAGE
    )
    known = {move.person for move in history if move.person} | {one.person for one in found if one.person}
    asked = {"seen": seen.value if seen else None}
    return request.render(
        "property/asset-taking.jinja",
        row=row,
        history=history,
        counts=found[:A_PAGE],
        seen=seen,
        kinds=tuple(Seen),
        names=people.names(request.scope, parties=known) if known else {},
        is_open=row.state is TakingState.OPEN,
        more=url("property:asset-taking", taking, **asked, page=page_no + 1) if len(found) > A_PAGE else None,
        export=url("property:asset-taking-file", taking, **asked),
    )


@page("property", "GET", "assets/stock-taking/<uuid:taking>/file/", name="asset-taking-file", needs=NEEDS)
def taking_file(request: PropertyRequest, taking: UUID) -> HttpResponse:
    """This will give the counts as a sheet."""
    own_communities(request)
    row, _history = queries.taking_page(request.scope, taking=taking)
    found = queries.counts(request.scope, taking=taking, seen=_seen(request), at=request.at, limit=most_rows())
    columns = [
        _("Number"),
        _("What it is called"),
        _("Place"),
        pgettext("asset", "Seen"),
        _("Seen at"),
        _("Note"),
        _("When"),
    ]
    rows = ((c.label, c.name, c.expected, c.seen, c.place, c.words, c.seen_at) for c in found)
    return sheet(request.query, row.label, columns, rows)


@page(
    "property",
    "POST",
    "assets/stock-taking/<uuid:taking>/closing/",
    name="asset-taking-closing",
    asks="property:asset-taking",
    needs=NEEDS,
)
def close(request: PropertyRequest, taking: UUID) -> HttpResponse:
    """This will end a stock-taking."""
    found = actions.close_taking(request.scope, taking=taking, at=request.at)
    said = ngettext("It ended with {n} difference.", "It ended with {n} differences.", found)
    return see_other("property:asset-taking", taking, said=said)


@page(
    "property",
    "POST",
    "assets/stock-taking/<uuid:taking>/calling-off/",
    name="asset-taking-calling-off",
    asks="property:asset-taking",
    needs=NEEDS,
)
def call_off(request: PropertyRequest, taking: UUID) -> HttpResponse:
    """This will call a stock-taking off."""
    actions.call_off_taking(request.scope, taking=taking, why=request.form.text("why", most=200), at=request.at)
    return see_other("property:asset-taking", taking, said=_("Called off."))


def _seen(request: PropertyRequest) -> Seen | None:
    return next((each for each in Seen if each.value == request.query.raw("seen")), None)
