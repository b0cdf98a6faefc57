"""A community's month of charging: drafted as often as it takes, looked at, issued once, collected, and closed."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import (
    CLOSE_MONTH,
    DRAFT_MONTH,
    ISSUE_MONTH,
    Channel,
    MonthRun,
    MonthState,
    add_months,
    next_step,
)
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell import formats, long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.answers import see_other_at
from linli.faces.shell.charging import doors
from linli.faces.shell.days import local_time
from linli.faces.shell.forms import Fields
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext, pgettext, word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.money.ledger.rules import till
from linli.spine.may import May

A_PAGE = 24
LOOKED_AT = "linli_community"
"""The cookie that remembers which community the desk had before it; it says nothing of who sits there."""
BACK = (Channel.CASH, Channel.BANK, Channel.ONLINE)


@page("property", "GET", "charging/", needs=May.ISSUE_BILLS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the months of a community and offer the next one to be drafted."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = billing.months(request.scope, community=community.id, limit=A_PAGE + 1)
    months = found[:A_PAGE]
    today = places.day_in(community.id, request.at)
    following = add_months(months[0].first_on, 1) if months else today.replace(day=1)
    return request.render(
        "property/charging.jinja",
        communities=cards,
        community=community,
        months=months,
        are_more=len(found) > A_PAGE,
        next_month=following,
    )


@page("property", "GET", "charging/sheet/", name="charging-sheet", needs=May.ISSUE_BILLS)
def months_sheet(request: PropertyRequest) -> HttpResponse:
    """This will give every month of a community as a spreadsheet, the latest first."""
    community = community_here(request, own_communities(request))
    columns = [_("Month"), _("State"), _("Drafted"), _("Issued"), _("Closed"), _("Bills"), _("Receivable")]
    columns += [_("Received"), pgettext("bill", "Taken back"), _("Open")]
    rows = (
        [
            f"{one.first_on:%Y-%m}", one.state, one.drafted_at, one.issued_at, one.closed_at, one.bills, one.amount,
            one.paid, one.credited, one.open,
        ]
        for one in billing.months(request.scope, community=community.id, limit=most_rows())
    )  # fmt: skip
    return sheet(request.query, "months", columns, rows)


@page("property", "GET", "charging/<uuid:community>/<str:month>/", name="charging-month", needs=May.ISSUE_BILLS)
def show(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will show a month by item beside the one before, what is stopped and why, and what looks wrong."""
    card, first_on = community_of(request, community), month_of(month)
    shown = billing.month_page(request.scope, community=community, first_on=first_on)
    return request.render(
        "property/charging-month.jinja",
        community=card,
        month=shown,
        word=month,
        doors=doors([*(each.subject for each in shown.stopped_lines), *(each.subject for each in shown.outliers)]),
        is_open=shown.card.state is MonthState.OPEN,
        over_on=add_months(first_on, 1, anchor=1),
        today=local_time(request.at).date(),
        once=ids.new(),
    )


