"""Asking the property company for something: what it is, a photo, send; and following it like an order."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.workorders import actions, queries
from linli.estate.workorders.actions.photos import MOST_PHOTOS
from linli.estate.workorders.queries import OrderPage, TypeCard
from linli.estate.workorders.rules import OPEN, Kind, WorkOrderPolicy, WorkState, WorkVerb
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.work_order_moments import moments
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, WorkOrderId
from linli.kernel.refusals import Invalid, NotFound

PAGE = 20
LONGEST = 1_000
SHOWN_OUTAGES = 5


def waiting(request: OwnerRequest) -> str:
    """This will say what is under way, for the page of counters; what waits for the resident first."""
    found = queries.orders_to_answer(request.scope)
    if any(order.waits_for_me for order in found):
        return _("A price waits for you")
    return ngettext("{n} under way", "{n} under way", len(found)) if found else ""


@page("owner", "GET", "work-orders/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list what the resident asked for, the latest first, under what is off at their home."""
    community = insist_offered(request, WorkOrderPolicy)
    after = request.query.maybe_id("after")
    found = queries.my_orders(request.scope, after=WorkOrderId(after) if after else None, limit=PAGE + 1)
    return request.render(
        "owner/work-orders.jinja",
        community=community,
        orders=found[:PAGE],
        outages=queries.outages_here(
            request.scope, community=community.id, homes=request.homes, at=request.at, limit=SHOWN_OUTAGES
        ),
        open_states=OPEN,
        more=found[PAGE - 1].order if found[PAGE:] else None,
    )


@page("owner", "GET", "work-orders/new/", name="new-work-order")
def choose(request: OwnerRequest) -> HttpResponse:
    """This will ask what it is about."""
    community = insist_offered(request, WorkOrderPolicy)
    types = queries.types_here(request.scope, community=community.id, at=request.at)
    kinds = {kind: [card for card in types if card.kind is kind and card.is_leaf] for kind in Kind}
    return request.render("owner/new-work-order.jinja", community=community, kinds=kinds)


@page("owner", "GET", "work-orders/new/<uuid:type_id>/", name="work-order-form")
def new(request: OwnerRequest, type_id: UUID) -> HttpResponse:
    """This will ask for a photo and a word about it."""
    community = insist_offered(request, WorkOrderPolicy)
    asked = _type(request, type_id)
    homes = [home for home in places.homes(request.homes).values() if home.community == community.id]
    free = {}
    if asked.price and asked.warranty_days:
        own = [home.id for home in homes]
        free = queries.warranties(request.scope, homes=own, type_id=type_id, at=request.at)
    return request.render(
        "owner/work-order-form.jinja",
        community=community,
        type=asked,
        homes=homes,
        free=free,
        price=None if len(free) == len(homes) > 0 else asked.price,
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
    )


@page("owner", "POST", "work-orders/new/<uuid:type_id>/", name="work-order-form")
def create(request: OwnerRequest, type_id: UUID) -> HttpResponse:
    """This will send it to the property company."""
    community = insist_offered(request, WorkOrderPolicy)
    asked = _type(request, type_id)
    home = request.form.maybe_id("home")
    words = request.form.maybe_text("words", most=LONGEST) or ""
    photos = [(each.name, each.content) for each in request.form.uploads("photos", count=MOST_PHOTOS)]
    if not words and not photos and asked.price is None:
        raise Invalid("words", _("Please write a word about it, or add a photo."))
    order = actions.raise_work_order(
        request.scope,
        community=community.id,
        type_id=type_id,
        home=HomeId(home) if home else None,
        place=request.form.maybe_text("place", most=120) or "",
        words=words,
        uploads=photos,
        wanted_at=request.form.instant("wanted_at", voice.current().zone) if request.form.raw("wanted_at") else None,
        agrees_to=request.form.maybe_money("agrees_to"),
        at=request.at,
    )
    return see_other("owner:work-order", order, said=_("Sent. You can follow it here."))


@page("owner", "GET", "work-orders/<uuid:order>/", name="work-order")
def show(request: OwnerRequest, order: WorkOrderId) -> HttpResponse:
    """This will show one order: who comes and when, what it costs, and what can be done about it now."""
    community = insist_offered(request, WorkOrderPolicy)
    shown = own_order(request, order)
    return request.render(
        "owner/work-order.jinja",
        community=community,
        order=shown,
        home=places.home(shown.home) if shown.home else None,
        moments=moments(shown),
        quote=shown.open_quote,
        may_rate=shown.allows(WorkVerb.RATE) and shown.stars is None,
        may_reopen=shown.allows(WorkVerb.REOPEN),
        may_cancel=shown.allows(WorkVerb.CANCEL),
        is_done=shown.state in (WorkState.DONE, WorkState.CLOSED),
        longest=LONGEST,
    )


def own_order(request: OwnerRequest, order: WorkOrderId) -> OrderPage:
    """This will give an order that the resident asked for themselves; another one is not there."""
    shown = queries.order_page(request.scope, order=order, at=request.at)
    if shown.raised_by != request.person:
        raise NotFound("work order")
    return shown


def _type(request: OwnerRequest, type_id: UUID) -> TypeCard:
    community = insist_offered(request, WorkOrderPolicy)
    found = queries.types_here(request.scope, community=community.id, at=request.at)
    card = next((each for each in found if each.type == type_id), None)
    if card is None:
        raise NotFound("type")
    return card
