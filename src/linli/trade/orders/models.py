"""The tables of orders. Hot writes go through `sql/`; checks and walls hold for every path."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.spine.base import Scoped, ScopedModel, state_check
from linli.spine.scope import Scope
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules


class Basket(ScopedModel):
    """What a person means to buy in a community: the one open checkout. It is emptied when its checkout is placed.

    `choices` says for a shop how its goods shall come; `version` grows with each change, so that a locked price list is
    never placed for another basket than the one it was shown for.
    """

    person = models.UUIDField()
    community = models.UUIDField()
    home = models.UUIDField(null=True)
    choices = models.JSONField(default=dict)
    window_start = models.DateTimeField(null=True)
    window_end = models.DateTimeField(null=True)
    drop_off = models.TextField(null=True)
    version = models.IntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "orders_basket"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "community"], name="orders_basket_one"),
            models.UniqueConstraint(fields=["id", "person"], name="orders_basket_whose"),
            models.CheckConstraint(
                condition=Q(window_start__isnull=True, window_end__isnull=True) | Q(window_start__lt=F("window_end")),
                name="orders_basket_window",
            ),
            state_check("orders_basket_drop_off", tuple(DropOff), "drop_off"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(person=scope.person)


class BasketLine(ScopedModel):
    """So many of a variant with these options; no price: prices are asked when shown and kept when locked.

    The basket's person stands here too, held equal by the foreign key, so that the wall need not ask the basket.
    """

    basket = models.ForeignKey(
        Basket, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    person = models.UUIDField()
    variant = models.UUIDField()
    options = ArrayField(models.UUIDField(), default=list)
    quantity = models.IntegerField()

    class Meta:
        db_table = "orders_basket_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basket", "variant", "options"], name="orders_basket_line_one"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_basket_line_quantity"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(basket__person=scope.person)


class Checkout(ScopedModel):
    """What a person pays once. `quote` is the priced content, kept until it is placed or its lock is over for a day."""

    community = models.UUIDField()
    city = models.UUIDField()
    currency = models.CharField(max_length=3)
    buyer = models.UUIDField()
    home = models.UUIDField()
    basket = models.ForeignKey(Basket, null=True, on_delete=models.SET_NULL, db_index=False)
    basket_version = models.IntegerField(null=True)
    state = models.TextField(default=rules.CHECKOUT_LIFE.birth.value)
    quote = models.JSONField(null=True)
    total_minor = models.BigIntegerField()
    collection = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_checkout"
        constraints: ClassVar = [
            state_check("orders_checkout_state", rules.CHECKOUT_LIFE.states),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="orders_checkout_total"),
            models.CheckConstraint(
                condition=Q(state__in=["placed", "expired"]) | Q(due_at__isnull=False), name="orders_checkout_waits"
            ),
            models.UniqueConstraint(fields=["basket"], condition=Q(state="locked"), name="orders_checkout_one_lock"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["buyer", "-id"], name="orders_checkout_buyer"),
            models.Index(fields=["due_at"], name="orders_checkout_due", condition=Q(state__in=["locked", "paying"])),
            models.Index(
                fields=["ended_at"],
                name="orders_checkout_remembered",
                condition=Q(state="expired", quote__isnull=False),
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(buyer=scope.person)


class Order(ScopedModel):
    """One shop's part of a checkout, on the terms frozen at sale. `number` is a label for people, never a key."""

    number = models.TextField()
    checkout = models.ForeignKey(Checkout, on_delete=models.PROTECT, related_name="orders", db_index=False)
    collection = models.UUIDField()
    community = models.UUIDField()
    shop = models.UUIDField()
    shop_name = models.JSONField()
    city = models.UUIDField()
    currency = models.CharField(max_length=3)
    buyer = models.UUIDField()
    home = models.UUIDField()
    merchant = models.UUIDField()
    company = models.UUIDField(null=True)
    carrier = models.UUIDField(null=True)
    commission_bp = models.IntegerField()
    property_share_bp = models.IntegerField()
    fulfilment = models.TextField()
    slot = models.UUIDField(null=True)
    drop_off = models.TextField(null=True)
    spot = models.TextField(null=True)
    payment = models.TextField(db_default=rules.Payment.ONLINE.value)
    paid_at = models.DateTimeField(null=True)
    state = models.TextField(default=rules.ORDER_LIFE.birth.value)
    version = models.IntegerField(default=1)
    goods_minor = models.BigIntegerField()
    delivery_fee_minor = models.BigIntegerField()
    refunded_fee_minor = models.BigIntegerField(default=0)
    window_start = models.DateTimeField(null=True)
    window_end = models.DateTimeField(null=True)
    patience = models.JSONField()
    minutes_promised = models.IntegerField()
    promised_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    placed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_order"
        constraints: ClassVar = [
            state_check("orders_order_state", rules.ORDER_LIFE.states),
            state_check("orders_order_fulfilment", tuple(rules.Fulfilment), "fulfilment"),
            models.CheckConstraint(
                condition=Q(fulfilment__in=["pick_up", "shop_delivery"], carrier__isnull=False, slot__isnull=True)
                | Q(fulfilment__in=["pooled", "alone"], carrier__isnull=True, slot__isnull=False)
                | Q(fulfilment="now", carrier__isnull=True, slot__isnull=True),
                name="orders_order_carried",
            ),
            state_check("orders_order_payment", tuple(rules.Payment), "payment"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(paid_at__isnull=False), name="orders_order_paid_first"
            ),
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0, delivery_fee_minor__gte=0), name="orders_order_amounts"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fee_minor__gte=0, refunded_fee_minor__lte=F("delivery_fee_minor")),
                name="orders_order_fee_refunded",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in rules.ORDER_LIFE.ends)) | Q(due_at__isnull=False),
                name="orders_order_waits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["checkout"], name="orders_order_checkout"),
            models.Index(fields=["buyer", "-id"], name="orders_order_buyer"),
            models.Index(fields=["shop", "state", "id"], name="orders_order_shop"),
            models.Index(fields=["shop", "-placed_at", "-id"], name="orders_order_placed"),
            models.Index(fields=["number"], name="orders_order_number"),
            models.Index(
                fields=["community", "company", "-completed_at"],
                name="orders_order_company",
                condition=Q(completed_at__isnull=False),
            ),
            models.Index(
                fields=["shop", "-completed_at"], name="orders_order_sold", condition=Q(completed_at__isnull=False)
            ),
            models.Index(fields=["due_at"], name="orders_order_due", condition=Q(due_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        if scope.shop:
            return Q(shop=scope.shop)
        return Q(buyer=scope.person) if scope.person else Q(pk__in=[])


class Line(ScopedModel):
    """What was sold, its price step by step, and who earns what of it; only what is given back changes."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines", db_index=False)
    nth = models.SmallIntegerField()
    variant = models.UUIDField()
    listing = models.UUIDField()
    title = models.JSONField()
    label = models.JSONField()
    kind = models.TextField()
    options = models.JSONField()
    quantity = models.IntegerField()
    stages = models.JSONField()
    net_minor = models.BigIntegerField()
    merchant_minor = models.BigIntegerField()
    company_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField()
    refunded_quantity = models.IntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "orders_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "nth"], name="orders_line_nth"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_line_quantity"),
            models.CheckConstraint(
                condition=Q(net_minor=F("merchant_minor") + F("company_minor") + F("platform_minor")),
                name="orders_line_shares_sum",
            ),
            models.CheckConstraint(
                condition=Q(merchant_minor__gte=0, company_minor__gte=0, platform_minor__gte=0),
                name="orders_line_shares",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("net_minor")), name="orders_line_refunded"
            ),
            models.CheckConstraint(
                condition=Q(refunded_quantity__gte=0, refunded_quantity__lte=F("quantity")),
                name="orders_line_refunded_quantity",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(order__in=Order.objects.within(scope))


class Refund(ScopedModel):
    """A request for money back, or the shop's own grant of it. The amounts are kept as computed when it was granted.

    `taken_by` is who of the platform works on it while it is disputed.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    shop = models.UUIDField()
    buyer = models.UUIDField()
    state = models.TextField(default=rules.REFUND_LIFE.birth.value)
    reason = models.TextField()
    with_fee = models.BooleanField(default=False)
    restock = models.BooleanField(default=False)
    asked_by = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_refund"
        constraints: ClassVar = [
            state_check("orders_refund_state", rules.REFUND_LIFE.states),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="orders_refund_amount"),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="orders_refund_taken",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in rules.OPEN_REFUNDS]) | Q(due_at__isnull=False),
                name="orders_refund_waits",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=[s.value for s in rules.OPEN_REFUNDS]),
                name="orders_refund_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "state", "-id"], name="orders_refund_shop"),
            models.Index(fields=["due_at"], name="orders_refund_due", condition=Q(due_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        if scope.shop:
            return Q(shop=scope.shop)
        return Q(buyer=scope.person) if scope.person else Q(pk__in=[])


class RefundLine(ScopedModel):
    """What a refund asks or gives back of a line. `by_amount`: the goods are kept, an amount goes back."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="refunds")
    quantity = models.IntegerField()
    amount_minor = models.BigIntegerField()
    by_amount = models.BooleanField(default=False)

    class Meta:
        db_table = "orders_refund_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "line"], name="orders_refund_line_one"),
            models.CheckConstraint(condition=Q(quantity__gte=0, amount_minor__gte=0), name="orders_refund_line_amount"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(refund__in=Refund.objects.within(scope))


class Move(models.Model):
    """One step in the life of an order or of a refund of it: who, when and why. `person` is empty for the clock."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="moves", db_index=False)
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="moves", db_index=False)
    verb = models.TextField()
    state = models.TextField()
    role = models.TextField()
    person = models.UUIDField(null=True)
    why = models.TextField(default="")
    moved_at = models.DateTimeField()

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "orders_move"
        indexes: ClassVar = [
            models.Index(fields=["order", "id"], name="orders_move_order"),
            models.Index(fields=["moved_at"], condition=Q(verb="come_back"), name="orders_move_back"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(order__in=Order.objects.within(scope))
