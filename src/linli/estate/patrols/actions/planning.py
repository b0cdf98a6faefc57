"""What is patrolled: points and what to look at, routes, and when they are walked by whom."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from linli.estate.patrols import rules
from linli.estate.patrols.models import Plan, Point, Route, Stop
from linli.ground.people import queries as known
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope

MOST_PEOPLE = 20
LONGEST_NAME = 60


class StillWalked(Refusal):
    """A point is taken out when no route leads there any more."""

    says = _("Routes still lead here: {routes}.")


@dataclass(frozen=True, slots=True)
class StopDraft:
    """A point of a route, and the minutes that the way there takes at the least."""

    point: UUID
    least_minutes: int = 0


@action(needs=May.KEEP_PATROLS, private=("name", "place"))
def keep_point(
    scope: Scope,
    *,
    community: CommunityId,
    name: str,
    place: str,
    items: Sequence[rules.Item] = (),
    wants_code: bool = False,
    position: rules.Place | None = None,
    point: UUID | None = None,
    at: datetime,
) -> UUID:
    """This will set up a point, or change one; its QR stays the same."""
    _insist_on(scope, community)
    values: dict[str, Any] = {
        "name": _named(name, "name"),
        "place": _named(place, "place"),
        "items": msgspec.to_builtins(rules.checked_items(items)),
        "wants_code": wants_code,
        "lat": position.lat if position else None,
        "lon": position.lon if position else None,
    }
    if point is not None:
        if not Point.objects.within(scope).filter(pk=point, community=community, retired_at=None).update(**values):
            raise NotFound("point")
        return point
    made = Point(id=ids.new(), community=community, secret=secrets.token_urlsafe(16), display=secrets.token_urlsafe(24))
    for field, value in values.items():
        setattr(made, field, value)
    made.save(force_insert=True)
    return made.pk


@action(needs=May.KEEP_PATROLS)
def renew_secret(scope: Scope, *, point: UUID, at: datetime) -> None:
    """This will make the printed QR of a point worthless; a new sheet has to be hung up."""
    if (
        not Point.objects.within(scope)
        .filter(pk=point)
        .update(secret=secrets.token_urlsafe(16), display=secrets.token_urlsafe(24))
    ):
        raise NotFound("point")


@action(needs=May.KEEP_PATROLS)
def retire_point(scope: Scope, *, point: UUID, at: datetime) -> None:
    """This will take a point out that no route leads to."""
    led = Stop.objects.within(scope).filter(point=point, route__retired_at=None).select_related("route")[:5]
    if led:
        raise StillWalked(routes=", ".join(stop.route.name for stop in led))
    if not Point.objects.within(scope).filter(pk=point, retired_at=None).update(retired_at=at):
        raise NotFound("point")


@action(needs=May.KEEP_PATROLS, private=("name",))
def keep_route(
    scope: Scope,
    *,
    community: CommunityId,
    name: str,
    stops: Sequence[StopDraft],
    in_order: bool = False,
    route: UUID | None = None,
    at: datetime,
) -> UUID:
    """This will lay a route, or lay one anew; patrols that were made already keep the old one."""
    _insist_on(scope, community)
    called = _named(name, "name")
    if not 0 < len(stops) <= rules.MOST_STOPS or len({stop.point for stop in stops}) < len(stops):
        raise Invalid("stops", _("Between 1 and {most} points, each of them once."), most=rules.MOST_STOPS)
    if any(not 0 <= stop.least_minutes <= 240 for stop in stops):
        raise Invalid("stops", _("The way to a point takes between {low} and {high} minutes."), low=0, high=240)
    known = Point.objects.within(scope).filter(
        community=community, retired_at=None, pk__in=[stop.point for stop in stops]
    )
    if known.count() < len(stops):
        raise NotFound("point", field="stops")
    row = Route.objects.within(scope).filter(pk=route, community=community, retired_at=None).first() if route else None
    if route is not None and row is None:
        raise NotFound("route")
    if row is None:
        row = Route.objects.create(id=ids.new(), community=community, name=called, in_order=in_order)
    else:
        Route.objects.within(scope).filter(pk=row.pk).update(name=called, in_order=in_order)
        Stop.objects.within(scope).filter(route=row).delete()
    Stop.objects.bulk_create(
        [
            Stop(
                id=ids.new(), route=row, community=community, nth=nth, point_id=stop.point,
                least_minutes=stop.least_minutes,
            )
            for nth, stop in enumerate(stops, start=1)
        ]
    )  # fmt: skip
    return row.pk


@action(needs=May.KEEP_PATROLS)
def retire_route(scope: Scope, *, route: UUID, at: datetime) -> None:
    """This will take a route out, and end its plans today."""
    row = Route.objects.within(scope).filter(pk=route, retired_at=None).first()
    if row is None:
        raise NotFound("route")
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    today = places.day_in(CommunityId(row.community), at)
    Plan.objects.within(scope).filter(route=row, end_on=None, start_on__lte=today).update(end_on=today)


@action(needs=May.KEEP_PATROLS)
def add_plan(
    scope: Scope,
    *,
    route: UUID,
    weekdays: Sequence[int],
    start_minute: int,
    minutes: int,
    duty: Duty = Duty.GUARD,
    people: Sequence[PartyId] = (),
    start_on: date,
    at: datetime,
) -> UUID:
    """This will have a route walked on weekdays within a window, by a duty, or by people who take turns."""
    row = Route.objects.within(scope).filter(pk=route, retired_at=None).first()
    if row is None:
        raise NotFound("route")
    days = sorted(set(weekdays))
    if not days or not all(0 <= day <= 6 for day in days):
        raise Invalid("weekdays", _("Choose at least one day of the week."))
    if not 0 <= start_minute < 1440:
        raise Invalid("start", _("A walk begins at an hour of the day."))
    if not 5 <= minutes <= 1440:
        raise Invalid("minutes", _("Between {low} and {high} minutes."), low=5, high=1440)
    if start_on < places.day_in(CommunityId(row.community), at):
        raise Invalid("start_on", _("A plan begins today or later."))
    _insist_on_staff(CommunityId(row.community), people, at)
    plan = Plan.objects.create(
        id=ids.new(),
        community=row.community,
        route=row,
        weekdays=days,
        start_minute=start_minute,
        minutes=minutes,
        duty=duty.value,
        people=list(people),
        start_on=start_on,
    )
    return plan.pk


@action(needs=May.KEEP_PATROLS)
def end_plan(scope: Scope, *, plan: UUID, at: datetime) -> None:
    """This will end a plan today; patrols that were made already stay due."""
    row = Plan.objects.within(scope).filter(pk=plan, end_on=None).first()
    if row is None:
        raise NotFound("plan")
    today = places.day_in(CommunityId(row.community), at)
    row.end_on = max(today, row.start_on)
    row.save(update_fields=["end_on"])


def _insist_on_staff(community: CommunityId, people: Sequence[PartyId], at: datetime) -> None:
    if len(people) > MOST_PEOPLE or len(set(people)) != len(people):
        raise Invalid("people", _("At most {most} people, each once."), most=MOST_PEOPLE)
    if people and not set(people) <= walkers_of(community, at):
        raise NotFound("person", field="people")


def walkers_of(community: CommunityId, at: datetime) -> set[PartyId]:
    """This will tell who works for the company of a community there."""
    company = known.company_of([community], at=at).get(community)
    staff = known.company_staff(SYSTEM, company=company, at=at) if company else ()
    return {each.party for each in staff if each.is_everywhere or community in each.communities}


def _insist_on(scope: Scope, community: CommunityId) -> None:
    if community not in scope.communities:
        raise NotFound("community")


def _named(text: str, field: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= LONGEST_NAME:
        raise Invalid(field, _("Between 1 and {most} characters."), most=LONGEST_NAME)
    return said
