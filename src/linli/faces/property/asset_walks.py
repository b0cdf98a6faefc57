"""Assets on foot with one thumb: scan the label, tick the checklist, count it, say what is broken."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import Certificate
from linli.estate.assets.actions.held import MOST_PHOTOS
from linli.estate.assets.queries import AssetPage
from linli.estate.assets.rules import UNDONE, Outcome, Seen
from linli.estate.workorders import queries as workorders
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

NEEDS = May.MAINTAIN_ASSETS
COUNTED = (Seen.SEEN, Seen.ELSEWHERE, Seen.DAMAGED, Seen.MISSING)
AT = "assets/scan/<str:secret>/"


@page("property", "GET", "assets/walk/", name="asset-walk", needs=NEEDS)
def walk(request: PropertyRequest) -> HttpResponse:
    """This will list what is to be maintained and counted, and ask for a label."""
    own_communities(request)
    today = request.at.astimezone(voice.current().zone).date()
    return request.render(
        "property/asset-walk.jinja",
        tasks=queries.tasks(request.scope, today=today, limit=50),
        takings=queries.takings(request.scope, only_open=True, limit=10),
    )


@page("property", "POST", "assets/walk/", name="asset-walk", needs=NEEDS)
def find(request: PropertyRequest) -> HttpResponse:
    """This will open an asset by the number on its label, where a camera fails."""
    word = request.form.text("secret", most=40)
    found = queries.scanned_asset(request.scope, secret=word)
    if found is None:
        raise Invalid("secret", _("No asset here has this label."))
    card = queries.asset_page(request.scope, asset=found, at=request.at).card
    return HttpResponseRedirect(url("property:asset-scan", card.secret), status=303)


@page("property", "GET", AT, name="asset-scan", needs=NEEDS)
def scan(request: PropertyRequest, secret: str) -> HttpResponse:
    """This will show an asset from its label: what is due, what counts it, what may be told of it."""
    shown = _scanned(request, secret)
    today = places.day_in(shown.card.community, request.at)
    tasks = queries.tasks_of_asset(request.scope, asset=shown.card.asset, today=today, limit=10)
    return request.render(
        "property/asset-scan.jinja",
        page=shown,
        card=shown.card,
        secret=secret,
        due=[task for task in tasks if task.state in UNDONE],
        past=[task for task in tasks if task.state not in UNDONE],
        counts=queries.open_counts_of(request.scope, asset=shown.card.asset),
        most_photos=MOST_PHOTOS,
    )


@page("property", "POST", AT, name="asset-scan", needs=NEEDS)
def report(request: PropertyRequest, secret: str) -> HttpResponse:
    """This will say that something is wrong with it."""
    shown = _scanned(request, secret)
    order = actions.report_damage(
        request.scope,
        asset=shown.card.asset,
        words=request.form.text("words", most=500),
        uploads=_photos(request),
        at=request.at,
    )
    number = workorders.order_page(request.scope, order=order, at=request.at).number
    return see_other("property:asset-scan", secret, said=_("Work order {number} is raised.", number=number))


@page("property", "GET", AT + "tasks/<uuid:task>/", name="asset-checklist", needs=NEEDS)
def checklist(request: PropertyRequest, secret: str, task: UUID) -> HttpResponse:
    """This will ask for the answers of a task."""
    shown = _scanned(request, secret)
    today = places.day_in(shown.card.community, request.at)
    found = queries.task_page(request.scope, task=task, today=today, at=request.at)
    if found.row.asset != shown.card.asset:
        raise NotFound("task")
    order = found.row.order
    return request.render(
        "property/asset-checklist.jinja",
        card=shown.card,
        secret=secret,
        task=found,
        order=workorders.order_page(request.scope, order=order, at=request.at) if order else None,
        once=ids.new(),
        most_photos=MOST_PHOTOS,
    )


@page("property", "POST", AT + "tasks/<uuid:task>/", name="asset-checklist", needs=NEEDS)
def complete(request: PropertyRequest, secret: str, task: UUID) -> HttpResponse:
    """This will answer the checklist and end the task."""
    shown, form = _scanned(request, secret), request.form
    found = queries.task_page(
        request.scope, task=task, today=request.at.astimezone(voice.current().zone).date(), at=request.at
    )
    if found.row.asset != shown.card.asset:
        raise NotFound("task")
    given = []
    for nth in range(len(found.items)):
        outcome = form.choice(f"items.{nth}", Outcome)
        given.append((outcome, form.maybe_text(f"words.{nth}", most=300) or ""))
    expires_on, paper = form.maybe_day("expires_on"), form.maybe_file("certificate")
    certificate = None
    if expires_on is not None:
        title = form.maybe_text("title", most=80) or found.row.plan_name
        certificate = Certificate(title, expires_on, (paper.name, paper.content) if paper else None)
    orders = actions.complete_task(
        request.scope, task=task, given=given, certificate=certificate, uploads=_photos(request), at=request.at
    )
    said = _("Done. Thank you.")
    if orders:
        said = ngettext("Done. {n} work order is raised.", "Done. {n} work orders are raised.", len(orders))
    return see_other("property:asset-scan", secret, said=said)


@page("property", "GET", AT + "counts/<uuid:taking>/", name="asset-count", needs=NEEDS)
def ask_count(request: PropertyRequest, secret: str, taking: UUID) -> HttpResponse:
    """This will ask what is seen of an asset."""
    shown = _scanned(request, secret)
    found = queries.open_counts_of(request.scope, asset=shown.card.asset)
    named = next((name for held, name, _seen in found if held == taking), None)
    if named is None:
        raise NotFound("stock-taking")
    return request.render(
        "property/asset-count.jinja",
        card=shown.card,
        secret=secret,
        taking=taking,
        name=named,
        kinds=COUNTED,
        most_photos=MOST_PHOTOS,
    )


@page("property", "POST", AT + "counts/<uuid:taking>/", name="asset-count", needs=NEEDS)
def count(request: PropertyRequest, secret: str, taking: UUID) -> HttpResponse:
    """This will count an asset."""
    actions.count_asset(
        request.scope,
        taking=taking,
        asset=_scanned(request, secret).card.asset,
        seen=request.form.choice("seen", Seen),
        place=request.form.maybe_text("place", most=80) or "",
        words=request.form.maybe_text("words", most=300) or "",
        uploads=_photos(request),
        at=request.at,
    )
    return see_other("property:asset-walk", said=_("Counted. Scan the next one."))


def _scanned(request: PropertyRequest, secret: str) -> AssetPage:
    own_communities(request)
    found = queries.scanned_asset(request.scope, secret=secret)
    if found is None:
        raise NotFound("asset")
    return queries.asset_page(request.scope, asset=found, at=request.at)


def _photos(request: PropertyRequest) -> tuple[tuple[str, bytes], ...]:
    return tuple((each.name, each.content) for each in request.form.uploads("photos", count=MOST_PHOTOS))
