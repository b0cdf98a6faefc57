"""Couriers and their shifts at a desk, the platform's or a company's: what forms say, what shifts are proposed, and
what is asked of the house either way. Whose couriers they are, the scope says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from linli.faces.shell import formats, voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.requests import PageRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard, CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import Scope
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.queries import SHOWN_SHIFTS as SHOWN
from linli.trade.delivery.queries import CourierCard, ShiftRow
from linli.trade.delivery.rules.shifts import QUARTER_MIN, ShiftPlan, ShiftTerms, Span, couriers_needed, plan_shifts

USUAL_MINUTES = 4
"""Of a courier's work for one order, in runs that neighbours share."""
TERMS = ShiftTerms()
"""Every expected quarter is covered."""
DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Terms:
    """How somebody carries, as a form says."""

    vehicle: rules.Vehicle
    capacity: int | None
    communities: tuple[CommunityId, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The cheapest shifts that carry a day's expected orders."""

    on: date
    minutes: int
    orders: float
    spans: tuple[Span, ...]
    plan: ShiftPlan

    @property
    def cost(self) -> Money:
        """What the hours of these shifts cost."""
        return Money(self.plan.fen)


def hire(request: PageRequest, city: CityCard) -> None:
    """This will let a person carry in a city, by their phone."""
    terms = _terms(request.form)
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


def change(request: PageRequest, one: CourierCard) -> None:
    """This will change how somebody carries."""
    terms = _terms(request.form)
    actions.keep_courier(
        request.scope,
        person=one.person,
        city=one.city,
        vehicle=terms.vehicle,
        capacity=terms.capacity,
        communities=terms.communities,
        skills=terms.skills,
        at=request.at,
    )


def own(request: PageRequest, person: PartyId, employment: rules.Employment) -> CourierCard:
    """This will find a courier whom this desk let in; who carries for somebody else is not there."""
    crew = queries.crew(request.scope, city=request.scope.city)
    one = next((each for each in crew if each.person == person), None)
    if one is None or one.employment is not employment:
        raise NotFound("courier")
    return one


def week(request: PageRequest, city: CityCard) -> dict[str, Any]:
    """This will tell what a page of shifts shows: those of the coming week, and what is proposed for one day."""
    today = request.at.astimezone(voice.current().zone).date()
    shifts = _of_the_week(request, city)
    return {
        "shifts": shifts,
        "communities": _communities(shifts),
        "proposal": _proposal(
            request.scope,
            city,
            on=request.query.maybe_day("on") or today + timedelta(days=1),
            minutes=request.query.whole("minutes", low=1, high=60, default=USUAL_MINUTES),
        ),
        "once": str(ids.new()),
    }


def take_away_week(request: PageRequest, city: CityCard) -> HttpResponse:
    """This will give the shifts of the coming week as a sheet."""
    shifts = _of_the_week(request, city, limit=most_rows())
    cards = _communities(shifts)
    rows = ((one.starts_at, one.ends_at, one.name, _where(one.communities, cards), one.state) for one in shifts)
    return sheet(request.query, "shifts", [_("From"), _("Until"), _("Courier"), _("Where"), _("State")], rows)


def take_away(request: PageRequest, city: CityId | None = None) -> HttpResponse:
    """This will give who carries as a sheet."""
    crew = queries.crew(request.scope, city=city, limit=most_rows())
    cards = _communities(crew)
    columns = [_("Name"), _("Works for"), _("Vehicle"), _("Carries at once"), _("Where"), _("Skills"), _("On shift")]
    columns += [_("In hand"), _("Last heard of")]
    rows = (
        (
            *(one.name, one.employment, one.vehicle, one.capacity, _where(one.communities, cards)),
            *(formats.listed(word(each) for each in one.skills), one.is_on, one.in_hand, one.seen_at),
        )
        for one in crew
    )
    return sheet(request.query, "couriers", columns, rows)


def _of_the_week(request: PageRequest, city: CityCard, limit: int = SHOWN) -> tuple[ShiftRow, ...]:
    zone = voice.current().zone
    since = datetime.combine(request.at.astimezone(zone).date(), time(), zone)
    return queries.rota(request.scope, city=city.id, since=since, until=since + DAYS, limit=limit)


def _communities(rows: Sequence[CourierCard] | Sequence[ShiftRow]) -> dict[CommunityId, CommunityCard]:
    """The communities that couriers or shifts are for."""
    wanted = {community for each in rows for community in each.communities}
    return {card.id: card for card in places.communities(ids=wanted)} if wanted else {}


def _where(communities: Sequence[CommunityId], cards: Mapping[CommunityId, CommunityCard]) -> str:
    """Where somebody carries; who is bound to no community carries everywhere."""
    if not communities:
        return _("anywhere")
    return formats.listed(in_language(cards[each].name) if each in cards else "…" for each in communities)


def plan(request: PageRequest, city: CityId, communities: Sequence[CommunityId] = ()) -> None:
    """This will want so many couriers for some hours."""
    starts_at, ends_at = _hours(request.form, voice.current().zone)
    actions.plan_shifts(
        request.scope,
        city=city,
        starts_at=starts_at,
        ends_at=ends_at,
        people=request.form.whole("people", low=1),
        communities=communities,
        at=request.at,
    )


def take_over(request: PageRequest, city: CityCard, communities: Sequence[CommunityId] = ()) -> None:
    """This will plan what was proposed for a day."""
    minutes = request.form.whole("minutes", low=1, high=60)
    found = _proposal(request.scope, city, on=request.form.day("on"), minutes=minutes)
    actions.plan_rota(request.scope, city=city.id, spans=found.spans, communities=communities, at=request.at)


def _terms(form: Fields) -> Terms:
    skills = [each for each in form.many("skills") if each in set(rules.Skill)]
    return Terms(
        form.choice("vehicle", rules.Vehicle),
        form.whole("capacity", low=0, default=0) or None,
        tuple(CommunityId(one) for one in form.ids("communities")),
        tuple(skills),
    )


def _hours(form: Fields, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """An end before its beginning is the next day's."""
    on = form.day("day")
    starts_at, ends_at = (datetime.combine(on, _clock(form, name), zone) for name in ("from", "until"))
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)


def _clock(form: Fields, name: str) -> time:
    try:
        return time.fromisoformat(form.text(name, most=8))
    except ValueError:
        raise Invalid(name, _("Please write a time such as 17:30.")) from None


def _proposal(scope: Scope, city: CityCard, *, on: date, minutes: int) -> Proposal:
    """Shifts for a day, from what the same weekday of the last weeks had."""
    expected = queries.expected_orders(scope, city=city.id, on=on, timezone=city.timezone)
    chosen = plan_shifts(couriers_needed(expected, minutes_per_order=minutes), TERMS)
    midnight = datetime.combine(on, time(), ZoneInfo(city.timezone))
    spans = tuple(
        Span(
            midnight + timedelta(minutes=QUARTER_MIN * shift.begins),
            midnight + timedelta(minutes=QUARTER_MIN * shift.ends),
            shift.couriers,
        )
        for shift in chosen.shifts
    )
    return Proposal(on, minutes, sum(expected), spans, chosen)
