"""Couriers of the company: let in, changed, let go; and the shifts of a week with what is proposed for a day."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import crews
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard
from linli.kernel import ids
from linli.kernel.ids import PartyId, ShiftId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.queries import CourierCard

HIRES, PLANS = May.KEEP_COURIERS, May.DISPATCH_DELIVERY


@page("property", "GET", "couriers/", needs=HIRES)
def couriers(request: PropertyRequest) -> HttpResponse:
    """This will list who carries in a city, and ask for one more."""
    cards = own_communities(request)
    return request.render(
        "property/couriers.jinja",
        crew=queries.crew(request.scope),
        communities={card.id: card for card in cards},
        employment=rules.Employment.COMPANY,
        vehicles=list(rules.Vehicle),
        skills=list(rules.Skill),
        once=str(ids.new()),
    )


@page("property", "POST", "couriers/", needs=HIRES)
def hire(request: PropertyRequest) -> HttpResponse:
    """This will let a person carry, by their phone."""
    crews.hire(request, _city(request))
    return see_other("property:couriers", said=_("They may carry from now on."))


@page("property", "GET", "couriers/file/", name="couriers-file", needs=HIRES)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give who carries as a sheet."""
    own_communities(request)
    return crews.take_away(request)


@page("property", "GET", "couriers/<uuid:person>/", name="courier", needs=HIRES)
def show(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will show how somebody carries, to be changed."""
    one = _own(request, person)
    return request.render(
        "property/courier.jinja",
        one=one,
        communities=own_communities(request),
        vehicles=list(rules.Vehicle),
        skills=list(rules.Skill),
    )


@page("property", "POST", "couriers/<uuid:person>/", name="courier", needs=HIRES)
def change(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will change how somebody carries."""
    crews.change(request, _own(request, person))
    return see_other("property:couriers", said=_("Changed."))


@page(
    "property", "POST", "couriers/<uuid:person>/leaving/", name="courier-leaving", asks="property:courier", needs=HIRES
)
def let_go(request: PropertyRequest, person: PartyId) -> HttpResponse:
    """This will let somebody go; what they had not collected waits on the board."""
    _own(request, person)
    actions.remove_courier(request.scope, person=person, at=request.at)
    return see_other("property:couriers", said=_("They carry no more."))


def _own(request: PropertyRequest, person: PartyId) -> CourierCard:
    return crews.own(request, person, rules.Employment.COMPANY)


@page("property", "GET", "courier-shifts/", needs=PLANS)
def rota(request: PropertyRequest) -> HttpResponse:
    """This will show the shifts of the coming week, and propose those of one day."""
    return request.render("property/courier-shifts.jinja", **crews.week(request, _city(request)))


@page("property", "GET", "courier-shifts/file/", name="courier-shifts-file", needs=PLANS)
def rota_file(request: PropertyRequest) -> HttpResponse:
    """This will give the shifts of the coming week as a sheet."""
    return crews.take_away_week(request, _city(request))


@page("property", "POST", "courier-shifts/", needs=PLANS)
def plan(request: PropertyRequest) -> HttpResponse:
    """This will want so many couriers for some hours."""
    crews.plan(request, _city(request).id, request.communities)
    return see_other("property:courier-shifts", said=_("Couriers see them and may take them."))


@page(
    "property",
    "POST",
    "courier-shifts/proposal/",
    name="courier-shifts-proposal",
    asks="property:courier-shifts",
    needs=PLANS,
)
def take_over(request: PropertyRequest) -> HttpResponse:
    """This will plan what was proposed for a day."""
    crews.take_over(request, _city(request), request.communities)
    return see_other("property:courier-shifts", said=_("Couriers see them and may take them."))


@page(
    "property",
    "POST",
    "courier-shifts/<uuid:shift>/withdrawal/",
    name="shift-withdrawal",
    asks="property:courier-shifts",
    needs=PLANS,
)
def withdraw(request: PropertyRequest, shift: ShiftId) -> HttpResponse:
    """This will want nobody for these hours any more."""
    actions.withdraw_shift(request.scope, shift=shift, at=request.at)
    return see_other("property:courier-shifts", said=_("Nobody is wanted then any more."))


def _city(request: PropertyRequest) -> CityCard:
    """The city of the company's communities; its couriers carry there."""
    cards = own_communities(request)
    if not cards:
        raise NotFound("community")
    return places.city(cards[0].city)
