"""Lots and their spaces, whose they are, the cars of homes, the lists, and what a stay costs from a day on."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from linli.estate.parking.models.walls import days, ends_after_start, of_community, of_person
from linli.estate.parking.rules import ListKind, PlateKind, SpaceKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope

_EVERYWHERE = "00000000-0000-0000-0000-000000000000"


class Lot(ScopedModel):
    """A car park. `code` stands in the QR at its exit; `temporary_places` is how many guests it holds at once."""

    community = models.UUIDField()
    company = models.UUIDField()
    city = models.UUIDField()
    name = models.JSONField()
    code = models.TextField(unique=True)
    takes_temporary = models.BooleanField()
    temporary_places = models.IntegerField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_lot"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(temporary_places__gte=0), name="parking_lot_places"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9]{8}$"), name="parking_lot_code"),
        ]
        indexes: ClassVar = [models.Index(fields=["community"], name="parking_lot_community")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Space(ScopedModel):
    """A marked place. A child stands behind its mother and is sold and let together with it."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    label = models.TextField()
    kind = models.TextField()
    mother = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_space"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "label"], name="parking_space_once"),
            models.CheckConstraint(condition=~Q(label=""), name="parking_space_label"),
            models.CheckConstraint(condition=Q(mother__isnull=True) | ~Q(mother=F("id")), name="parking_space_mother"),
            state_check("parking_space_kind", tuple(SpaceKind), "kind"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Holding(ScopedModel):
    """A home has a space for a time; a space is held once at a time."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField()
    party = models.UUIDField()
    item = models.UUIDField(null=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    held_at = models.DateTimeField()

    class Meta:
        db_table = "parking_holding"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ends_after_start(), name="parking_holding_days"),
            ExclusionConstraint(
                name="parking_holding_apart",
                expressions=[("space", RangeOperators.EQUAL), (days(), RangeOperators.OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["home"], name="parking_holding_home")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "party")


class Vehicle(ScopedModel):
    """A car of a home; a plate belongs to one home of a community at a time."""

    community = models.UUIDField()
    home = models.UUIDField()
    party = models.UUIDField()
    plate = models.TextField()
    plate_kind = models.TextField()
    about = models.TextField(default="")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_vehicle"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "plate"], condition=Q(removed_at=None), name="parking_vehicle_once"
            ),
            state_check("parking_vehicle_kind", tuple(PlateKind), "plate_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["home"], condition=Q(removed_at=None), name="parking_vehicle_home"),
            models.Index(fields=["party"], name="parking_vehicle_party"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "party")


class Listed(ScopedModel):
    """A plate that may always come in, or never, until an instant, for a reason."""

    community = models.UUIDField()
    kind = models.TextField()
    plate = models.TextField()
    reason = models.TextField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True)
    listed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "parking_listed"
        constraints: ClassVar = [
            state_check("parking_listed_kind", tuple(ListKind), "kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="parking_listed_reason"),
            models.CheckConstraint(
                condition=Q(end_at__isnull=True) | Q(end_at__gte=F("start_at")), name="parking_listed_days"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "plate"], name="parking_listed_plate")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class TariffVersion(ScopedModel):
    """What temporary stays cost from a day of entry on: in one lot, or in all lots of a community without their own."""

    community = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+", db_index=False)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    terms = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        db_table = "parking_tariff"
        constraints: ClassVar = [
            models.CheckConstraint(condition=ends_after_start(), name="parking_tariff_days"),
            ExclusionConstraint(
                name="parking_tariff_apart",
                expressions=[
                    ("community", RangeOperators.EQUAL),
                    (Coalesce(F("lot"), Value(_EVERYWHERE, models.UUIDField())), RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
