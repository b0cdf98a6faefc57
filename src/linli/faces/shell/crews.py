"""Couriers and their shifts at a desk, the platform's or a company's: what forms say, and what shifts are proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.kernel.ids import CityId, CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.scope import Scope
from linli.trade.delivery import queries, rules
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


def terms_of(form: Fields) -> Terms:
    """This will read how somebody carries."""
    skills = [each for each in form.many("skills") if each in set(rules.Skill)]
    return Terms(
        form.choice("vehicle", rules.Vehicle),
        form.whole("capacity", low=0, default=0) or None,
        tuple(CommunityId(one) for one in form.ids("communities")),
        tuple(skills),
    )


def hours_of(form: Fields, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """This will read from when until when a shift lasts; an end before its beginning is the next day's."""
    on = form.day("day")
    starts_at, ends_at = (datetime.combine(on, _clock(form, name), zone) for name in ("from", "until"))
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)


def _clock(form: Fields, name: str) -> time:
    try:
        return time.fromisoformat(form.text(name, most=8))
    except ValueError:
        raise Invalid(name, _("Please write a time such as 17:30.")) from None


def proposal(scope: Scope, *, city: CityId, on: date, timezone: str, minutes: int) -> Proposal:
    """This will propose shifts for a day from what the same weekday of the last weeks had."""
    expected = queries.expected_orders(scope, city=city, on=on, timezone=timezone)
    plan = plan_shifts(couriers_needed(expected, minutes_per_order=minutes), TERMS)
    midnight = datetime.combine(on, time(), ZoneInfo(timezone))
    spans = tuple(
        Span(
            midnight + timedelta(minutes=QUARTER_MIN * shift.begins),
            midnight + timedelta(minutes=QUARTER_MIN * shift.ends),
            shift.couriers,
        )
        for shift in plan.shifts
    )
    return Proposal(on, minutes, sum(expected), spans, plan)
