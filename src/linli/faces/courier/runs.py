"""The first page of a courier: offers with their seconds, the next stop large, then the others; each order's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse

from linli.faces.courier.plans import HEIGHT, WIDTH, plan
from linli.faces.courier.sayings import TRIED
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.offline_work import said_at
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import CourierRequest
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import BuildingId, CommunityId, OfferId, ShopId, TaskId
from linli.kernel.refusals import Invalid
from linli.reach.lockers.rules import Size
from linli.spine.may import May
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions, queries
from linli.trade.delivery.actions.doing import WrongParcel
from linli.trade.delivery.queries import Day, DayTask
from linli.trade.delivery.rules import DropOff, FailReason, StopKind, TaskVerb, is_parcel
from linli.trade.shops import queries as shops

NEEDS = May.CARRY_GOODS
LONGEST = 200
NOT_SAID = (FailReason.COURIER_GONE, FailReason.UNFETCHED)
"""Reasons that the house finds, and nobody says."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the places of a day are called."""

    shops: dict[ShopId, dict[str, str]]
    communities: dict[CommunityId, dict[str, str]]
    buildings: dict[BuildingId, str]


def names_of(tasks: Iterable[DayTask]) -> Names:
    """This will look up what shops, communities and buildings are called, each kind at once."""
    found = list(tasks)
    if not found:
        return Names({}, {}, {})
    cards = places.communities(ids={task.community for task in found})
    voice.move_to(cards[0].timezone)
    buildings = {task.building for task in found if task.building}
    return Names(
        dict(shops.names(shops={task.shop for task in found})),
        {card.id: card.name for card in cards},
        {id_: card.label for id_, card in places.buildings(ids=buildings).items()} if buildings else {},
    )


@page("courier", "GET", "", needs=NEEDS)
def home(request: CourierRequest) -> HttpResponse:
    """This will show what is offered and where to go next."""
    day = queries.my_day(request.scope, since=_day_began(request), at=request.at)
    return request.render(
        "courier/home.jinja",
        day=day,
        next=day.stops[0] if day.stops else None,
        pins=plan(day.stops),
        width=WIDTH,
        height=HEIGHT,
        names=names_of(_all(day)),
        hint=shops.names(shops=[day.hint]).get(day.hint) if day.hint and not day.stops else None,
        once=str(ids.new()),
        StopKind=StopKind,
    )


def _day_began(request: CourierRequest) -> datetime:
    """Midnight where the courier works is not asked for: the hours since the last long night are their day."""
    return request.at - timedelta(hours=16)


def _all(day: Day) -> list[DayTask]:
    return [
        *(task for offer in day.offers for task in offer.tasks),
        *(task for stop in day.stops for task in stop.tasks),
        *day.to_return,
    ]


@page("courier", "POST", "offers/<uuid:offer>/acceptance/", name="offer-acceptance", asks="courier:home", needs=NEEDS)
def accept(request: CourierRequest, offer: OfferId) -> HttpResponse:
    """This will take an offered run."""
    actions.accept_offer(request.scope, offer=offer, at=request.at)
    return see_other("courier:home", said=_("It is yours. Go to the first stop."))


@page("courier", "POST", "offers/<uuid:offer>/refusal/", name="offer-refusal", asks="courier:home", needs=NEEDS)
def refuse(request: CourierRequest, offer: OfferId) -> HttpResponse:
    """This will refuse an offered run."""
    actions.refuse_offer(request.scope, offer=offer, at=request.at)
    return see_other("courier:home", said=_("Refused. It goes to somebody else."))


@page("courier", "POST", "collections/", asks="courier:home", needs=NEEDS)
def collect(request: CourierRequest) -> HttpResponse:
    """This will collect the order whose parcel was scanned, among those that are collected now."""
    scanned = request.form.text("scanned", most=80)
    day = queries.my_day(request.scope, since=_day_began(request), at=request.at)
    waiting = [task for stop in day.stops if stop.kind is StopKind.COLLECT for task in stop.tasks]
    found = [task for task in waiting if is_parcel(scanned, number=task.number, order=task.order)]
    if len(found) != 1:
        raise WrongParcel(field="scanned", number=" · ".join(task.number for task in waiting[:3]))
    actions.collect_goods(
        request.scope, task=found[0].task, scanned=found[0].number, said_at=said_at(request), at=request.at
    )
    return see_other("courier:home", said=_("{number} is with you.", number=found[0].number))