@page(
    "property",
    "GET",
    "charging/<uuid:community>/<str:month>/sheet/",
    name="charging-month-sheet",
    needs=May.ISSUE_BILLS,
)
def take_away(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will give a month line by line, with what is stopped and why, as a spreadsheet."""
    community_of(request, community)
    found = billing.month_lines(request.scope, community=community, first_on=month_of(month), limit=most_rows())
    where, names = (
        doors(each.subject for each in found),
        people.names(request.scope, parties={each.obligor for each in found if each.obligor}),
    )
    columns = [_("Where"), _("Item"), _("Who owes"), _("From"), _("To"), _("Due"), _("Amount"), _("Stopped"), _("Why")]
    rows = (
        [
            where.get(each.subject) or word(each.kind), in_language(each.name),
            names.get(each.obligor, "") if each.obligor else "", each.start_on, each.end_on, each.due_on, each.amount,
            word(each.stop) if each.stop else "", each.about,
        ]
        for each in found
    )  # fmt: skip
    return sheet(request.query, f"charges-{month}", columns, rows)


@page("property", "GET", "charging/<uuid:community>/<str:month>/guide/", name="charging-guide", needs=May.ISSUE_BILLS)
def guide(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will lead through a month: each step as it stands, what is missing, and the one thing to do next."""
    card, first_on = community_of(request, community), month_of(month)
    shown = billing.month_guide(request.scope, community=community, first_on=first_on, at=request.at)
    found = shown.stages
    return request.render(
        "property/charging-guide.jinja",
        community=card,
        guide=shown,
        stages=found,
        next_step=next_step(found),
        word=month,
        once=ids.new(),
    )


@page("property", "POST", "charging/draft/", name="charging-draft", asks="property:charging", needs=May.ISSUE_BILLS)
def draft(request: PropertyRequest) -> HttpResponse:
    """This will have a month worked out anew; nothing goes out yet."""
    community, word = CommunityId(request.form.id("community")), request.form.text("month", most=7)
    return _run(request, DRAFT_MONTH, MonthRun(community, month_of(word)))


@page(
    "property",
    "POST",
    "charging/<uuid:community>/<str:month>/issue/",
    name="charging-issue",
    asks="property:charging-month",
    needs=May.ISSUE_BILLS,
)
def issue(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will send the month out: bills, the company's book, and a message to everybody who owes."""
    run = MonthRun(community, month_of(month), without_stopped=request.form.flag("without_stopped"))
    return _run(request, ISSUE_MONTH, run)


@page(
    "property",
    "POST",
    "charging/<uuid:community>/<str:month>/closing/",
    name="charging-closing",
    asks="property:charging-month",
    needs=May.ISSUE_BILLS,
)
def close(request: PropertyRequest, community: CommunityId, month: str) -> HttpResponse:
    """This will lock the days of a month."""
    return _run(request, CLOSE_MONTH, MonthRun(community, month_of(month)))


def _run(request: PropertyRequest, kind: str, run: MonthRun) -> HttpResponse:
    """Have the worker do it, one thing at a time in a community, and show what came of it or how far it is."""
    community_of(request, run.community)
    back = url(_back(request), run.community, f"{run.first_on:%Y-%m}")
    return long_work.answer(
        request,
        kind=kind,
        content=run,
        about=run.about,
        community=run.community,
        lane=run.community,
        then=lambda card: see_other_at(back, said=long_work.outcome(card).said),
    )


def _outcome(card: ChoreCard, said: str) -> Outcome:
    run = card.said
    page_of = url("property:charging-month", run.community, f"{run.first_on:%Y-%m}")
    return Outcome(formats.month(run.first_on), page_of, said)


@long_work.outcome_of(DRAFT_MONTH, says="Draft a month", icon="calculator")
def drafted(card: ChoreCard) -> Outcome:
    """This will say how many lines were worked out."""
    return _outcome(
        card, ngettext("{n} line is worked out.", "{n} lines are worked out.", card.answer.lines) if card.answer else ""
    )


@long_work.outcome_of(ISSUE_MONTH, says="Issue a month", icon="send")
def issued(card: ChoreCard) -> Outcome:
    """This will say how many bills went out."""
    return _outcome(
        card, ngettext("{n} bill went out.", "{n} bills went out.", card.answer.bills) if card.answer else ""
    )


@long_work.outcome_of(CLOSE_MONTH, says="Close a month", icon="lock")
def closed(card: ChoreCard) -> Outcome:
    """This will say that the month is closed."""
    return _outcome(card, _("The month is closed. Nothing changes on its days any more."))


def _back(request: PropertyRequest) -> str:
    """Whoever was led step by step is led on."""
    return "property:charging-guide" if request.form.flag("guided") else "property:charging-month"


def community_here(request: PropertyRequest, cards: tuple[CommunityCard, ...]) -> CommunityCard:
    """This will give the community of the address, or the one looked at last, or the first that the asker works for."""
    last = request.http.COOKIES.get(LOOKED_AT)
    found = chosen_community(request, cards) or next((card for card in cards if str(card.id) == last), None)
    if found is None and not cards:
        raise NotFound("community")
    return _looked_at(request, found or cards[0])


def till_of(form: Fields) -> str:
    """This will read at which till money is taken or given back: the front desk's where nobody says."""
    return till(form.maybe_text("desk", most=20) or "front")


def community_of(request: PropertyRequest, community: CommunityId) -> CommunityCard:
    """This will give a community in which the asker works, or refuse with NotFound."""
    found = next((card for card in own_communities(request) if card.id == community), None)
    if found is None:
        raise NotFound("community")
    return _looked_at(request, found)


def _looked_at(request: PropertyRequest, card: CommunityCard) -> CommunityCard:
    """Whoever works for several communities goes on with the one they had before them."""
    if len(request.communities) > 1:
        request.keeps[LOOKED_AT] = str(card.id)
    return card


def month_of(word: str) -> date:
    """This will read a month such as 2026-03 by its first day, or refuse with NotFound."""
    try:
        return date.fromisoformat(f"{word}-01")
    except ValueError:
        raise NotFound("month") from None


def ways_back(came: Channel) -> tuple[Channel, ...]:
    """This will give the ways in which money goes back, that by which it came first."""
    return tuple(sorted(BACK, key=lambda back: (back is not came, not came.goes_back_by(back))))
