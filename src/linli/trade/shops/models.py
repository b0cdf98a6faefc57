"""The tables of shops. What a buyer may know is open; licences and the record of moves stand behind a wall."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q

from linli.spine.base import Model, ScopedModel, state_check
from linli.spine.scope import Scope
from linli.trade.shops.rules import LICENCE_LIFE, SHOP_LIFE, Carrier, LicenceKind, ShopKind


def _one_of(
    name: str, column: str, values: type[Carrier] | type[ShopKind] | type[LicenceKind]
) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": [v.value for v in values]}), name=name)


class Shop(Model):
    """A place that sells. `timezone` is its city's, kept here because every opening hour is read in it.

    `courier` is the person who brings its goods and earns the delivery fee, where the merchant does not do it itself.
    """

    merchant = models.UUIDField()
    applicant = models.UUIDField(null=True)
    city = models.UUIDField()
    name = models.JSONField()
    kind = models.TextField()
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.TextField()
    picture = models.UUIDField(null=True)
    timezone = models.TextField()
    state = models.TextField()
    paused_until = models.DateTimeField(null=True)
    carrier = models.TextField()
    courier = models.UUIDField(null=True)
    delivery_fee_minor = models.BigIntegerField()
    takes_cash = models.BooleanField(db_default=False)
    free_delivery_from_minor = models.BigIntegerField(null=True)
    minutes_promised = models.IntegerField()
    applied_at = models.DateTimeField()

    class Meta:
        db_table = "shops_shop"
        constraints: ClassVar = [
            state_check("shops_shop_state", SHOP_LIFE.states),
            _one_of("shops_shop_kind", "kind", ShopKind),
            _one_of("shops_shop_carrier", "carrier", Carrier),
            models.CheckConstraint(condition=Q(delivery_fee_minor__gte=0), name="shops_shop_fee"),
            models.CheckConstraint(
                condition=Q(free_delivery_from_minor__isnull=True) | Q(free_delivery_from_minor__gte=0),
                name="shops_shop_free_from",
            ),
            models.CheckConstraint(
                condition=Q(minutes_promised__gt=0, minutes_promised__lte=14 * 24 * 60), name="shops_shop_minutes"
            ),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="shops_shop_on_earth"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "applied_at"], name="shops_shop_state_age"),
            models.Index(fields=["merchant"], name="shops_shop_merchant"),
            models.Index(fields=["applicant"], name="shops_shop_applicant"),
        ]


class ShopCommunity(Model):
    """One community of a shop's zone, with the places above it, so that a shelf knows them without asking."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    district = models.UUIDField()
    city = models.UUIDField()
    distance_m = models.IntegerField()
    visible = models.BooleanField()

    class Meta:
        db_table = "shops_shop_community"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "community"], name="shops_zone_once"),
            models.CheckConstraint(condition=Q(distance_m__gte=0), name="shops_zone_distance"),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "distance_m"], name="shops_zone_community")]


class Opening(Model):
    """An interval of a weekday (0 is Monday) in minutes from its midnight; beyond 1,440 is the next day."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    weekday = models.SmallIntegerField()
    opens_min = models.SmallIntegerField()
    closes_min = models.SmallIntegerField()

    class Meta:
        db_table = "shops_opening"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "weekday", "opens_min"], name="shops_opening_once"),
            models.CheckConstraint(
                condition=Q(
                    weekday__range=(0, 6),
                    opens_min__range=(0, 1439),
                    closes_min__gt=models.F("opens_min"),
                    closes_min__lte=models.F("opens_min") + 1440,
                ),
                name="shops_opening_interval",
            ),
        ]


class Holiday(Model):
    """Days [start_on, end_on) on which no interval begins."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    start_on = models.DateField()
    end_on = models.DateField()

    class Meta:
        db_table = "shops_holiday"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "start_on"], name="shops_holiday_once"),
            models.CheckConstraint(condition=Q(end_on__gt=models.F("start_on")), name="shops_holiday_days"),
        ]


class Terms(Model):
    """What the platform keeps of a sale in a community, and the property company's share of that, while in force."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    commission_bp = models.IntegerField()
    property_share_bp = models.IntegerField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "shops_terms"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="shops_terms_apart",
                expressions=[
                    ("shop", RangeOperators.EQUAL),
                    ("community", RangeOperators.EQUAL),
                    (
                        Func(
                            "start_at",
                            "end_at",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(commission_bp__range=(0, 10_000), property_share_bp__range=(0, 10_000)),
                name="shops_terms_basis_points",
            ),
            models.CheckConstraint(
                condition=Q(end_at__isnull=True) | Q(end_at__gt=models.F("start_at")), name="shops_terms_period"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "community", "start_at"], name="shops_terms_at")]


class Licence(ScopedModel):
    """A document the merchant showed; seen by the shop, its applicant and the platform."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    number = models.TextField()
    file = models.UUIDField()
    expires_on = models.DateField(null=True)
    state = models.TextField()
    why = models.TextField(blank=True)
    submitted_at = models.DateTimeField()

    class Meta:
        db_table = "shops_licence"
        constraints: ClassVar = [
            state_check("shops_licence_state", LICENCE_LIFE.states),
            _one_of("shops_licence_kind", "kind", LicenceKind),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "kind"], name="shops_licence_shop"),
            models.Index(fields=["expires_on"], name="shops_licence_expiry", condition=Q(state="accepted")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        """This will give a shop its own, and an applicant those of the shops applied for."""
        return _own_or_applied_for(scope)


class Move(ScopedModel):
    """One move of a shop's or a licence's life: who, when and why; never changed."""

    insert_only: ClassVar[bool] = True

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="+", null=True, db_index=False)
    verb = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "shops_move"
        indexes: ClassVar = [models.Index(fields=["shop", "id"], name="shops_move_shop")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        """This will give a shop its own, and an applicant those of the shops applied for."""
        return _own_or_applied_for(scope)


def _own_or_applied_for(scope: Scope) -> Q:
    # A missing shop or person must match nothing: `shop=None` would be read as IS NULL.
    own = Q(shop_id=scope.shop) if scope.shop else Q(pk__in=[])
    return own | Q(shop__applicant=scope.person) if scope.person else own
