"""The owners' assembly at the desk: meetings are drafted, announced, followed by turnout, and printed as minutes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest

from django.http import HttpResponse

from linli.estate.assembly import actions, queries
from linli.estate.assembly.actions import MotionDraft
from linli.estate.assembly.rules import Matter, MeetingState, Verdict
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import CommunityId, MeetingId, MotionId
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.HOLD_ASSEMBLY


@page("property", "GET", "meetings/", needs=NEEDS)
def meetings(request: PropertyRequest) -> HttpResponse:
    """This will list the meetings, of all communities or of one, in one state or in all."""
    cards = own_communities(request)
    community = chosen_community(request, cards)
    after = request.query.maybe_id("after")
    found = queries.meetings(
        request.scope,
        community=community.id if community else None,
        state=_state(request),
        after=MeetingId(after) if after else None,
        limit=A_PAGE + 1,
    )
    return request.render(
        "property/meetings.jinja",
        meetings=found[:A_PAGE],
        more=found[A_PAGE - 1].meeting if len(found) > A_PAGE else None,
        communities={card.id: card for card in cards},
        community=community,
        state=_state(request),
        states=tuple(MeetingState),
    )


@page("property", "GET", "meetings/file/", name="meetings-file", needs=NEEDS)
def meetings_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    cards = {card.id: card for card in own_communities(request)}
    community = chosen_community(request, tuple(cards.values()))
    found = queries.meetings(
        request.scope, community=community.id if community else None, state=_state(request), limit=most_rows()
    )
    columns = [_("Number"), _("Community"), _("Title"), _("State"), _("Opens"), _("Closes")]
    columns += [_("Heads"), _("Voted"), _("Area, m²"), _("Voted, m²")]
    rows = (
        (
            *(m.label, in_language(cards[m.community].name), in_language(m.title), m.state, m.opens_at, m.closes_at),
            *(m.whole.heads, m.turnout.heads, _m2(m.whole.area_dm2), _m2(m.turnout.area_dm2)),
        )
        for m in found
    )
    return sheet(request.query, "meetings", columns, rows)


@page("property", "GET", "meetings/new/", name="new-meeting", needs=NEEDS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask what the meeting is called and when it takes votes."""
    return request.render("property/meeting-new.jinja", communities=own_communities(request), today=_today(request))


