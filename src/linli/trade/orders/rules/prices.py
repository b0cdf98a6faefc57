"""Prices: a pipeline of named stages kept on every line, so that each fen can be explained to the buyer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.kernel.ids import LineId, ListingId, OptionId, OrderId, PartyId, ShopId, SlotId, VariantId
from linli.kernel.money import Money
from linli.trade.catalogue.rules import Kind
from linli.trade.delivery.rules import DropOff
from linli.trade.orders.rules.deadlines import Window
from linli.trade.orders.rules.fulfilments import Fulfilment
from linli.trade.orders.rules.shares import Shares, shares

Names = dict[str, str]
"""A text in several languages: {"zh": ..., "en": ...}."""


class StageName(StrEnum):
    LIST_PRICE = "list_price"
    PLACE_PRICE = "place_price"
    OPTION = "option"
    QUANTITY = "quantity"
    DISCOUNT = "discount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one step of the pipeline added to the line; all stages of a line add up to what it costs."""

    name: StageName
    amount: Money
    label: Names | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An option of the listing that the buyer chose."""

    option: OptionId
    name: Names
    price: Money
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """So many of a variant with options, at the prices of its place now."""

    variant: VariantId
    listing: ListingId
    shop: ShopId
    title: Names
    label: Names
    kind: str
    list_price: Money
    place_price: Money
    choices: tuple[Choice, ...] = ()
    quantity: int


Step = Callable[[Goods, Money], tuple[Stage, ...]]


def _list_price(goods: Goods, _: Money) -> tuple[Stage, ...]:
    return (Stage(name=StageName.LIST_PRICE, amount=goods.list_price),)


def _place_price(goods: Goods, so_far: Money) -> tuple[Stage, ...]:
    difference = goods.place_price - so_far
    return (Stage(name=StageName.PLACE_PRICE, amount=difference),) if difference else ()


def _options(goods: Goods, _: Money) -> tuple[Stage, ...]:
    return tuple(Stage(name=StageName.OPTION, amount=c.price, label=c.name) for c in goods.choices)


def _quantity(goods: Goods, so_far: Money) -> tuple[Stage, ...]:
    more = so_far * (goods.quantity - 1)
    return (Stage(name=StageName.QUANTITY, amount=more),) if goods.quantity > 1 else ()


PIPELINE: tuple[Step, ...] = (_list_price, _place_price, _options, _quantity)
"""In this order; each step sees what the steps before it came to. Discounts come last, under `StageName.DISCOUNT`."""


def stages(goods: Goods) -> tuple[Stage, ...]:
    """This will price a line step by step."""
    found: tuple[Stage, ...] = ()
    so_far = Money.zero
    for step in PIPELINE:
        new = step(goods, so_far)
        so_far = so_far + Money.total(s.amount for s in new)
        found += new
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a shop sells on in this community at this time; frozen on the order at sale.

    `pools`: couriers of the platform bring its goods, and none of its own.
    """

    shop: ShopId
    name: Names
    merchant: PartyId
    carrier: PartyId | None
    company: PartyId | None
    commission_bp: int
    property_share_bp: int
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int
    pools: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line as sold: its stages add up to `net`, and so do its shares."""

    line: LineId
    goods: Goods
    stages: tuple[Stage, ...]
    net: Money
    shares: Shares


def explain(line: PricedLine) -> tuple[Stage, ...]:
    """This will tell how the price of a line came about; the amounts add up to what the buyer pays for it."""
    return line.stages


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedOrder:
    """One shop's part of a checkout."""

    order: OrderId
    terms: Terms
    fulfilment: Fulfilment
    lines: tuple[PricedLine, ...]
    goods: Money
    delivery_fee: Money
    window: Window | None = None
    slot: SlotId | None = None
    drop_off: DropOff | None = None

    @property
    def prepared(self) -> Money:
        """What of it a kitchen prepares."""
        return Money.total(line.net for line in self.lines if line.goods.kind == Kind.PREPARED)

    @property
    def total(self) -> Money:
        """What the buyer pays for this order, and what its escrow receives."""
        return self.goods + self.delivery_fee


def delivery_fee(goods: Money, fulfilment: Fulfilment, *, fee: Money, free_from: Money | None) -> Money:
    """This will give the fee of the shop's own delivery: none for picking up, none from the shop's free amount on."""
    if fulfilment is not Fulfilment.SHOP_DELIVERY or (free_from is not None and goods >= free_from):
        return Money.zero
    return fee


def price_order(
    order: OrderId, terms: Terms, fulfilment: Fulfilment, lines: Sequence[tuple[LineId, Goods]]
) -> PricedOrder:
    """This will price one shop's goods and freeze who earns what of each line."""
    steps = {line: stages(goods) for line, goods in lines}
    nets = {line: Money.total(s.amount for s in steps[line]) for line, _ in lines}
    earned = shares(nets, terms.commission_bp, terms.property_share_bp if terms.company else 0)
    total = Money.total(nets.values())
    return PricedOrder(
        order=order,
        terms=terms,
        fulfilment=fulfilment,
        lines=tuple(
            PricedLine(line=line, goods=goods, stages=steps[line], net=nets[line], shares=earned[line])
            for line, goods in lines
        ),
        goods=total,
        delivery_fee=delivery_fee(total, fulfilment, fee=terms.delivery_fee, free_from=terms.free_delivery_from),
    )
