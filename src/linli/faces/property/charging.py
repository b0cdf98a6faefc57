"""A community's month of charging: drafted as often as it takes, looked at, issued once, collected, and closed."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import MonthState, add_months, next_step
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

LOOKED_AT = "linli_community"
"""The cookie that remembers which community the desk had before it; it says nothing of who sits there."""


@page("property", "GET", "charging/", needs=May.ISSUE_BILLS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the months of a community and offer the next one to be drafted."""
    cards = own_communities(request)
    community = community_here(request, cards)
    months = billing.months(request.scope, community=community.id)
    today = places.day_in(community.id, request.at)
    following = add_months(months[0].first_on, 1) if months else today.replace(day=1)
    return request.render(
        "property/charging.jinja",
        communities=cards,
        community=community,
        months=months,
        next_month=following,
    )


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
        once=ids.new(),
    )


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
    """This will work out a month anew; nothing goes out yet."""
    community, word = CommunityId(request.form.id("community")), request.form.text("month", most=7)
    found = actions.draft_month(request.scope, community=community, first_on=month_of(word), at=request.at)
    said = ngettext("{n} line is worked out.", "{n} lines are worked out.", found.lines)
    return see_other(_back(request), community, word, said=said)


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
    found = actions.issue_month(
        request.scope,
        community=community,
        first_on=month_of(month),
        without_stopped=request.form.flag("without_stopped"),
        at=request.at,
    )
    said = ngettext("{n} bill went out.", "{n} bills went out.", found.bills)
    return see_other(_back(request), community, month, said=said)


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
    actions.close_month(request.scope, community=community, first_on=month_of(month), at=request.at)
    said = _("The month is closed. Nothing changes on its days any more.")
    return see_other(_back(request), community, month, said=said)


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
