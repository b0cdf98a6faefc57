"""What has changed between the prices a checkout showed and the basket of now, for a buyer who has to decide again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linli.kernel.ids import CheckoutId, OptionId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import decoding, sql
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.queries.basket import BasketLine, BasketPage, BasketShop, basket_page


class ChangeKind(StrEnum):
    """What happened to a thing since it was shown."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    FEWER = "fewer"
    CLOSED = "closed"
    PRICE = "price"
    FEE = "fee"
    QUANTITY = "quantity"
    ADDED = "added"
    TAKEN_OUT = "taken_out"


IN_THE_WAY = frozenset({ChangeKind.GONE, ChangeKind.SOLD_OUT, ChangeKind.FEWER, ChangeKind.CLOSED})
"""With these nothing can be placed before the buyer has changed the basket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was shown: amounts are its whole line's, `left` is how many there still are."""

    kind: ChangeKind
    title: rules.Names
    before: Money | None = None
    after: Money | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that changed, and what the whole costs now."""

    found: tuple[Change, ...]
    before: Money
    after: Money
    is_empty: bool

    @property
    def can_go_on(self) -> bool:
        return not self.is_empty and not any(change.kind in IN_THE_WAY for change in self.found)


@query
def changes_since(scope: Scope, *, checkout: CheckoutId, at: datetime) -> Changes | None:
    """This will compare what a checkout showed with the basket of now; None when what it showed is forgotten."""
    row = sql.fetch_one("SELECT quote::text FROM orders_checkout WHERE id = %s AND buyer = %s", checkout, scope.person)
    if row is None:
        raise NotFound("checkout")
    if row[0] is None:
        return None
    shown = decoding.decode(row[0], rules.Quote)
    return compare(shown, basket_page(scope, community=shown.community, at=at))


def compare(shown: rules.Quote, now: BasketPage) -> Changes:
    """This will tell what of a quote is not so in a basket, what is in the way first."""
    found = [*_lines(shown, now), *_shops(shown, now)]
    order = list(ChangeKind)
    return Changes(
        found=tuple(sorted(found, key=lambda change: order.index(change.kind))),
        before=shown.total,
        after=now.total,
        is_empty=not now.pieces,
    )


_Key = tuple[VariantId, tuple[OptionId, ...]]


def _lines(shown: rules.Quote, now: BasketPage) -> Iterator[Change]:
    before: dict[_Key, rules.PricedLine] = {
        (line.goods.variant, tuple(c.option for c in line.goods.choices)): line
        for order in shown.orders
        for line in order.lines
    }
    after: dict[_Key, BasketLine] = {
        (line.variant, tuple(c.option for c in line.choices)): line for shop in now.shops for line in shop.lines
    }
    for key, old in before.items():
        new = after.get(key)
        if new is None:
            kind = ChangeKind.GONE if key[0] in now.gone_variants else ChangeKind.TAKEN_OUT
            yield Change(kind=kind, title=old.goods.title, before=old.net)
        else:
            yield from _line(old, new)
    for key, new in after.items():
        if key not in before:
            yield Change(kind=ChangeKind.ADDED, title=new.title, after=new.net)


def _line(old: rules.PricedLine, new: BasketLine) -> Iterator[Change]:
    if new.is_short:
        kind = ChangeKind.FEWER if new.left else ChangeKind.SOLD_OUT
        yield Change(kind=kind, title=new.title, left=new.left)
    if old.goods.quantity != new.quantity:
        yield Change(kind=ChangeKind.QUANTITY, title=new.title, before=old.net, after=new.net)
    elif old.net != new.net:
        yield Change(kind=ChangeKind.PRICE, title=new.title, before=old.net, after=new.net)


def _shops(shown: rules.Quote, now: BasketPage) -> Iterator[Change]:
    before: dict[ShopId, rules.PricedOrder] = {order.terms.shop: order for order in shown.orders}
    shop: BasketShop
    for shop in now.shops:
        old = before.get(shop.shop)
        if not shop.is_open:
            yield Change(kind=ChangeKind.CLOSED, title=shop.name)
        if old is not None and old.fulfilment.way is None and old.delivery_fee != shop.delivery_fee:
            yield Change(kind=ChangeKind.FEE, title=shop.name, before=old.delivery_fee, after=shop.delivery_fee)
