"""The tables of stock. Levels are public; what a batch cost stands behind the shop's wall."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from linli.spine.base import Model, Scoped
from linli.spine.scope import Scope
from linli.trade.stock.rules import MovementKind


class Level(models.Model):
    """The units of a variant; no row means none, or that no stock is kept of it (the catalogue knows)."""

    variant = models.OneToOneField("catalogue.Variant", models.PROTECT, primary_key=True, related_name="+")
    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="+", db_index=False)
    on_hand = models.IntegerField()
    reserved = models.IntegerField()

    class Meta:
        db_table = "stock_level"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reserved__gte=0, reserved__lte=models.F("on_hand")), name="stock_never_oversold"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "variant"], name="stock_level_shop")]


class Batch(Model):
    """Units that came in together. `remaining` counts those still here, reserved ones included."""

    variant = models.ForeignKey("catalogue.Variant", models.PROTECT, related_name="+", db_index=False)
    received = models.IntegerField()
    remaining = models.IntegerField()
    received_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stock_batch"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(received__gt=0, remaining__gte=0), name="stock_batch_units"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["variant", "expires_at", "id"], name="stock_batch_fefo", condition=Q(remaining__gt=0)),
            models.Index(fields=["expires_at"], name="stock_batch_expiry", condition=Q(remaining__gt=0)),
        ]


class BatchCost(models.Model):
    """What a unit of a batch was bought for: the merchant's own business."""

    batch = models.OneToOneField(Batch, models.PROTECT, primary_key=True, related_name="+")
    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="+", db_index=False)
    cost_minor = models.BigIntegerField()

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "stock_batch_cost"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(cost_minor__gte=0), name="stock_cost_not_negative")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        """This will give a shop its own."""
        return Q(shop_id=scope.shop) if scope.shop else Q(pk__in=[])


class Reservation(models.Model):
    """Units held for an order; `until` NULL holds until they are served or released."""

    pk = models.CompositePrimaryKey("order", "variant")
    order = models.UUIDField(db_column="order_id")
    # Not checked by the database: `stock_reserve` has its level, which is, or asks the catalogue. A check would lock
    # the rows of the most wanted goods in every order.
    variant = models.ForeignKey(
        "catalogue.Variant", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    quantity = models.IntegerField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "stock_reservation"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_reservation_units")]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="stock_reservation_until", condition=Q(until__isnull=False)),
        ]


class Movement(models.Model):
    """A line of the stock book; a correction is another line."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    variant = models.ForeignKey("catalogue.Variant", models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    quantity = models.IntegerField()
    order = models.UUIDField(null=True, db_column="order_id")
    person = models.UUIDField(null=True)
    why = models.TextField(blank=True, db_default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "stock_movement"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="stock_movement_moves"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in MovementKind]), name="stock_movement_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=["receipt", "return"]) | Q(quantity__gt=0), name="stock_movement_in"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["sale", "write_off", "disposal"]) | Q(quantity__lt=0), name="stock_movement_out"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["sale", "return"]) | Q(order__isnull=False), name="stock_movement_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["variant", "-id"], name="stock_movement_variant"),
            models.Index(fields=["order"], name="stock_movement_order", condition=Q(order__isnull=False)),
        ]
