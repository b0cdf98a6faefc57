"""A person's cars and their stays, for them to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.estate.parking.models import Session, Vehicle
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class StayRecord:
    """A stay of a car, and what it cost."""

    label: str
    entered_at: datetime
    left_at: datetime | None
    paid: Money


@dataclass(frozen=True, slots=True)
class CarRecord:
    """A car as it was registered, with its stays while it was."""

    plate: str
    about: str
    added_at: datetime
    removed_at: datetime | None
    stays: tuple[StayRecord, ...]


@query
def my_parking_records(scope: Scope, *, limit: int = MOST) -> tuple[CarRecord, ...]:
    """This will list the asker's cars with their stays since each was registered."""
    cars = list(Vehicle.objects.within(scope).filter(Q(party=scope.person)).order_by("-id")[: min(limit, MOST)])
    stays = _stays_of(SYSTEM, cars=cars, limit=limit) if cars else {}
    return tuple(
        CarRecord(car.plate, car.about, car.added_at, car.removed_at, tuple(stays.get(car.pk, ()))) for car in cars
    )


@query
def _stays_of(scope: Scope, *, cars: Sequence[Vehicle], limit: int) -> dict[object, list[StayRecord]]:
    """Residents do not see the log of the barriers; of theirs they may know what the house does."""
    places, plates = {car.community for car in cars}, {car.plate for car in cars}
    rows = Session.objects.within(scope).filter(community__in=places, plate__in=plates).order_by("-entered_at")
    found: dict[object, list[StayRecord]] = {}
    for row in rows[: min(limit, MOST)]:
        for car in cars:
            is_its = (car.community, car.plate) == (row.community, row.plate)
            if is_its and car.added_at <= row.entered_at and (not car.removed_at or row.entered_at < car.removed_at):
                stay = StayRecord(row.label, row.entered_at, row.left_at, Money(row.paid_minor))
                found.setdefault(car.pk, []).append(stay)
    return found
