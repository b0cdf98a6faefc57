"""Venues and their bookings, of which no two of a venue overlap."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Func, Q

from linli.estate.venues.rules import BOOKING_LIFE, DAY_MINUTES, HOLDING, BookingState
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


class Venue(ScopedModel):
    """A room or a court, named and explained in Chinese, English or both (`{"zh": ..., "en": ...}`).

    `weekdays` count from Monday, 0; minutes count from midnight.
    """

    company = models.UUIDField()
    community = models.UUIDField()
    name = models.JSONField()
    text = models.JSONField(default=dict)
    capacity = models.SmallIntegerField()
    weekdays = ArrayField(models.SmallIntegerField())
    opens_min = models.SmallIntegerField()
    closes_min = models.SmallIntegerField()
    slot_min = models.SmallIntegerField()
    price_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField(default=0)
    picture = models.UUIDField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "venues_venue"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "name"], condition=Q(retired_at__isnull=True), name="venues_venue_name"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, price_minor__gte=0, deposit_minor__gte=0), name="venues_venue_amounts"
            ),
            models.CheckConstraint(
                condition=Q(opens_min__gte=0, closes_min__gt=F("opens_min"), closes_min__lte=DAY_MINUTES)
                & Q(slot_min__gte=15),
                name="venues_venue_hours",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities)


class Booking(ScopedModel):
    """A slot that is held for a home; without one it is kept closed by the desk.

    `deposit` is the one that billing holds for it; while it is not paid, the booking waits until `pay_by`.
    """

    label = models.TextField()
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField(null=True)
    booker = models.UUIDField(null=True)
    persons = models.SmallIntegerField(default=1)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    state = models.TextField()
    code = models.CharField(max_length=6)
    price_minor = models.BigIntegerField(default=0)
    deposit_minor = models.BigIntegerField(default=0)
    deposit = models.UUIDField(null=True)
    pay_by = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "venues_booking"
        constraints: ClassVar = [
            state_check("venues_booking_state", BOOKING_LIFE.states),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at"), persons__gte=1), name="venues_booking_slot"),
            ExclusionConstraint(
                name="venues_booking_apart",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (
                        Func(
                            F("start_at"),
                            F("end_at"),
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=[state.value for state in HOLDING]),
            ),
            models.CheckConstraint(
                condition=Q(deposit_minor=0, deposit__isnull=True, pay_by__isnull=True, back_at__isnull=True)
                | Q(deposit_minor__gt=0, deposit__isnull=False),
                name="venues_booking_deposit",
            ),
            models.UniqueConstraint(fields=["community", "label"], name="venues_booking_label"),
            models.UniqueConstraint(
                fields=["community", "code"], condition=Q(state=BookingState.BOOKED.value), name="venues_booking_code"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-start_at"], name="venues_booking_list"),
            models.Index(fields=["booker", "-start_at"], name="venues_booking_booker"),
            models.Index(fields=["end_at"], name="venues_booking_due", condition=Q(state=BookingState.BOOKED.value)),
            models.Index(fields=["pay_by"], name="venues_booking_pay_by", condition=Q(pay_by__isnull=False)),
            models.Index(fields=["back_at"], name="venues_booking_back_at", condition=Q(back_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        staff = Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())
        return staff | Q(booker=scope.person) if scope.person else staff


class Move(MoveRow):
    of = models.ForeignKey(Booking, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "venues_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="venues_move_of")]