@page("courier", "POST", "arrivals/", asks="courier:home", needs=NEEDS)
def arrive(request: CourierRequest) -> HttpResponse:
    """This will say that the courier is at a stop."""
    tasks = [TaskId(task) for task in request.form.ids("task")]
    if request.form.choice("kind", StopKind) is StopKind.COLLECT:
        actions.come_to_shop(request.scope, task=tasks[0], said_at=said_at(request), at=request.at)
    else:
        actions.arrive_at_door(request.scope, tasks=tasks, said_at=said_at(request), at=request.at)
    return see_other("courier:home")


@page("courier", "GET", "tasks/<uuid:task>/", name="task", needs=NEEDS)
def task_page(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will show one order: where it goes, its code, and what else may happen to it."""
    shown = queries.task_page(request.scope, task=task)
    card = places.community(shown.community)
    voice.move_to(card.timezone)
    return request.render(
        "courier/task.jinja",
        task=shown,
        community=card,
        shop=dict(shops.names(shops=[shown.shop])).get(shown.shop, {}),
        may_lie=queries.may_lie(request.scope, task=task, at=request.at),
        Verb=TaskVerb,
        sizes=tuple(Size),
        reasons=[reason for reason in FailReason if reason not in NOT_SAID and _may_be(reason, shown.care)],
        once=str(ids.new()),
        longest=LONGEST,
    )


def _may_be(reason: FailReason, care: Sequence[Care]) -> bool:
    return reason is not FailReason.TOO_YOUNG or Care.ADULTS in care


@page("courier", "POST", "tasks/<uuid:task>/collection/", name="task-collection", asks="courier:task", needs=NEEDS)
def collect_one(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will collect one order."""
    scanned = request.form.maybe_text("scanned", most=80)
    actions.collect_goods(request.scope, task=task, scanned=scanned, said_at=said_at(request), at=request.at)
    return see_other("courier:home", said=_("The goods are with you."))


@page("courier", "POST", "tasks/<uuid:task>/hand-over/", name="task-hand-over", asks="courier:task", needs=NEEDS)
def hand_over(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will hand an order over against its code, or a picture of where it was left."""
    photos = request.form.uploads("photo", count=1)
    handed = actions.hand_over(
        request.scope,
        task=task,
        code=request.form.maybe_text("code", most=20),
        photo=(photos[0].name, photos[0].content) if photos else None,
        spot=request.form.maybe_text("spot", most=LONGEST) or "",
        said_at=said_at(request),
        at=request.at,
    )
    if handed.redeemed in TRIED:
        raise Invalid("code", _(TRIED[handed.redeemed]))
    return see_other("courier:home", said=_("Handed over. Thank you."))


@page("courier", "POST", "tasks/<uuid:task>/place/", name="task-place", asks="courier:task", needs=NEEDS)
def leave_elsewhere(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will have an order left at another place that its resident allows."""
    place = request.form.choice("place", DropOff)
    actions.leave_elsewhere(request.scope, task=task, place=place, at=request.at)
    return see_other("courier:task", task, said=_("Please leave it at: {where}.", where=word(place)))


@page("courier", "POST", "tasks/<uuid:task>/failure/", name="task-failure", asks="courier:task", needs=NEEDS)
def fail(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will say why an order cannot be handed over."""
    actions.fail_task(
        request.scope,
        task=task,
        reason=request.form.choice("reason", FailReason),
        words=request.form.maybe_text("words", most=LONGEST) or "",
        said_at=said_at(request),
        at=request.at,
    )
    return see_other("courier:home", said=_("Noted. Please bring the goods back to the shop."))


@page("courier", "POST", "tasks/<uuid:task>/taking/", name="task-taking", asks="courier:task", needs=NEEDS)
def take_along(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will take goods along that nobody fetched from a pick-up point."""
    actions.take_along(request.scope, task=task, at=request.at)
    return see_other("courier:task", task, said=_("Please bring it back to the shop."))


@page("courier", "POST", "tasks/<uuid:task>/return/", name="task-return", asks="courier:task", needs=NEEDS)
def bring_back(request: CourierRequest, task: TaskId) -> HttpResponse:
    """This will say that goods are back at their shop."""
    actions.return_goods(request.scope, task=task, said_at=said_at(request), at=request.at)
    return see_other("courier:home", said=_("The goods are back at the shop."))
