"""Shifts, earnings, where the courier is, and the browser's own worker."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from linli.faces.courier.runs import NEEDS
from linli.faces.courier.sayings import STEPS
from linli.faces.shell import offline_work
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.offline_work import OfflineWork, said_at
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import CourierRequest
from linli.ground.places import queries as places
from linli.kernel.ids import ShiftId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.trade.delivery import actions, queries

WEEK = timedelta(days=7)
TAKEN = {
    "taking": actions.take_shift,
    "return": actions.give_back_shift,
    "start": actions.start_shift,
    "end": actions.end_shift,
}


@page("courier", "GET", "shifts/", needs=NEEDS)
def shifts(request: CourierRequest) -> HttpResponse:
    """This will list the courier's shifts and those that may be taken."""
    cards = queries.my_shifts(request.scope, at=request.at)
    wanted = {community for card in cards for community in card.communities}
    found = places.communities(ids=wanted) if wanted else ()
    return request.render("courier/shifts.jinja", shifts=cards, communities={each.id: each.name for each in found})


@page("courier", "POST", "shifts/<uuid:shift>/<slug:step>/", name="shift-step", asks="courier:shifts", needs=NEEDS)
def take_step(request: CourierRequest, shift: ShiftId, step: str) -> HttpResponse:
    """This will take a shift, give it back, begin or end it."""
    if step not in TAKEN:
        raise NotFound("step")
    TAKEN[step](request.scope, shift=shift, at=request.at)
    return see_other("courier:home" if step == "start" else "courier:shifts", said=_(STEPS[step]))


@page("courier", "GET", "earnings/", needs=NEEDS)
def earnings(request: CourierRequest) -> HttpResponse:
    """This will list what the last seven days brought, each with its reckoning."""
    cards = queries.my_earnings(request.scope, since=request.at - WEEK)
    return request.render("courier/earnings.jinja", cards=cards, total=Money.total(card.amount for card in cards))


@page("courier", "POST", "positions/", needs=NEEDS)
def tell_position(request: CourierRequest) -> HttpResponse:
    """This will keep where the phone is, while its courier is on shift."""
    actions.tell_position(
        request.scope,
        lat=_degrees(request, "lat"),
        lon=_degrees(request, "lon"),
        accuracy_m=request.form.whole("accuracy_m"),
        said_at=said_at(request) or request.at,
        at=request.at,
    )
    return HttpResponse(status=204)


def _degrees(request: CourierRequest, name: str) -> float:
    try:
        return float(request.form.text(name, most=30))
    except ValueError:
        raise Invalid(name, _("This is no place on earth.")) from None


WORK = offline_work.register(
    CourierRequest,
    OfflineWork(word="courier", within="/c/", home="/c/", pages="^/c/", presses="^/c/", ahead='/c/tasks/[^"]+'),
)


@page("courier", "GET", "worker/")
def worker(_request: CourierRequest) -> HttpResponse:
    """This will give the browser the program that keeps pages and presses while there is no network."""
    return offline_work.worker(WORK)
