"""What to carry: what each good leaves after all that it costs, in one community or in all, with the evidence."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext, in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import sheet
from linli.ground.places import queries as places
from linli.insight.dashboards import queries as figures
from linli.insight.dashboards.queries import CarryPage
from linli.insight.dashboards.rules import Reason, Verdict
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.kernel.words import _

A_PAGE = 50
VERDICTS = {
    Verdict.DROP: _("Better dropped"),
    Verdict.WATCH: _("Keep an eye on it"),
    Verdict.CARRY: _("Worth carrying"),
    Verdict.OPEN: _("Not to be said yet"),
}
TONES = {Verdict.DROP: "bad", Verdict.WATCH: "watch", Verdict.CARRY: "good", Verdict.OPEN: "plain"}
REASONS = {
    Reason.NEW: _("here for less than four weeks"),
    Reason.NO_COST: _("what it was bought for is not known"),
    Reason.UNSOLD: _("nobody bought it"),
    Reason.LOSES: _("costs more than it brings"),
    Reason.SELDOM: _("bought too seldom"),
    Reason.AGAIN: _("homes buy it again"),
    Reason.EARNS: _("it earns its place"),
    Reason.LITTLE: _("it earns little"),
}

COLUMNS = (
    *(_("Goods"), _("Size"), _("What the figures say"), _("Why"), _("Units"), _("Elsewhere")),
    *(_("Homes that bought"), _("Bought again"), _("Units a week"), _("Days on the shelf"), _("On the shelf")),
    *(_("Lost"), _("Sales"), _("Purchase"), _("Commission"), _("Own ways"), _("Loss"), _("Margin")),
)


@page("merchant", "GET", "carry/", name="what-to-carry")
def index(request: MerchantRequest) -> HttpResponse:
    """This will list the goods with what each leaves, those to drop first."""
    found = _found(request)
    wanted = request.query.raw("verdict")
    lines = [line for line in found.lines if not wanted or line.worth.verdict == wanted]
    start = request.query.whole("from", default=0, low=0, high=10_000)
    asked = {key: value for key in ("community", "trip", "verdict") if (value := request.query.raw(key))}
    cards = places.communities(ids=found.communities)
    for card in cards[:1]:
        voice.move_to(card.timezone)
    return show(
        request,
        "what-to-carry.jinja",
        found=found,
        lines=lines[start : start + A_PAGE],
        communities=cards,
        community=request.query.raw("community"),
        wanted=wanted,
        asked=asked,
        verdicts=VERDICTS,
        tones=TONES,
        reasons=REASONS,
        more=url("merchant:what-to-carry", **asked, **{"from": start + A_PAGE}) if lines[start + A_PAGE :] else None,
    )


@page("merchant", "GET", "carry/sheet/", name="what-to-carry-sheet")
def download(request: MerchantRequest) -> HttpResponse:
    """This will give all of it as a sheet."""
    found = _found(request)
    rows = [
        [
            *(in_language(line.name), in_language(line.label)),
            *(gettext(VERDICTS[line.worth.verdict]), gettext(REASONS[line.worth.reason])),
            *(line.units, line.elsewhere, line.homes, line.again, f"{line.worth.weekly:.1f}"),
            *(None if line.days is None else f"{line.days:.1f}", line.here, line.lost, line.net, line.worth.cost),
            *(line.worth.commission, line.worth.delivery, line.worth.loss, line.worth.margin),
        ]
        for line in found.lines
    ]
    return sheet(request.query, f"what-to-carry-{found.last_on}", [gettext(each) for each in COLUMNS], rows)


def _found(request: MerchantRequest) -> CarryPage:
    asked = request.query.maybe_id("community")
    community = CommunityId(asked) if asked else None
    trip = request.query.maybe_money("trip")
    if trip is not None and trip.minor < 0:
        raise NotFound("trip")
    return figures.what_to_carry(request.scope, shop=request.shop, community=community, trip=trip, at=request.at)
