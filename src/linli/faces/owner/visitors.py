"""Guests that a resident invites: the passes, a new one, and taking one back."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.estate.visits import actions, rules
from linli.estate.visits import queries as visits
from linli.estate.visits.rules import PassDraft, PassKind, VisitPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import HomeCard
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, VisitPassId
from linli.kernel.refusals import Invalid

MOST = 20
_USUALLY = {PassKind.DAYS: timedelta(days=1), PassKind.STANDING: timedelta(days=30)}
_A_FEW = 6
"""Whoever stays some days goes out and comes in again; one entry would shut them out."""


def waiting(request: OwnerRequest) -> str:
    """This will say who stands at the gate, or how many guests are expected, for the page of counters."""
    arrivals, passes = visits.waiting(request.scope, at=request.at)
    if arrivals:
        return ngettext("{n} at the gate", "{n} at the gate", arrivals)
    return ngettext("{n} pass is open", "{n} passes are open", passes) if passes else ""


@page("owner", "GET", "visitors/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show who waits at the gate and whom the resident invited."""
    community = insist_offered(request, VisitPolicy)
    after = request.query.maybe_id("after")
    passes = visits.my_passes(request.scope, at=request.at, after=VisitPassId(after) if after else None, limit=MOST + 1)
    return request.render(
        "owner/visitors.jinja",
        community=community,
        arrivals=() if after else visits.my_arrivals(request.scope, at=request.at),
        passes=passes[:MOST],
        more=passes[MOST - 1].visit_pass if len(passes) > MOST else None,
    )


@page("owner", "GET", "visitors/new/", name="visitor-new")
def new(request: OwnerRequest) -> HttpResponse:
    """This will ask who comes, and when."""
    community = insist_offered(request, VisitPolicy)
    raw = request.form.raw("kind") or request.query.raw("kind")
    kind = PassKind(raw) if raw in tuple(PassKind) else PassKind.ONCE
    terms = policy(request.scope, VisitPolicy, at=request.at, community=community.id)
    today = places.day_in(community.id, request.at)
    return request.render(
        "owner/visitor-new.jinja",
        community=community,
        homes=_homes(request, community.id),
        kind=kind.value,
        kinds=tuple(PassKind),
        today=today,
        last_on=today + _USUALLY.get(kind, timedelta()),
        entries=1 if kind is PassKind.ONCE else min(_A_FEW, terms.most_entries),
        policy=terms,
        once=ids.new(),
    )


@page("owner", "POST", "visitors/new/", name="visitor-new")
def create(request: OwnerRequest) -> HttpResponse:
    """This will open a pass."""
    insist_offered(request, VisitPolicy)
    home = request.form.maybe_id("home") or next(iter(request.homes), None)
    if home is None:
        raise Invalid("home", _("Please choose one of the values offered."))
    made = actions.invite(request.scope, home=HomeId(home), draft=_draft(request.form), at=request.at)
    return see_other("owner:visitor", made, said=_("Invited. Send the pass to your guest."))


@page("owner", "GET", "visitors/<uuid:visit_pass>/", name="visitor")
def show(request: OwnerRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will show a pass with its code, its link and what became of it."""
    community = insist_offered(request, VisitPolicy)
    found = visits.pass_page(request.scope, visit_pass=visit_pass, at=request.at)
    link = request.http.build_absolute_uri(f"/v/{found.card.link}/")
    return request.render("owner/visitor.jinja", community=community, found=found, card=found.card, link=link)


@page("owner", "POST", "visitors/<uuid:visit_pass>/revocation/", name="visitor-revocation")
def revoke(request: OwnerRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will end a pass at once."""
    insist_offered(request, VisitPolicy)
    actions.revoke(request.scope, visit_pass=visit_pass, at=request.at)
    return see_other("owner:visitors", said=_("The pass has ended."))


def _homes(request: OwnerRequest, community: CommunityId) -> list[HomeCard]:
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    return list({each.home.id: each.home for each in lives if each.home.community == community}.values())


def _draft(form: Fields) -> PassDraft:
    kind = form.choice("kind", PassKind)
    first_on = form.day("first_on")
    return PassDraft(
        kind=kind,
        first_on=first_on,
        last_on=first_on if kind is PassKind.ONCE else form.day("last_on"),
        weekdays=tuple(int(day) for day in form.many("weekdays") if day in "0123456" and len(day) == 1),
        from_min=rules.minutes_of(form.maybe_text("from") or "00:00", "from"),
        until_min=rules.minutes_of(form.maybe_text("until") or "24:00", "until"),
        entries=None if kind is PassKind.STANDING else form.whole("entries", low=1, high=100, default=1),
        guest_name=form.maybe_text("guest_name", most=rules.LONGEST_NAME) or "",
        guest_phone=form.maybe_text("guest_phone", most=rules.LONGEST_PHONE) or "",
        plate=form.maybe_text("plate", most=rules.LONGEST_PLATE) or "",
    )
