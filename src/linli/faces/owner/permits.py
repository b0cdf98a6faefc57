"""Works in a home as its owner asks for them: what is done by whom, the papers, what is to be paid, what was seen."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.permits import actions, queries
from linli.estate.permits.rules import PERMIT_LIFE, Paper, PermitPolicy, PermitState, PermitVerb, Work
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.ground.people.rules import ResidencyKind
from linli.kernel.ids import CommunityId, HomeId, PermitId
from linli.kernel.refusals import NotFound

A_PAGE = 30


def waiting(request: OwnerRequest) -> str:
    """This will say how many permits wait for a payment, for the page of counters."""
    n = queries.to_do(request.scope)
    return ngettext("{n} is to be paid", "{n} are to be paid", n) if n else ""


def own_doors(request: OwnerRequest, community: CommunityId) -> list[tuple[UUID, str]]:
    """This will list the homes that the reader owns here, for a choice."""
    lives = people.residents_homes(request.scope, person=request.person, at=request.at)
    owned = [each.home for each in lives if each.kind == ResidencyKind.OWNER and each.home.community == community]
    return [(home.id, home.door) for home in owned]


@page("owner", "GET", "permits/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what the resident asked for: works, moves and goods."""
    community = insist_offered(request, PermitPolicy)
    return request.render(
        "owner/permits.jinja",
        community=community,
        permits=queries.permits(request.scope, limit=A_PAGE),
        relocations=queries.relocations(request.scope, limit=A_PAGE),
        releases=queries.releases(request.scope, limit=A_PAGE),
    )


@page("owner", "GET", "permits/new/", name="new-permit")
def new(request: OwnerRequest) -> HttpResponse:
    """This will ask what is done in which home, by whom, and when."""
    community = insist_offered(request, PermitPolicy)
    return request.render(
        "owner/permit-new.jinja",
        community=community,
        homes=own_doors(request, community.id),
        works=tuple(Work),
        papers=tuple(Paper),
        picked=request.form.many("works"),
    )


@page("owner", "POST", "permits/new/", name="new-permit")
def create(request: OwnerRequest) -> HttpResponse:
    """This will ask for a permit."""
    insist_offered(request, PermitPolicy)
    form = request.form
    asked = form.many("works")
    permit = actions.ask_permit(
        request.scope,
        home=HomeId(form.id("home")),
        works=[work for work in Work if work.value in asked],
        text=form.text("text", most=1000),
        contractor=form.maybe_text("contractor", most=80) or "",
        contact=form.maybe_text("contact", most=80) or "",
        start_on=form.day("start_on"),
        end_on=form.day("end_on"),
        papers={
            kind: [(file.name, file.content) for file in form.uploads(f"paper.{kind.value}", count=5)] for kind in Paper
        },
        at=request.at,
    )
    return see_other("owner:permit", permit, said=_("Asked for. You hear when it is decided."))


@page("owner", "GET", "permits/<uuid:permit>/", name="permit")
def show(request: OwnerRequest, permit: PermitId) -> HttpResponse:
    """This will show a permit and what can be done with it now."""
    community = insist_offered(request, PermitPolicy)
    shown = queries.permit_page(request.scope, permit=permit, at=request.at)
    return request.render(
        "owner/permit.jinja",
        community=community,
        page=shown,
        may_finish=PERMIT_LIFE.allows(shown.card.state, PermitVerb.FINISH),
        may_withdraw=PERMIT_LIFE.allows(shown.card.state, PermitVerb.WITHDRAW),
        deposit=known.deposit_page(request.scope, deposit=shown.deposit) if shown.deposit else None,
        owes_deposit=shown.card.state is PermitState.GRANTED and bool(shown.deposit) and not shown.deposit_held,
        owes_fee=shown.card.state is PermitState.GRANTED and bool(shown.fee) and not shown.fee_paid,
    )


@page("owner", "POST", "permits/<uuid:permit>/deposit/", asks="owner:permit", name="permit-deposit")
def pay_deposit(request: OwnerRequest, permit: PermitId) -> HttpResponse:
    """This will begin to pay the deposit on the phone."""
    insist_offered(request, PermitPolicy)
    shown = queries.permit_page(request.scope, permit=permit, at=request.at)
    if shown.deposit is None:
        raise NotFound("deposit")
    collection = billing.begin_deposit(request.scope, deposit=shown.deposit, at=request.at)
    return see_other("owner:bill-payment", collection)


@page("owner", "POST", "permits/<uuid:permit>/finish/", asks="owner:permit", name="permit-finish")
def finish(request: OwnerRequest, permit: PermitId) -> HttpResponse:
    """This will say that the works are done."""
    insist_offered(request, PermitPolicy)
    actions.report_finished(request.scope, permit=permit, at=request.at)
    return see_other("owner:permit", permit, said=_("Somebody will come and look."))


@page("owner", "POST", "permits/<uuid:permit>/extension/", asks="owner:permit", name="permit-extension")
def extend(request: OwnerRequest, permit: PermitId) -> HttpResponse:
    """This will ask for more time."""
    insist_offered(request, PermitPolicy)
    form = request.form
    actions.ask_extension(request.scope, permit=permit, end_on=form.day("end_on"), why=form.text("why"), at=request.at)
    return see_other("owner:permit", permit, said=_("Asked for. Until it is decided the old end holds."))


@page("owner", "POST", "permits/<uuid:permit>/withdrawal/", asks="owner:permit", name="permit-withdrawal")
def withdraw(request: OwnerRequest, permit: PermitId) -> HttpResponse:
    """This will take back what was asked for."""
    insist_offered(request, PermitPolicy)
    actions.withdraw_permit(request.scope, permit=permit, at=request.at)
    return see_other("owner:permits", said=_("Taken back."))
