"""Costs that a month divides among homes: entered or read from a sheet, tried, looked at home by home, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.actions import CostImport
from linli.estate.billing.queries import CostPage, CostShares, CostTerms
from linli.estate.billing.rules import IMPORT_COSTS, CostSheetRun, MonthState, ShareBy, add_months
from linli.estate.billing.rules.expressions import decimal_text
from linli.estate.metering import queries as metering
from linli.faces.property.charging import community_of, month_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext, pgettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ItemId, MeterId, PartyId
from linli.spine.may import May

A_PAGE = 100
MOST_METERS = 200
NEEDS = May.ISSUE_BILLS
ADDRESS = "charging/<uuid:community>/<str:month>/costs/"


@page("property", "GET", ADDRESS, name="costs", needs=NEEDS)
def index(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will list the costs that a month divides, and ask for another one."""
    return _shown(request, community, month)


@page("property", "GET", ADDRESS + "sheet/", name="costs-sheet", needs=NEEDS)
def take_list(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will give the costs of a month as a spreadsheet."""
    community_of(request, community)
    found = billing.costs(request.scope, community=community, first_on=month_of(month))
    columns = [_("Item"), _("What"), _("Building"), _("Unit"), _("Shared"), _("From"), _("To"), _("Amount")]
    columns += [_("Charged"), pgettext("bill", "Taken back"), _("State")]
    rows = (
        [
            in_language(one.name), one.title, one.terms.building, one.terms.unit, by_says(one.terms),
            one.terms.start_on, one.terms.end_on, one.terms.amount, one.charged, one.credited, one.state,
        ]
        for one in found
    )  # fmt: skip
    return sheet(request.query, f"shared-costs-{month}", columns, rows)


@page("property", "POST", ADDRESS, name="costs", needs=NEEDS)
def create(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will show who would carry what, or enter the cost once that was looked at."""
    terms, item = _terms(request, community, month_of(month)), ItemId(request.form.id("item"))
    title = request.form.maybe_text("title", most=60) or ""
    if request.form.raw("do") != "enter":
        actions.insist_on_cost(request.scope, item, month_of(month), terms, title)
        return _shown(request, community, month, billing.try_cost(request.scope, terms=terms, at=request.at))
    actions.add_cost(request.scope, item=item, first_on=month_of(month), terms=terms, title=title, at=request.at)
    return see_other("property:costs", community, month, said=_("Entered. Draft the month to divide it."))


@page("property", "POST", ADDRESS + "import/", name="costs-import", asks="property:costs", needs=NEEDS)
def take_over(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will enter every cost of a sheet, or none; the same sheet twice enters nothing twice."""
    community_of(request, community)
    run = CostSheetRun(community, month_of(month))
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=IMPORT_COSTS,
        content=run,
        about=f"{community}:{month}:{file}",
        community=community,
        lane=community,
        label=name,
        file=file,
    )


@long_work.outcome_of(IMPORT_COSTS, says="Shared costs from a spreadsheet", icon="upload")
def entered(card: ChoreCard) -> Outcome:
    """This will say how many costs of the sheet were new, or how many cells are wrong and where they are named."""
    found, where = card.answer, (card.said.community, f"{card.said.first_on:%Y-%m}")
    if not found:
        return Outcome(card.label, url("property:costs", *where))
    if found.errors:
        wrong = len(found.errors) + found.more_errors
        said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
        return Outcome(card.label, url("property:costs", *where, sheet=card.id), said)
    said = ngettext("{n} cost was entered.", "{n} costs were entered.", found.entered)
    return Outcome(card.label, url("property:costs", *where), said)


@page("property", "GET", "costs/<uuid:cost>/", name="cost", needs=NEEDS)
def show(request: PropertyRequest, cost: UUID) -> HttpResponse:
    """This will show a cost home by home: weight, share before rounding, and what it comes to."""
    cards = {card.id: card for card in own_communities(request)}
    shown = billing.cost_page(request.scope, cost=cost, at=request.at)
    card, nth = shown.card, request.query.whole("page", low=1, high=1000, default=1)
    carried = shown.shares.carried
    page_of = carried[(nth - 1) * A_PAGE : nth * A_PAGE]
    people_named = {PartyId(each) for each in (card.entered_by, card.decided_by) if each}
    return request.render(
        "property/cost.jinja",
        cost=shown,
        community=cards[card.terms.community],
        word=f"{card.first_on:%Y-%m}",
        carried=page_of,
        doors=doors([*(each.home for each in page_of), *(home for home, _why in shown.shares.stopped[:A_PAGE])]),
        names=people.names(request.scope, parties=people_named) if people_named else {},
        more=url("property:cost", cost, page=nth + 1) if len(carried) > nth * A_PAGE else None,
        export=url("property:cost-sheet", cost),
        by=by_says(card.terms),
        total=decimal_text(shown.shares.total),
        once=ids.new(),
    )


@page("property", "GET", "costs/<uuid:cost>/sheet/", name="cost-sheet", needs=NEEDS)
def take_away(request: PropertyRequest, cost: UUID) -> HttpResponse:
    """This will give all that the page shows as a spreadsheet, every home of it."""
    shown = _page(request, cost)
    columns = [_("Door"), _("Weight"), _("Share before rounding"), _("Amount")]
    return sheet(request.query, "shared-cost", columns, _rows(shown.shares))


@page("property", "POST", "costs/<uuid:cost>/withdrawal/", name="cost-withdrawal", asks="property:cost", needs=NEEDS)
def withdraw(request: PropertyRequest, cost: UUID) -> HttpResponse:
    """This will take a cost out of its month before that goes out."""
    card = _page(request, cost).card
    actions.withdraw_cost(request.scope, cost=cost, why=request.form.text("why", most=200), at=request.at)
    where = card.terms.community, f"{card.first_on:%Y-%m}"
    return see_other("property:costs", *where, said=_("Withdrawn."))


@page("property", "POST", "costs/<uuid:cost>/credit/", name="cost-credit", asks="property:cost", needs=NEEDS)
def credit(request: PropertyRequest, cost: UUID) -> HttpResponse:
    """This will take back, by credit lines, all that is still open of a cost that went out."""
    found = actions.credit_cost(request.scope, cost=cost, why=request.form.text("why", most=200), at=request.at)
    return see_other("property:cost", cost, said=_("{amount} was taken back by lines of their own.", amount=found))


def by_says(terms: CostTerms) -> str:
    """This will say by what a cost is divided."""
    said = {
        ShareBy.AREA: _("by built-up area"),
        ShareBy.INNER_AREA: _("by inner area"),
        ShareBy.HOME: _("equally per home"),
        ShareBy.HEADS: _("per head"),
        ShareBy.COEFFICIENT: _("by coefficient"),
        ShareBy.FLOOR: _("by floor"),
        ShareBy.ATTRIBUTE: _("by a value of the homes"),
        ShareBy.METER: _("by the weights of the meter"),
    }[terms.by]
    return f"{said}: {terms.floors or terms.attribute}" if terms.floors or terms.attribute else said


def _page(request: PropertyRequest, cost: UUID) -> CostPage:
    own_communities(request)
    return billing.cost_page(request.scope, cost=cost, at=request.at)


def _rows(shares: CostShares) -> Iterator[list[object]]:
    named = doors([each.home for each in shares.carried])
    for each in shares.carried:
        yield [named.get(each.home, ""), Decimal(each.weight_shown), Decimal(each.exact_shown), each.amount]


def _terms(request: PropertyRequest, community: CommunityId, first_on: date) -> CostTerms:
    form = request.form
    building, _sep, unit = form.raw("place").partition("/")
    last = form.maybe_day("until")
    meter = form.maybe_id("meter")
    return CostTerms(
        community=community,
        start_on=form.maybe_day("since") or first_on,
        end_on=add_months(first_on, 1) if last is None else last + timedelta(days=1),
        by=form.choice("by", ShareBy),
        building=building[:20],
        unit=unit[:20],
        floors=(form.maybe_text("floors", most=200) or "") if form.raw("by") == ShareBy.FLOOR else "",
        attribute=(form.maybe_text("attribute", most=40) or "") if form.raw("by") == ShareBy.ATTRIBUTE else "",
        amount=None if meter else form.money("amount"),
        meter=None if meter is None else MeterId(meter),
        price=form.number("price", high=100_000) if meter else None,
    )


def _shown(
    request: PropertyRequest, community: CommunityId, month: str, tried: CostShares | None = None
) -> HttpResponse:
    card, first_on, scope = community_of(request, community), month_of(month), request.scope
    state = next((m.state for m in billing.months(scope, community=community) if m.first_on == first_on), None)
    stairwells = sorted({(building, unit) for building, unit, _label in places.doors(community)})
    return request.render(
        "property/costs.jinja",
        community=card,
        word=month,
        first_on=first_on,
        imported=_imported(request),
        columns=actions.COST_COLUMNS,
        is_open=state in (None, MonthState.OPEN),
        is_drafted=state is not None,
        costs=billing.costs(scope, community=community, first_on=first_on),
        items=[each for each in billing.items(scope, on=first_on) if each.retired_at is None],
        ways=[(each, by_says(_plain(community, first_on, each))) for each in ShareBy],
        buildings=sorted({building for building, _unit in stairwells}),
        stairwells=stairwells,
        meters=metering.meters(scope, community=community, shared_only=True, limit=MOST_METERS),
        attributes=sorted(billing.known_attributes(scope)),
        by_says=by_says,
        tried=tried,
        doors=doors([each.home for each in tried.carried[:10]] + [h for h, _w in tried.stopped[:10]]) if tried else {},
        once=ids.new(),
    )


def _imported(request: PropertyRequest) -> CostImport | None:
    """What is wrong in the sheet that the address names."""
    card = long_work.looked_at(request, request.query.maybe_id("sheet"), IMPORT_COSTS)
    return card.answer if card is not None and card.answer.errors else None


def _plain(community: CommunityId, day: date, by: ShareBy) -> CostTerms:
    return CostTerms(community, day, day, by)
