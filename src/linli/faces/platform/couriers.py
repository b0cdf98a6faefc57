"""Couriers of the platform: let in, changed, let go; and the shifts of a week with what is proposed for a day."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import crews
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import PartyId, ShiftId
from linli.spine.may import May
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.queries import CourierCard

HIRES, PLANS = May.KEEP_COURIERS, May.DISPATCH_DELIVERY


@page("platform", "GET", "couriers/", needs=HIRES)
def couriers(request: PlatformRequest) -> HttpResponse:
    """This will list who carries in a city, and ask for one more."""
    city, cities = chosen_city(request)
    cards = places.communities(city=city.id)
    return request.render(
        "platform/couriers.jinja",
        city=city,
        cities=cities,
        crew=queries.crew(request.scope, city=city.id),
        communities={card.id: card for card in cards},
        employment=rules.Employment.PLATFORM,
        vehicles=list(rules.Vehicle),
        skills=list(rules.Skill),
        once=str(ids.new()),
    )


@page("platform", "POST", "couriers/", needs=HIRES)
def hire(request: PlatformRequest) -> HttpResponse:
    """This will let a person carry, by their phone."""
    city, _cities = chosen_city(request)
    crews.hire(request, city)
    return see_other("platform:couriers", said=_("They may carry from now on."), city=city.id)


@page("platform", "GET", "couriers/file/", name="couriers-file", needs=HIRES)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give who carries in a city as a sheet."""
    city, _cities = chosen_city(request)
    return crews.take_away(request, city.id)


@page("platform", "GET", "couriers/<uuid:person>/", name="courier", needs=HIRES)
def show(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will show how somebody carries, to be changed."""
    one = _own(request, person)
    return request.render(
        "platform/courier.jinja",
        one=one,
        communities=places.communities(city=one.city),
        vehicles=list(rules.Vehicle),
        skills=list(rules.Skill),
    )


@page("platform", "POST", "couriers/<uuid:person>/", name="courier", needs=HIRES)
def change(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will change how somebody carries."""
    one = _own(request, person)
    crews.change(request, one)
    return see_other("platform:couriers", said=_("Changed."), city=one.city)


@page(
    "platform", "POST", "couriers/<uuid:person>/leaving/", name="courier-leaving", asks="platform:courier", needs=HIRES
)
def let_go(request: PlatformRequest, person: PartyId) -> HttpResponse:
    """This will let somebody go; what they had not collected waits on the board."""
    one = _own(request, person)
    actions.remove_courier(request.scope, person=person, at=request.at)
    return see_other("platform:couriers", said=_("They carry no more."), city=one.city)


def _own(request: PlatformRequest, person: PartyId) -> CourierCard:
    return crews.own(request, person, rules.Employment.PLATFORM)


@page("platform", "GET", "courier-shifts/", needs=PLANS)
def rota(request: PlatformRequest) -> HttpResponse:
    """This will show the shifts of the coming week, and propose those of one day."""
    city, cities = chosen_city(request)
    return request.render("platform/courier-shifts.jinja", city=city, cities=cities, **crews.week(request, city))


@page("platform", "GET", "courier-shifts/file/", name="courier-shifts-file", needs=PLANS)
def rota_file(request: PlatformRequest) -> HttpResponse:
    """This will give the shifts of the coming week as a sheet."""
    city, _cities = chosen_city(request)
    return crews.take_away_week(request, city)


@page("platform", "POST", "courier-shifts/", needs=PLANS)
def plan(request: PlatformRequest) -> HttpResponse:
    """This will want so many couriers for some hours."""
    city, _cities = chosen_city(request)
    crews.plan(request, city.id)
    return see_other("platform:courier-shifts", said=_("Couriers see them and may take them."), city=city.id)


@page(
    "platform",
    "POST",
    "courier-shifts/proposal/",
    name="courier-shifts-proposal",
    asks="platform:courier-shifts",
    needs=PLANS,
)
def take_over(request: PlatformRequest) -> HttpResponse:
    """This will plan what was proposed for a day."""
    city, _cities = chosen_city(request)
    crews.take_over(request, city)
    return see_other("platform:courier-shifts", said=_("Couriers see them and may take them."), city=city.id)


@page(
    "platform",
    "POST",
    "courier-shifts/<uuid:shift>/withdrawal/",
    name="shift-withdrawal",
    asks="platform:courier-shifts",
    needs=PLANS,
)
def withdraw(request: PlatformRequest, shift: ShiftId) -> HttpResponse:
    """This will want nobody for these hours any more."""
    actions.withdraw_shift(request.scope, shift=shift, at=request.at)
    return see_other("platform:courier-shifts", said=_("Nobody is wanted then any more."))
