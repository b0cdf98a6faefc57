"""Couriers of the company: let in, changed, let go; and the shifts of a week with what is proposed for a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import crews, voice
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
    city = _city(request)
    terms = crews.terms_of(request.form)
    actions.add_courier(
        request.scope,
        name=request.form.text("name", most=80),
        phone=request.form.text("phone", most=32),
        city=city.id,
        vehicle=terms.vehicle,
        capacity=terms.capacity,
        communities=terms.communities,
        skills=terms.skills,
        at=request.at,
    )
    return see_other("property:couriers", said=_("They may carry from now on."))


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
    one, terms = _own(request, person), crews.terms_of(request.form)
    actions.keep_courier(
        request.scope,
        person=person,
        city=one.city,
        vehicle=terms.vehicle,
        capacity=terms.capacity,
        communities=terms.communities,
        skills=terms.skills,
        at=request.at,
    )
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
    crew = queries.crew(request.scope)
    one = next((each for each in crew if each.person == person), None)
    if one is None or one.employment is not rules.Employment.COMPANY:
        raise NotFound("courier")
    return one


@page("property", "GET", "courier-shifts/", needs=PLANS)
def rota(request: PropertyRequest) -> HttpResponse:
    """This will show the shifts of the coming week, and propose those of one day."""
    city = _city(request)
    zone = voice.current().zone
    today = request.at.astimezone(zone).date()
    since = datetime.combine(today, time(), zone)
    shifts = queries.rota(request.scope, city=city.id, since=since, until=since + crews.DAYS)
    wanted = {community for each in shifts for community in each.communities}
    return request.render(
        "property/courier-shifts.jinja",
        shifts=shifts,
        communities={card.id: card for card in places.communities(ids=wanted)} if wanted else {},
        proposal=crews.proposal(
            request.scope,
            city=city.id,
            on=request.query.maybe_day("on") or today + timedelta(days=1),
            timezone=city.timezone,
            minutes=request.query.whole("minutes", low=1, high=60, default=crews.USUAL_MINUTES),
        ),
        once=str(ids.new()),
    )


@page("property", "POST", "courier-shifts/", needs=PLANS)
def plan(request: PropertyRequest) -> HttpResponse:
    """This will want so many couriers for some hours."""
    city = _city(request)
    starts_at, ends_at = crews.hours_of(request.form, voice.current().zone)
    people = request.form.whole("people", low=1)
    actions.plan_shifts(
        request.scope,
        city=city.id,
        starts_at=starts_at,
        ends_at=ends_at,
        people=people,
        communities=request.communities,
        at=request.at,
    )
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
    city = _city(request)
    found = crews.proposal(
        request.scope,
        city=city.id,
        on=request.form.day("on"),
        timezone=city.timezone,
        minutes=request.form.whole("minutes", low=1, high=60),
    )
    actions.plan_rota(request.scope, city=city.id, spans=found.spans, communities=request.communities, at=request.at)
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
