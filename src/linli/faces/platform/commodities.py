"""Commodities: what homes run out of, the words that find each, and which of them a bought listing is."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.insight.replenish import actions, queries, rules
from linli.kernel.ids import ListingId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.KEEP_CATEGORIES
MOST_LETTERS = 4_000
A_PAGE = 100


@page("platform", "GET", "commodities/", needs=NEEDS)
def index(request: PlatformRequest) -> HttpResponse:
    """This will list the commodities, and the bought listings with what they are thought to be."""
    commodities = queries.taxonomy()
    found = _listings(request, commodities, A_PAGE + 1)
    return request.render(
        "platform/commodities.jinja",
        commodities=commodities,
        listings=found[:A_PAGE],
        are_more=len(found) > A_PAGE,
        only=request.query.maybe_text("only", most=60),
    )


@page("platform", "GET", "commodities-file/", name="commodities-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give the commodities as a sheet."""
    columns = [_("Commodity"), _("Key"), _("Counted in"), _("Usually lasts, days"), _("Found by"), _("Not by")]
    columns.append(_("Proposed to homes"))
    rows = (
        (
            *(in_language(each.name), each.key, each.measure, each.usual_days),
            *(formats.listed(each.words), formats.listed(each.others), each.is_proposed),
        )
        for each in queries.taxonomy()
    )
    return sheet(request.query, "commodities", columns, rows)


@page("platform", "GET", "commodities-file/listings/", name="bought-listings-file", needs=NEEDS)
def take_listings_away(request: PlatformRequest) -> HttpResponse:
    """This will give the bought listings as a sheet, narrowed as the list is."""
    commodities = queries.taxonomy()
    named = {each.key: in_language(each.name) for each in commodities}
    columns = [_("Goods"), _("In a pack"), _("Measure"), _("Suggested by its words"), _("Commodity"), _("By hand")]
    rows = (
        (
            in_language(one.title),
            *((one.pack.amount, one.pack.measure) if one.pack else ("", "")),
            *(named.get(one.suggested, ""), named.get(one.commodity, ""), one.is_decided),
        )
        for one in _listings(request, commodities, most_rows())
    )
    return sheet(request.query, "bought-listings", columns, rows)


def _listings(
    request: PlatformRequest, commodities: tuple[rules.Commodity, ...], limit: int
) -> tuple[queries.MappedListing, ...]:
    only = request.query.maybe_text("only", most=60)
    return queries.mapped_listings(commodities=commodities, commodity="" if only == "none" else only, limit=limit)


@page("platform", "GET", "new-commodity/", name="new-commodity", needs=NEEDS)
def new(request: PlatformRequest) -> HttpResponse:
    """This will ask for a new commodity."""
    return request.render("platform/commodity.jinja", each=None, measures=list(rules.Measure))


@page("platform", "GET", "commodities/<slug:key>/", name="commodity", needs=NEEDS)
def show(request: PlatformRequest, key: str) -> HttpResponse:
    """This will show a commodity to be edited."""
    found = next((each for each in queries.taxonomy() if each.key == key), None)
    if found is None:
        raise NotFound("commodity")
    return request.render("platform/commodity.jinja", each=found, measures=list(rules.Measure))


@page("platform", "POST", "commodities/", asks="platform:new-commodity", needs=NEEDS)
def keep(request: PlatformRequest) -> HttpResponse:
    """This will keep an edited or a new commodity."""
    form = request.form
    actions.keep_commodity(
        request.scope,
        key=form.text("key", most=40),
        zh=form.text("zh", most=40),
        en=form.text("en", most=40),
        measure=form.choice("measure", rules.Measure),
        usual_days=form.whole("usual_days"),
        words=form.text("words", most=MOST_LETTERS).splitlines(),
        others=(form.maybe_text("others", most=MOST_LETTERS) or "").splitlines(),
        is_proposed=form.flag("is_proposed"),
        at=request.at,
    )
    return see_other("platform:commodities", said=_("Kept; listings bought from now on are suggested by its words."))


@page(
    "platform",
    "POST",
    "commodities/listings/<uuid:listing>/",
    name="map-listing",
    asks="platform:commodities",
    needs=NEEDS,
)
def decide(request: PlatformRequest, listing: ListingId) -> HttpResponse:
    """This will decide which commodity a listing is."""
    commodity = request.form.maybe_text("commodity", most=60) or ""
    actions.map_listing(request.scope, listing=listing, commodity=commodity, at=request.at)
    return see_other("platform:commodities", said=_("Decided; what homes bought of it is counted anew by night."))