@page("property", "POST", "meetings/new/", name="new-meeting", needs=NEEDS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will draft a meeting."""
    own_communities(request)
    zone, secrecy = voice.current().zone, request.form.maybe_text("secrecy")
    meeting = actions.draft_meeting(
        request.scope,
        community=CommunityId(request.form.id("community")),
        title=_by_language(request.form, "title", 120),
        text=_by_language(request.form, "text", 4000),
        record_on=request.form.day("record_on"),
        opens_at=request.form.instant("opens_at", zone),
        closes_at=request.form.instant("closes_at", zone),
        is_secret={"open": False, "secret": True}.get(secrecy or ""),
        at=request.at,
    )
    return see_other("property:meeting", meeting, said=_("Drafted. Now say what is put to the vote."))


@page("property", "GET", "meetings/<uuid:meeting>/", name="meeting", needs=NEEDS)
def show(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will show a meeting: its motions, its turnout, its results when it is over, and its history."""
    cards = own_communities(request)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    attached = beside(request, shown.card)
    return request.render(
        "property/meeting.jinja",
        page=shown,
        community=next(card for card in cards if card.id == shown.card.community),
        matters=tuple(Matter),
        names=movers(request, shown.history, *(one.person for one in attached)),
        attached=attached,
        takes_votes=shown.card.takes_votes(request.at),
        today=_today(request),
        is_undecided=shown.card.state is MeetingState.CANCELLED
        or any(one.outcome.verdict is Verdict.NO_QUORUM for one in shown.results.values()),
    )


@page("property", "POST", "meetings/<uuid:meeting>/motions/", name="motions", asks="property:meeting", needs=NEEDS)
def add(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will put one more motion to the vote."""
    form = request.form
    motion = MotionDraft(
        matter=form.choice("matter", Matter),
        title=_by_language(form, "motion_title", 200),
        text=_by_language(form, "motion_text", 4000),
        options=_options(form),
        most=form.whole("most", low=1, high=20, default=1),
    )
    files = [(file.name, file.content) for file in form.uploads("files", count=5)]
    actions.add_motion(request.scope, meeting=meeting, motion=motion, uploads=files, at=request.at)
    return see_other("property:meeting", meeting)


@page(
    "property", "POST", "meetings/<uuid:meeting>/motions/<uuid:motion>/removal/", asks="property:meeting", needs=NEEDS
)
def remove(request: PropertyRequest, meeting: MeetingId, motion: MotionId) -> HttpResponse:
    """This will take a motion out of a draft."""
    actions.remove_motion(request.scope, meeting=meeting, motion=motion, at=request.at)
    return see_other("property:meeting", meeting)


@page("property", "POST", "meetings/<uuid:meeting>/announcement/", asks="property:meeting", needs=NEEDS)
def announce(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will fix the roll and tell the owners."""
    heads = actions.announce_meeting(request.scope, meeting=meeting, at=request.at)
    said = ngettext("Announced. {n} head has a vote.", "Announced. {n} heads have a vote.", heads)
    return see_other("property:meeting", meeting, said=said)


@page(
    "property",
    "POST",
    "meetings/<uuid:meeting>/cancellation/",
    name="meeting-cancellation",
    asks="property:meeting",
    needs=NEEDS,
)
def cancel(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will call a meeting off."""
    actions.cancel_meeting(request.scope, meeting=meeting, why=request.form.text("why"), at=request.at)
    return see_other("property:meeting", meeting, said=_("Called off. The owners read why."))


@page("property", "POST", "meetings/<uuid:meeting>/again/", name="meeting-again", asks="property:meeting", needs=NEEDS)
def again(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will draft a new vote on what this one left undecided."""
    own_communities(request)
    form, zone = request.form, voice.current().zone
    drafted = actions.draft_again(
        request.scope,
        meeting=meeting,
        record_on=form.day("record_on"),
        opens_at=form.instant("opens_at", zone),
        closes_at=form.instant("closes_at", zone),
        at=request.at,
    )
    return see_other("property:meeting", drafted, said=_("Drafted, with the same motions. Look at it and announce it."))


@page("property", "GET", "meetings/<uuid:meeting>/minutes/", name="minutes", needs=NEEDS)
def minutes(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will show the minutes, to be printed and signed."""
    cards = own_communities(request)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    community = next(card for card in cards if card.id == shown.card.community)
    return request.render("property/minutes.jinja", page=shown, community=community)


@page("property", "GET", "meetings/<uuid:meeting>/minutes/file/", name="minutes-file", needs=NEEDS)
def minutes_file(request: PropertyRequest, meeting: MeetingId) -> HttpResponse:
    """This will give the results as a sheet: one row for each option."""
    own_communities(request)
    shown = queries.meeting_page(request.scope, meeting=meeting, at=request.at)
    columns = [_("Motion"), _("Matter"), _("Option"), _("Heads"), _("Area, m²"), _("Result"), _("Took part, heads")]
    columns += [_("Took part, m²"), _("All heads"), _("All, m²")]
    return sheet(request.query, shown.card.label, columns, _result_rows(shown))


def _result_rows(shown: queries.MeetingPage) -> Iterator[tuple[object, ...]]:
    card = shown.card
    for motion in shown.motions:
        result = shown.results.get(motion.motion)
        if result is None:
            continue
        for option, side in zip(motion.options, result.sides, strict=True):
            title = f"{motion.position}. {in_language(motion.title)}"
            yield (
                *(title, motion.matter, in_language(option), side.heads, _m2(side.area_dm2)),
                *(result.outcome.verdict, card.turnout.heads, _m2(card.turnout.area_dm2)),
                *(card.whole.heads, _m2(card.whole.area_dm2)),
            )


def _by_language(form: Fields, name: str, most: int) -> dict[str, str]:
    return {language: form.maybe_text(f"{name}_{language}", most=most) or "" for language in ("zh", "en")}


def _options(form: Fields) -> tuple[dict[str, str], ...]:
    """One a line; where both languages are written the lines belong together, so there are as many of both."""
    zh, en = (
        [line.strip() for line in (form.maybe_text(name, most=4000) or "").splitlines() if line.strip()]
        for name in ("options", "options_en")
    )
    if zh and en and len(zh) != len(en):
        raise Invalid(
            "options_en", _("Write as many options as in Chinese: {n}, in the same order, or none.", n=len(zh))
        )
    return tuple({"zh": chinese, "en": english} for chinese, english in zip_longest(zh, en, fillvalue=""))


def _m2(area_dm2: int) -> Decimal:
    return Decimal(area_dm2) / 100


def _state(request: PropertyRequest) -> MeetingState | None:
    asked = request.query.raw("state")
    return next((state for state in MeetingState if state.value == asked), None)


def _today(request: PropertyRequest) -> str:
    return request.at.astimezone(voice.current().zone).date().isoformat()
