"""Walking a patrol with one thumb: what is next, scan its QR, answer, go on."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.patrols import actions, queries
from linli.estate.patrols.queries import CheckCard, PatrolPage
from linli.estate.patrols.rules import ItemKind, Outcome, Place, Seen, mark_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.offline_work import said_at
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel import ids
from linli.kernel.ids import PatrolId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

NEEDS = May.WALK_PATROL
NOT_SCANNED = "-"


@page("property", "GET", "patrols/walk/", name="patrol-walks", needs=NEEDS)
def mine(request: PropertyRequest) -> HttpResponse:
    """This will list the patrols that the asker walks now or next."""
    own_communities(request)
    return request.render("property/patrol-walks.jinja", patrols=queries.my_patrols(request.scope, at=request.at))


@page("property", "GET", "patrols/walk/<uuid:patrol>/", name="patrol-walk", needs=NEEDS)
def walk(request: PropertyRequest, patrol: PatrolId) -> HttpResponse:
    """This will show the points of a patrol, the next one first."""
    own_communities(request)
    return request.render(
        "property/patrol-walk.jinja", patrol=queries.patrol(request.scope, patrol=patrol, at=request.at)
    )


@page("property", "GET", "patrols/walk/<uuid:patrol>/points/<str:mark>/", name="patrol-check", needs=NEEDS)
def keep(request: PropertyRequest, patrol: PatrolId, mark: str) -> HttpResponse:
    """This will be the page of a point that a phone keeps for a time without a network; only the scan gives it a form
    that arrives."""
    own_communities(request)
    standing = queries.patrol(request.scope, patrol=patrol, at=request.at)
    return _ask(request, standing, _check_of(standing, mark), NOT_SCANNED)


@page("property", "GET", "patrols/scan/<str:secret>/", name="patrol-scan", needs=NEEDS)
def scan(request: PropertyRequest, secret: str) -> HttpResponse:
    """This will open the point of a QR on the patrol that the asker walks now."""
    own_communities(request)
    found = queries.scanned(request.scope, secret=secret, at=request.at)
    if found is None:
        return request.render("property/patrol-scan-nothing.jinja")
    patrol, check_id = found
    standing = queries.patrol(request.scope, patrol=patrol, at=request.at)
    return _ask(request, standing, next(each for each in standing.checks if each.check == check_id), secret)


@page("property", "POST", "patrols/scan/<str:secret>/", name="patrol-scan", needs=NEEDS)
def visit(request: PropertyRequest, secret: str) -> HttpResponse:
    """This will check the point."""
    patrol = PatrolId(request.form.id("patrol"))
    check = _check_of(queries.patrol(request.scope, patrol=patrol, at=request.at), mark_of(secret))
    done = actions.visit_point(
        request.scope,
        patrol=patrol,
        secret=secret,
        seen=_seen(request, check),
        display_code=request.form.maybe_text("display_code", most=8) or "",
        stood=_stood(request),
        uploads=tuple((upload.name, upload.content) for upload in request.form.uploads("photos", count=4)),
        said_at=said_at(request),
        at=request.at,
    )
    if not done.left:
        return see_other("property:patrol-walks", said=_("The patrol is walked. Thank you."))
    said = ngettext("Checked. {n} point is left.", "Checked. {n} points are left.", done.left)
    return see_other("property:patrol-walk", patrol, said=said)


@page(
    "property", "POST", "patrols/walk/<uuid:patrol>/code/", name="patrol-code", asks="property:patrol-walk", needs=NEEDS
)
def by_code(request: PropertyRequest, patrol: PatrolId) -> HttpResponse:
    """This will open a point by the words under its QR, where a camera fails."""
    secret = request.form.text("secret", most=40)
    found = queries.scanned(request.scope, secret=secret, at=request.at)
    if found is None or found[0] != patrol:
        raise Invalid("secret", _("This is no point of a patrol that you walk now."))
    return HttpResponseRedirect(url("property:patrol-scan", secret), status=303)


def _ask(request: PropertyRequest, standing: PatrolPage, check: CheckCard, secret: str) -> HttpResponse:
    return request.render("property/patrol-check.jinja", patrol=standing, check=check, secret=secret, once=ids.new())


def _check_of(standing: PatrolPage, mark: str) -> CheckCard:
    found = next((each for each in standing.checks if each.mark == mark), None)
    if found is None:
        raise NotFound("point")
    return found


def _seen(request: PropertyRequest, check: CheckCard) -> tuple[Seen, ...]:
    found = []
    for item in check.items:
        words = request.form.maybe_text(f"words.{item.key}", most=300) or ""
        if item.kind is ItemKind.CHECK:
            raw = request.form.raw(f"items.{item.key}")
            if raw in (Outcome.OK, Outcome.FINDING):
                found.append(Seen(item.key, Outcome(raw), None, words))
            continue
        typed = request.form.maybe_text(f"items.{item.key}", most=20)
        try:
            found.append(Seen(item.key, Outcome.OK, Decimal(typed) if typed else None, words))
        except InvalidOperation:
            raise Invalid(f"items.{item.key}", "Please write a number.") from None
    return tuple(found)


def _stood(request: PropertyRequest) -> Place | None:
    if not request.form.maybe_text("lat") or not request.form.maybe_text("lon"):
        return None
    return Place(
        float(request.form.number("lat", low=-90, high=90)), float(request.form.number("lon", low=-180, high=180))
    )
