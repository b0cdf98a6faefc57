"""Spaces that their holders share by the hour: offers, and bookings of which no two of a space overlap."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Func, Q

from linli.estate.parking.models.grounds import Lot, Space
from linli.estate.parking.models.walls import of_person
from linli.estate.parking.rules import HOLDING, SPACE_BOOKING_LIFE, SpaceBookingState
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope

_WAITS = [SpaceBookingState.HELD.value, SpaceBookingState.BOOKED.value]


def _hours() -> Func:
    bounds = (F("start_at"), F("end_at"), RangeBoundary())
    return Func(*bounds, function="tstzrange", output_field=DateTimeRangeField())


class SpaceOffer(ScopedModel):
    """A space left to neighbours at a price for each started hour: once (`start_at`), or week by week (`weekdays`).

    `holder` is who earns; what the home has no right to any more is no window, whatever stands here.
    """

    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField()
    holder = models.UUIDField()
    price_minor = models.BigIntegerField()
    start_at = models.DateTimeField(null=True)
    end_at = models.DateTimeField(null=True)
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    from_hour = models.SmallIntegerField(null=True)
    to_hour = models.SmallIntegerField(null=True)
    start_on = models.DateField(null=True)
    end_on = models.DateField(null=True)
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_space_offer"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="parking_space_offer_price"),
            models.CheckConstraint(
                condition=Q(
                    start_at__isnull=False, end_at__gt=F("start_at"), from_hour__isnull=True, to_hour__isnull=True
                )
                | Q(
                    start_at__isnull=True,
                    end_at__isnull=True,
                    start_on__isnull=False,
                    from_hour__gte=0,
                    from_hour__lt=24,
                    to_hour__gte=0,
                    to_hour__lte=24,
                ),
                name="parking_space_offer_times",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community"], condition=Q(withdrawn_at__isnull=True), name="parking_space_offer_open"),
            models.Index(fields=["space"], name="parking_space_offer_space"),
            models.Index(fields=["home"], name="parking_space_offer_home"),
            models.Index(fields=["holder"], name="parking_space_offer_holder"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "holder")


class SpaceBooking(ScopedModel):
    """Hours of a shared space for one plate, with the terms that held when they were booked.

    While its payment is awaited it is held until `pay_by`; what was paid stands in its escrow until it is shared.
    """

    label = models.TextField()
    offer = models.ForeignKey(SpaceOffer, models.PROTECT, related_name="+", db_index=False)
    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    city = models.UUIDField()
    home = models.UUIDField()
    booker = models.UUIDField()
    holder_home = models.UUIDField()
    holder = models.UUIDField()
    plate = models.TextField()
    is_visitor = models.BooleanField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    state = models.TextField()
    price_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    company_percent = models.SmallIntegerField()
    company_minor = models.BigIntegerField(default=0)
    overstay_minor = models.BigIntegerField()
    late_minutes = models.SmallIntegerField()
    cancel_until = models.DateTimeField()
    collection = models.UUIDField(unique=True)
    pay_by = models.DateTimeField()
    booked_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refund = models.UUIDField(null=True)
    photo = models.UUIDField(null=True)

    class Meta:
        db_table = "parking_space_booking"
        constraints: ClassVar = [
            state_check("parking_space_booking_state", SPACE_BOOKING_LIFE.states),
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at"), price_minor__gt=0, amount_minor__gte=F("price_minor"))
                & Q(company_minor__gte=0, company_minor__lte=F("amount_minor"), overstay_minor__gte=0),
                name="parking_space_booking_amounts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["booked", "shared", "reported"]) | Q(paid_at__isnull=False),
                name="parking_space_booking_paid",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=_WAITS) | Q(~Q(state__in=_WAITS), ended_at__isnull=False),
                name="parking_space_booking_ended",
            ),
            ExclusionConstraint(
                name="parking_space_booking_apart",
                expressions=[("space", RangeOperators.EQUAL), (_hours(), RangeOperators.OVERLAPS)],
                condition=Q(state__in=[state.value for state in HOLDING]),
            ),
            ExclusionConstraint(
                name="parking_space_booking_plate",
                expressions=[
                    ("community", RangeOperators.EQUAL),
                    ("plate", RangeOperators.EQUAL),
                    (_hours(), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=_WAITS),
            ),
            models.UniqueConstraint(fields=["community", "label"], name="parking_space_booking_label"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-start_at"], name="parking_space_booking_list"),
            models.Index(fields=["community", "plate", "start_at"], name="parking_space_booking_car"),
            models.Index(fields=["booker", "-start_at"], name="parking_space_booking_booker"),
            models.Index(fields=["holder", "-start_at"], name="parking_space_booking_holder"),
            models.Index(fields=["holder_home"], name="parking_space_booking_home"),
            models.Index(fields=["offer"], name="parking_space_booking_offer"),
            models.Index(fields=["pay_by"], condition=Q(state="held"), name="parking_space_booking_held"),
            models.Index(fields=["end_at"], condition=Q(state="booked"), name="parking_space_booking_due"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="parking_space_booking_soon"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "booker")


class SpaceBookingMove(MoveRow):
    """What happened to a booking."""

    states = SpaceBookingState
    of = models.ForeignKey(SpaceBooking, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "parking_space_booking_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="parking_space_booking_move_of")]
