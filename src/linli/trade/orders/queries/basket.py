"""The basket as its page shows it: prices, shops and stock of now; nothing of it is kept until it is locked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from linli.kernel.ids import CheckoutId, CommunityId, HomeId, OptionId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.catalogue.rules import Kind
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.queries import Offered, OfferedSlot
from linli.trade.delivery.rules import DropOff, Way, first_place
from linli.trade.orders import rules
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import SaleTerms
from linli.trade.shops.rules import Carrier, ClosedWhy
from linli.trade.stock import queries as stock


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """A thing in the basket at today's price. `left` is how many there are; fewer than wanted is a problem."""

    line: UUID
    variant: VariantId
    title: rules.Names
    label: rules.Names
    kind: Kind
    choices: tuple[rules.Choice, ...]
    quantity: int
    left: int
    stages: tuple[rules.Stage, ...]
    net: Money

    @property
    def is_short(self) -> bool:
        return self.left < self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketShop:
    """One shop's part of the basket, and how it will come."""

    shop: ShopId
    name: rules.Names
    is_open: bool
    closed_why: ClosedWhy | None
    next_opening_at: datetime | None
    delivers: bool
    pools: bool
    fulfilment: rules.Fulfilment
    lines: tuple[BasketLine, ...]
    goods: Money
    prepared: Money
    delivery_fee: Money
    free_delivery_from: Money | None
    minutes_promised: int


@dataclass(frozen=True, slots=True)
class SharedRun:
    """From which goods on the shared run of the chosen slot is free of charge, and how much of that is missing yet."""

    free_from: Money
    missing: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketPage:
    """Everything in a person's basket in a community. `gone` are lines that are not sold here any more.

    `offered` is what couriers of the platform offer, where they bring the goods of any of its shops; `shared_run` when
    that is free, where any of it is brought and a shared run ever is.
    """

    community: CommunityId
    home: HomeId | None
    window: rules.Window | None
    shops: tuple[BasketShop, ...]
    gone: tuple[UUID, ...]
    gone_variants: tuple[VariantId, ...]
    locked: CheckoutId | None
    version: int
    drop_off: DropOff = DropOff.DOOR
    wished: tuple[DropOff, ...] = ()
    offered: Offered | None = None
    shared_run: SharedRun | None = None

    @property
    def total(self) -> Money:
        return Money.total(shop.goods + shop.delivery_fee for shop in self.shops)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for shop in self.shops for line in shop.lines)


class _Line(msgspec.Struct):
    id: UUID
    variant: VariantId
    options: tuple[OptionId, ...]
    quantity: int


class _Basket(msgspec.Struct):
    home: HomeId | None
    choices: dict[ShopId, rules.Fulfilment]
    window_start: datetime | None
    window_end: datetime | None
    drop_off: DropOff | None
    wished: tuple[DropOff, ...]
    version: int
    locked: CheckoutId | None
    lines: list[_Line]

    @property
    def window(self) -> rules.Window | None:
        if self.window_start is None or self.window_end is None:
            return None
        return rules.Window(self.window_start, self.window_end)


_NOTHING = _Basket(None, {}, None, None, None, (), 0, None, [])
_decode = msgspec.json.Decoder(_Basket).decode


def only_home(scope: Scope) -> HomeId | None:
    """This will tell which home somebody means who says none; None for who has several."""
    return scope.homes[0] if len(scope.homes) == 1 else None


@query
def basket_page(scope: Scope, *, community: CommunityId, at: datetime) -> BasketPage:
    """This will show a person's basket in a community, at the prices and with the stock of now."""
    if community not in scope.communities:
        raise NotFound("community")
    basket = _basket(scope, community, at)
    wanted = [line.variant for line in basket.lines]
    prices = catalogue.prices(community=community, variants=wanted) if wanted else {}
    left = stock.available(variants=list(prices), at=at) if prices else {}
    by_shop: dict[ShopId, list[BasketLine]] = {}
    gone: list[_Line] = []
    for line in basket.lines:
        priced = prices.get(line.variant)
        if priced is None or not set(line.options) <= priced.options.keys():
            gone.append(line)
        else:
            by_shop.setdefault(priced.shop, []).append(_line(line, priced, left.get(line.variant, 0)))
    when = basket.window.start if basket.window else at
    terms = shops.sale_terms(community=community, shops=list(by_shop), at=when) if by_shop else {}
    pooling = [shop for shop, sale in terms.items() if sale.carrier is Carrier.POOL]
    offered = delivery.offered(community=community, shops=pooling, at=at) if pooling else None
    shown = [_shop(terms[shop], lines, basket.choices.get(shop), offered) for shop, lines in by_shop.items()]
    slot = offered.slot_at(basket.window.start if basket.window else None) if offered else None
    return BasketPage(
        community=community,
        home=basket.home,
        window=basket.window,
        shops=tuple(_with_fees(shown, offered, slot) if offered else shown),
        gone=tuple(line.id for line in gone),
        gone_variants=tuple(line.variant for line in gone),
        locked=basket.locked,
        version=basket.version,
        drop_off=basket.drop_off or first_place(offered.terms.places if offered else (), basket.wished),
        wished=basket.wished,
        offered=offered,
        shared_run=_shared_run(shown, offered, slot) if offered else None,
    )


