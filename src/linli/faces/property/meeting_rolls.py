"""The roll of a meeting, and paper ballots that two people read on the way from door to door."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse

from linli.estate.assembly import actions, queries
from linli.estate.assembly.actions import Reading
from linli.faces.property.communities import own_communities
from linli.faces.property.meetings import NEEDS
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.places import queries as places
from linli.kernel.ids import MeetingId, MotionId, VoterId
from linli.kernel.refusals import NotFound

A_PAGE = 100
VOTED = {"yes": True, "no": False}


@page("property", "GET", "meetings/<uuid:meeting>/roll/", name="roll", needs=NEEDS)
def roll(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will list who has a vote and whether it was cast; a door is found by what people type."""
    own_communities(request)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    words, after = request.query.maybe_text("words", most=40), request.query.maybe_id("after")
    homes = places.find_homes(shown.card.community, words=words, limit=1) if words else ()
    found = (
        ()
        if words and not homes
        else queries.roll(
            request.scope,
            meeting=meeting,
            has_voted=VOTED.get(request.query.raw("voted")),
            home=homes[0].id if homes else None,
            after=VoterId(after) if after else None,
            limit=A_PAGE + 1,
        )
    )
    return request.render(
        "property/roll.jinja",
        page=shown,
        rows=found[:A_PAGE],
        more=found[A_PAGE - 1].voter if len(found) > A_PAGE else None,
        words=words or "",
        voted=request.query.raw("voted"),
        papers=queries.papers_waiting(request.scope, meeting=meeting, at=request.at),
        letters=queries.proxy_letters(request.scope, meeting=meeting, at=request.at),
        takes_votes=shown.card.takes_votes(request.at),
    )


@page(
    "property",
    "POST",
    "meetings/<uuid:meeting>/letters/<uuid:proxy>/check/",
    name="letter-check",
    asks="property:roll",
    needs=NEEDS,
)
def check_letter(request: PropertyRequest, meeting: MeetingId, proxy: UUID) -> HttpResponse:
    """This will let the proxy vote."""
    own_communities(request)
    actions.check_letter(request.scope, proxy=proxy, at=request.at)
    return see_other("property:roll", meeting, said=_("Looked at: the proxy may vote."))


@page(
    "property",
    "POST",
    "meetings/<uuid:meeting>/letters/<uuid:proxy>/refusal/",
    name="letter-refusal",
    asks="property:roll",
    needs=NEEDS,
)
def refuse_letter(request: PropertyRequest, meeting: MeetingId, proxy: UUID) -> HttpResponse:
    """This will end the proxy and tell who gave it."""
    own_communities(request)
    actions.refuse_letter(request.scope, proxy=proxy, why=request.form.text("why"), at=request.at)
    return see_other("property:roll", meeting, said=_("Refused. Who gave it has a message."))


@page("property", "GET", "meetings/<uuid:meeting>/roll/file/", name="roll-file", needs=NEEDS)
def roll_file(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will give the roll as a sheet."""
    own_communities(request)
    asked = VOTED.get(request.query.raw("voted"))
    found = queries.roll(request.scope, meeting=meeting, has_voted=asked, limit=most_rows())
    columns = [_("Homes"), _("Owners"), _("Area, m²"), _("Voted at"), pgettext("vote", "By"), _("Proxy")]
    rows = (
        (
            *(" ".join(row.doors), " ".join(row.members), Decimal(row.area_dm2) / 100),
            *(row.voted_at, word(row.way) if row.way else "", row.has_proxy),
        )
        for row in found
    )
    return sheet(request.query, "roll", columns, rows)


@page("property", "GET", "meetings/<uuid:meeting>/papers/<uuid:voter>/", name="paper", needs=NEEDS)
def read(request: PropertyRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will ask what a paper ballot says; whoever reads second does not see what the first one read."""
    own_communities(request)
    of, row = queries.roll_row(request.scope, voter=voter)
    if of != meeting:
        raise NotFound("voter")
    waiting = {each.voter: each for each in queries.papers_waiting(request.scope, meeting=meeting, at=request.at)}
    return request.render(
        "property/paper.jinja",
        page=queries.meeting_page(request.scope, meeting=meeting, at=request.at),
        row=row,
        first=waiting.get(voter),
    )


@page("property", "POST", "meetings/<uuid:meeting>/papers/<uuid:voter>/", name="paper", needs=NEEDS)
def enter(request: PropertyRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will keep the first reading."""
    own_communities(request)
    scan = [(file.name, file.content) for file in request.form.uploads("scan", count=1)]
    actions.enter_paper(request.scope, voter=voter, answers=_answers(request, meeting), scan=scan, at=request.at)
    return see_other("property:roll", meeting, said=_("Read once. It counts when somebody else has read the same."))


@page(
    "property",
    "POST",
    "meetings/<uuid:meeting>/papers/<uuid:voter>/second/",
    name="paper-second",
    asks="property:paper",
    needs=NEEDS,
)
def confirm(request: PropertyRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will count what two people read alike."""
    own_communities(request)
    found = actions.confirm_paper(request.scope, voter=voter, answers=_answers(request, meeting), at=request.at)
    said = _("Both read the same: it is counted.")
    if found is Reading.DIFFERS:
        said = _("The two readings differ. Both are void: please read the ballot again, one after the other.")
    return see_other("property:roll", meeting, said=said)


def _answers(request: PropertyRequest, meeting: MeetingId) -> dict[MotionId, tuple[int, ...]]:
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    return {each.motion: _places(request.form, each.motion) for each in shown.motions}


def _places(form: Fields, motion: MotionId) -> tuple[int, ...]:
    texts = form.many(f"answer.{motion}")
    return tuple(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 4)
