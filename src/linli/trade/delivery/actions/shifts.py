"""Shifts: planned, taken, begun, ended; and what an hour brings at least."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Sum

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, PartyId, ShiftId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.actions.held import of_the_city
from linli.trade.delivery.actions.hiring import employer_of, own_communities
from linli.trade.delivery.actions.paying import pay_top_up
from linli.trade.delivery.actions.signs import note_sign
from linli.trade.delivery.models import Courier, Earning, Position, Shift, Task
from linli.trade.delivery.rules import ShiftState, ShiftVerb
from linli.trade.delivery.rules.shifts import Span

LONGEST = timedelta(hours=14)
EARLY = timedelta(minutes=30)
LATE = timedelta(minutes=60)
MOST_PEOPLE = 200


class ShiftsCross(Refusal):
    """A courier is in one place at a time."""

    says = _("You have another shift at that time.")


class TooEarly(Refusal):
    says = _("This shift begins at {start}. You can start half an hour before.")


class StillCarrying(Refusal):
    """A shift ends with empty hands."""

    says = _("Please finish what you carry first.")


@action(needs=May.DISPATCH_DELIVERY)
def plan_shifts(
    scope: Scope,
    *,
    city: CityId,
    starts_at: datetime,
    ends_at: datetime,
    people: int = 1,
    communities: Sequence[CommunityId] = (),
    at: datetime,
) -> tuple[ShiftId, ...]:
    """This will want so many couriers for some hours; who is free takes one."""
    of_the_city(scope, city, "city")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid("ends_at", _("A shift is longer than nothing and at most 14 hours."))
    if not 0 < people <= MOST_PEOPLE:
        raise Invalid("people", _("Between 1 and {most}."), most=MOST_PEOPLE)
    _employment, employer = employer_of(scope)
    where = own_communities(scope, city, communities)
    rows = [
        Shift(
            id=ids.new(),
            city=city,
            employer=employer,
            communities=list(where),
            starts_at=starts_at,
            ends_at=ends_at,
            state=rules.SHIFT_LIFE.birth.value,
        )
        for _nth in range(people)
    ]
    Shift.objects.bulk_create(rows)
    return tuple(ShiftId(row.pk) for row in rows)


@action(needs=May.DISPATCH_DELIVERY)
def plan_rota(
    scope: Scope, *, city: CityId, spans: Sequence[Span], communities: Sequence[CommunityId] = (), at: datetime
) -> tuple[ShiftId, ...]:
    """This will want the couriers of all these spans, or of none where one is refused."""
    made: list[ShiftId] = []
    for span in spans[:MOST_PEOPLE]:
        made += plan_shifts(
            scope, city=city, starts_at=span.starts_at, ends_at=span.ends_at, people=span.couriers,
            communities=communities, at=at,
        )  # fmt: skip
    return tuple(made)


@action(needs=May.CARRY_GOODS)
def take_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> None:
    """This will take a planned shift; one that crosses another of the courier's is refused."""
    row = _hold(scope, shift)
    mine = Courier.objects.within(scope).select_for_update().filter(person=_me(scope), left_at=None).first()
    if mine is None or mine.city != row.city or mine.employer != row.employer:
        raise NotFound("shift")
    if row.courier == scope.person and row.state == ShiftState.TAKEN.value:
        return
    crossing = Shift.objects.within(scope).filter(
        courier=scope.person, state__in=["taken", "on"], starts_at__lt=row.ends_at, ends_at__gt=row.starts_at
    )
    if crossing.exists():
        raise ShiftsCross
    _move(row, ShiftVerb.TAKE, courier=scope.person)


@action(needs=May.CARRY_GOODS)
def give_back_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> None:
    """This will give a shift back before it begins: another may take it."""
    _move(_own(scope, shift), ShiftVerb.GIVE_BACK, courier=None)


@action(needs=May.CARRY_GOODS)
def start_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> None:
    """This will begin a shift, at most half an hour before its time; from now on offers come."""
    row = _own(scope, shift)
    note_sign(scope, at=at)
    if row.state == ShiftState.ON.value:
        return
    if at < row.starts_at - EARLY:
        raise TooEarly(start=row.starts_at)
    _move(row, ShiftVerb.START, started_at=at)


@action(needs=May.CARRY_GOODS)
def end_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> Money:
    """This will end a shift with empty hands, and tell what it is paid besides."""
    row = _own(scope, shift)
    note_sign(scope, at=at)
    if row.state == ShiftState.ENDED.value:
        return Money(row.top_up_minor)
    carried = Task.objects.within(scope).filter(courier=scope.person, state__in=[s.value for s in rules.IN_HAND])
    if carried.exists():
        raise StillCarrying
    with as_the_house():
        return end_held(row, at=at)


@action(needs=May.RUN_CLOCKS)
def close_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> None:
    """This will end a shift whose time is long over: missed where nobody began it."""
    row = _hold(scope, shift)
    if row.state == ShiftState.ON.value:
        end_held(row, at=min(at, row.ends_at))
    elif rules.SHIFT_LIFE.allows(ShiftState(row.state), ShiftVerb.MISS):
        _move(row, ShiftVerb.MISS)


def end_held(row: Shift, *, at: datetime) -> Money:
    """This will end a held shift, pay what its hours lacked, and forget where its courier was."""
    earned = Earning.objects.inside().filter(
        courier=row.courier or row.pk, earned_at__gte=row.started_at, earned_at__lte=at
    )
    total = Money(earned.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    rule = policy(SYSTEM, rules.CourierPolicy, at=at, city=CityId(row.city))
    added = pay_top_up(row, earned=total, rule=rule, at=max(at, row.started_at or at))
    _move(row, ShiftVerb.END, ended_at=at, top_up_minor=added.minor)
    if row.courier is not None:
        Position.objects.inside().filter(courier=row.courier).delete()
    return added


@action(needs=May.DISPATCH_DELIVERY)
def withdraw_shift(scope: Scope, *, shift: ShiftId, at: datetime) -> None:
    """This will want nobody for a shift any more."""
    row = _hold(scope, shift)
    of_the_city(scope, CityId(row.city), "shift")
    if not scope.is_inside and row.employer != employer_of(scope)[1]:
        raise NotFound("shift")
    _move(row, ShiftVerb.WITHDRAW)


def _me(scope: Scope) -> PartyId:
    if scope.person is None:
        raise NotFound("courier")
    return scope.person


def _hold(scope: Scope, shift: ShiftId) -> Shift:
    row = Shift.objects.within(scope).select_for_update().filter(pk=shift).first()
    if row is None:
        raise NotFound("shift")
    return row


def _own(scope: Scope, shift: ShiftId) -> Shift:
    row = _hold(scope, shift)
    if row.courier is None or PartyId(row.courier) != scope.person:
        raise NotFound("shift")
    return row


def _move(row: Shift, verb: ShiftVerb, **changes: object) -> None:
    row.state = rules.SHIFT_LIFE.after(ShiftState(row.state), verb).value
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