def _basket(scope: Scope, community: CommunityId, at: datetime) -> _Basket:
    row = sql.fetch_one(
        "SELECT (to_jsonb(b) || jsonb_build_object("
        "'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) ORDER BY l.id), '[]')"
        " FROM orders_basket_line AS l WHERE l.basket_id = b.id),"
        " 'wished', delivery_wished(coalesce(b.home, %s)),"
        " 'locked', (SELECT c.id FROM orders_checkout AS c WHERE c.basket_id = b.id AND c.state = 'locked'"
        " AND c.due_at > %s AND c.basket_version = b.version)))::text"
        " FROM orders_basket AS b WHERE b.person = %s AND b.community = %s",
        only_home(scope),
        at,
        scope.person,
        community,
    )
    return _decode(row[0]) if row else _NOTHING


def _line(line: _Line, priced: PricedVariant, left: int) -> BasketLine:
    choices = tuple(
        rules.Choice(option=o, name=priced.options[o].name, price=priced.options[o].price) for o in line.options
    )
    stages = rules.stages(
        rules.Goods(
            variant=priced.variant,
            listing=priced.listing,
            shop=priced.shop,
            title=priced.name,
            label=priced.label,
            kind=priced.kind,
            list_price=priced.list_price,
            place_price=priced.price,
            choices=choices,
            quantity=line.quantity,
        )
    )
    return BasketLine(
        line=line.id,
        variant=line.variant,
        title=priced.name,
        label=priced.label,
        kind=Kind(priced.kind),
        choices=choices,
        quantity=line.quantity,
        left=left,
        stages=stages,
        net=Money.total(stage.amount for stage in stages),
    )


def _shop(
    terms: SaleTerms, lines: list[BasketLine], chosen: rules.Fulfilment | None, offered: Offered | None
) -> BasketShop:
    delivers = terms.carrier is Carrier.SHOP
    pools = terms.carrier is Carrier.POOL and offered is not None and offered.zone is not None
    possible = _possible(delivers, pools)
    fulfilment = chosen if chosen in possible else possible[-1]
    goods = Money.total(line.net for line in lines)
    return BasketShop(
        shop=terms.shop,
        name=terms.name,
        is_open=terms.is_open,
        closed_why=terms.closed_why,
        next_opening_at=terms.next_opening_at,
        delivers=delivers,
        pools=pools,
        fulfilment=fulfilment,
        lines=tuple(lines),
        goods=goods,
        prepared=Money.total(line.net for line in lines if line.kind is Kind.PREPARED),
        delivery_fee=rules.delivery_fee(goods, fulfilment, fee=terms.delivery_fee, free_from=terms.free_delivery_from),
        free_delivery_from=terms.free_delivery_from,
        minutes_promised=terms.minutes_promised,
    )


def _possible(delivers: bool, pools: bool) -> tuple[rules.Fulfilment, ...]:
    """The ways a shop's goods may come; the last is taken where nothing is chosen."""
    ways = rules.Fulfilment
    if pools:
        return ways.PICK_UP, ways.NOW, ways.ALONE, ways.POOLED
    return (ways.PICK_UP, ways.SHOP_DELIVERY) if delivers else (ways.PICK_UP,)


def _shared_run(shown: Sequence[BasketShop], offered: Offered, slot: OfferedSlot | None) -> SharedRun | None:
    """All that couriers bring counts, whichever way is chosen now: so much of it would be on the run."""
    brought = [shop.goods for shop in shown if shop.fulfilment.way]
    free_from = offered.free_from(slot)
    if not brought or free_from is None:
        return None
    return SharedRun(free_from, max(Money.zero, free_from - Money.total(brought)))


def _with_fees(shown: Sequence[BasketShop], offered: Offered, slot: OfferedSlot | None) -> Iterator[BasketShop]:
    """One fee for what one run brings; here it stands at the first of its shops, at sale it is shared by value."""
    goods: dict[Way, Money] = {}
    for shop in shown:
        if (way := shop.fulfilment.way) and way is not Way.NOW:
            goods[way] = goods.get(way, Money.zero) + shop.goods
    told: set[Way] = set()
    for shop in shown:
        way = shop.fulfilment.way
        if way is None:
            yield shop
        elif way in told:
            yield replace(shop, delivery_fee=Money.zero)
        else:
            if way is not Way.NOW:
                told.add(way)
            yield replace(shop, delivery_fee=offered.fee(way, goods.get(way, shop.goods), slot))
