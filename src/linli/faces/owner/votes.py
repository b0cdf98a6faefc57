"""What the owners decide: votes that are open to the resident, their ballot, and the results with their reasons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse

from linli.estate.assembly import actions, queries
from linli.estate.assembly.rules import AssemblyPolicy
from linli.faces.owner.attachments import beside
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import MeetingId, MotionId, VoterId
from linli.kernel.refusals import Invalid

A_PAGE = 20
MOST_PICKED = 20


def waiting(request: OwnerRequest) -> str:
    """This will say how many votes are open to the resident, for the page of counters."""
    n = queries.meetings_waiting(request.scope, at=request.at)
    return ngettext("{n} vote is open", "{n} votes are open", n) if n else ""


@page("owner", "GET", "votes/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list the votes of the community, the latest first."""
    community = insist_offered(request, AssemblyPolicy)
    after = request.query.maybe_id("after")
    found = queries.meetings(
        request.scope, community=community.id, after=MeetingId(after) if after else None, limit=A_PAGE + 1
    )
    more = found[A_PAGE - 1].meeting if len(found) > A_PAGE else None
    return request.render("owner/votes.jinja", community=community, meetings=found[:A_PAGE], more=more)


@page("owner", "GET", "votes/<uuid:meeting>/", name="vote")
def show(request: OwnerRequest, meeting: MeetingId) -> HttpResponse:
    """This will show what is put to the vote, the resident's ballots, the turnout, and the result when it is over."""
    community = insist_offered(request, AssemblyPolicy)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    votes = queries.my_votes(request.scope, meeting=meeting)
    return request.render(
        "owner/vote.jinja",
        community=community,
        page=shown,
        votes=votes,
        takes_votes=shown.card.takes_votes(request.at),
        may_change=shown.terms is not None and shown.terms.ballots_change,
        may_object=may_object(shown, request.at) and any(each.is_mine for each in votes),
        attached=beside(request, shown.card),
    )


@page("owner", "POST", "votes/<uuid:meeting>/ballots/<uuid:voter>/", asks="owner:vote", name="ballot")
def cast(request: OwnerRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will vote."""
    insist_offered(request, AssemblyPolicy)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    answers = picked(request.form, [each.motion for each in shown.motions])
    actions.cast_ballot(request.scope, voter=voter, answers=answers, at=request.at)
    return see_other("owner:vote", meeting, said=_("Your vote is in. Thank you."))


@page("owner", "POST", "votes/<uuid:meeting>/objections/", asks="owner:vote", name="vote-objections")
def note(request: OwnerRequest, meeting: MeetingId) -> HttpResponse:
    """This will note an objection."""
    insist_offered(request, AssemblyPolicy)
    actions.note_objection(request.scope, meeting=meeting, text=request.form.text("text", most=1000), at=request.at)
    return see_other("owner:vote", meeting, said=_("Your objection is noted and stands in the minutes."))


@page("owner", "GET", "votes/<uuid:meeting>/proxies/<uuid:voter>/", name="vote-proxy")
def name_proxy(request: OwnerRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will ask who shall vote for a home."""
    community = insist_offered(request, AssemblyPolicy)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    mine = [each for each in queries.my_votes(request.scope, meeting=meeting) if each.voter == voter and each.is_mine]
    if not mine:
        return see_other("owner:vote", meeting)
    return request.render("owner/vote-proxy.jinja", community=community, page=shown, vote=mine[0])


@page("owner", "POST", "votes/<uuid:meeting>/proxies/<uuid:voter>/", name="vote-proxy")
def give(request: OwnerRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will let somebody else vote for a home."""
    insist_offered(request, AssemblyPolicy)
    actions.give_proxy(
        request.scope,
        voter=voter,
        phone=request.form.text("phone", most=32),
        signed=request.form.maybe_text("signed", most=80) or "",
        letter=[(file.name, file.content) for file in request.form.uploads("letter", count=1)],
        at=request.at,
    )
    return see_other(
        "owner:vote", meeting, said=_("They may vote for you now. You can take this back until they have.")
    )


@page("owner", "POST", "votes/<uuid:meeting>/proxies/<uuid:voter>/revocation/", name="proxy-revocation")
def revoke(request: OwnerRequest, meeting: MeetingId, voter: VoterId) -> HttpResponse:
    """This will take a proxy back."""
    insist_offered(request, AssemblyPolicy)
    actions.revoke_proxy(request.scope, voter=voter, at=request.at)
    return see_other("owner:vote", meeting, said=_("The proxy is revoked. You vote yourself."))


def picked(form: Fields, motions: list[MotionId]) -> dict[MotionId, tuple[int, ...]]:
    """This will read a ballot: the places of the options picked for each motion."""
    return {motion: _places(form, motion) for motion in motions}


def may_object(shown: queries.MeetingPage, at: datetime) -> bool:
    """This will tell whether objections are still taken."""
    return shown.objections_until is not None and at <= shown.objections_until


def _places(form: Fields, motion: UUID) -> tuple[int, ...]:
    texts = form.many(f"answer.{motion}")
    if len(texts) > MOST_PICKED or any(not (text.isascii() and text.isdigit() and len(text) < 4) for text in texts):
        raise Invalid(f"answer.{motion}", "Please choose one of the values offered.")
    return tuple(int(text) for text in texts)
