"""Orders under lock: read as they stand, moved by a step, written with what was told. Private to the actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from linli.kernel.facts import Fact
from linli.kernel.ids import (
    CheckoutId,
    CityId,
    CollectionId,
    CommunityId,
    HomeId,
    LineId,
    OrderId,
    PartyId,
    ShopId,
    SlotId,
    VariantId,
)
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.scope import Scope
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.events import OrderFact


@dataclass(frozen=True)
class HeldLine:
    id: LineId
    variant: VariantId
    quantity: int
    net_minor: int
    merchant_minor: int
    company_minor: int
    platform_minor: int
    refunded_quantity: int
    refunded_minor: int

    @property
    def sold(self) -> rules.SoldLine:
        return rules.SoldLine(
            line=self.id,
            quantity=self.quantity,
            net=Money(self.net_minor),
            shares=rules.Shares(
                merchant=Money(self.merchant_minor),
                company=Money(self.company_minor),
                platform=Money(self.platform_minor),
            ),
            refunded_quantity=self.refunded_quantity,
            refunded=Money(self.refunded_minor),
        )


@dataclass(frozen=True)
class HeldOrder:
    """An order that nobody else can change until this transaction ends."""

    id: OrderId
    number: str
    checkout_id: CheckoutId
    collection: CollectionId
    community: CommunityId
    city: CityId
    currency: str
    shop: ShopId
    buyer: PartyId
    home: HomeId
    merchant: PartyId
    company: PartyId | None
    carrier: PartyId | None
    fulfilment: rules.Fulfilment
    slot: SlotId | None
    drop_off: DropOff | None
    payment: rules.Payment
    paid_at: datetime | None
    state: rules.OrderState
    version: int
    goods_minor: int
    delivery_fee_minor: int
    refunded_fee_minor: int
    window_start: datetime | None
    window_end: datetime | None
    patience: rules.Patience
    minutes_promised: int
    due_at: datetime | None
    completed_at: datetime | None
    lines: tuple[HeldLine, ...]

    @property
    def window(self) -> rules.Window | None:
        if self.window_start is None or self.window_end is None:
            return None
        return rules.Window(self.window_start, self.window_end)

    @property
    def sold_lines(self) -> dict[LineId, rules.SoldLine]:
        return {line.id: line.sold for line in self.lines}

    @property
    def total(self) -> Money:
        return Money(self.goods_minor + self.delivery_fee_minor)

    @property
    def fee_left(self) -> Money:
        return Money(self.delivery_fee_minor - self.refunded_fee_minor)

    @property
    def to_pay(self) -> Money:
        """What is still to be taken in cash; nothing of an order that is paid."""
        if self.payment is not rules.Payment.CASH or self.paid_at is not None:
            return Money.zero
        return Money.total(line.sold.left for line in self.lines) + self.fee_left

    @property
    def is_completed(self) -> bool:
        """Its escrow is divided among the payees: what goes back now comes from them."""
        return self.completed_at is not None

    def told(self, fact: type[OrderFact], at: datetime, **more: Any) -> OrderFact:
        """This will make one of the order's facts."""
        return fact(order=self.id, shop=self.shop, community=self.community, buyer=self.buyer, at=at, **more)


_decode = msgspec.json.Decoder(HeldOrder).decode


def hold(orders: Sequence[OrderId]) -> tuple[HeldOrder, ...]:
    """This will lock orders in a fixed order and read them; those that the scope does not reach are absent."""
    return tuple(_decode(row[0]) for row in sql.fetch("SELECT orders_hold(%s::uuid[])", list(orders)))


def hold_checkouts(checkouts: Sequence[CheckoutId]) -> tuple[HeldOrder, ...]:
    """This will lock and read all orders of checkouts."""
    return tuple(_decode(row[0]) for row in sql.fetch("SELECT orders_hold_checkouts(%s::uuid[])", list(checkouts)))


def hold_for_shop(scope: Scope, order: OrderId) -> HeldOrder:
    """This will lock an order of the asker's shop, or of an operator's city; any other does not exist for them."""
    held = hold((order,))
    if not held or not (scope.works_in(held[0].city) or (scope.shop is not None and held[0].shop == scope.shop)):
        raise NotFound("order")
    return held[0]


def hold_for_buyer(scope: Scope, order: OrderId) -> HeldOrder:
    """This will lock an order that the asker bought; any other does not exist for them."""
    held = hold((order,))
    if not held or not (scope.works_in(held[0].city) or (scope.person is not None and held[0].buyer == scope.person)):
        raise NotFound("order")
    return held[0]


@dataclass(frozen=True)
class Step:
    """One move of one order, as `orders_step` writes it."""

    order: OrderId
    version: int
    verb: rules.OrderVerb
    state: rules.OrderState
    due_at: datetime | None
    promised_at: datetime | None
    paid_at: datetime | None
    role: str
    person: UUID | None
    why: str
    at: datetime


def step(scope: Scope, held: HeldOrder, verb: rules.OrderVerb, *, at: datetime, why: str = "") -> Step:
    """This will decide a move by the order's life, or refuse with WrongState."""
    state = rules.ORDER_LIFE.after(held.state, verb)
    goes_to_shop = verb in (rules.OrderVerb.PAY, rules.OrderVerb.PROMISE)
    pays = verb is rules.OrderVerb.PAY or state is rules.OrderState.COMPLETED
    return Step(
        order=held.id,
        version=held.version,
        verb=verb,
        state=state,
        due_at=rules.due_at(state, held.fulfilment, at, held.patience, held.window),
        promised_at=rules.promised_at(at, held.minutes_promised, held.window) if goes_to_shop else None,
        paid_at=at if pays else None,
        role=scope.role.value,
        person=scope.person,
        why=why,
        at=at,
    )


def facts_json(facts: Iterable[Fact]) -> list[dict[str, object]]:
    """This will put facts into a body whose SQL function tells them, which saves the outbox its own round trip."""
    return [{"kind": fact.kind, "body": fact} for fact in facts]


def take(steps: Sequence[Step], facts: Iterable[Fact]) -> None:
    """This will write moves of held orders together with what is told of them."""
    sql.fetch("SELECT orders_step(%s, %s)", sql.as_json(list(steps)), sql.as_json(facts_json(facts)))
