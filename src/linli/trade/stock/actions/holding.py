"""Goods for orders: reserved with the checkout, kept when paid, taken when served, released or brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from django.db import DatabaseError
from psycopg import Error

from linli.kernel.ids import OrderId, VariantId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock.rules import MOST_UNITS

_SHORT = "LS001"
_TOO_MANY_BACK = "LS002"


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of a variant for an order."""

    order: OrderId
    variant: VariantId
    quantity: int


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a variant that came back: those that can be sold again, and those that are lost."""

    variant: VariantId
    sellable: int
    lost: int


class OutOfStock(Refusal):
    """Not enough is left; `variant` says of what. Nothing was held."""

    says = _("There is not enough of this left.")

    def __init__(self, variant: UUID) -> None:
        super().__init__(field="lines", variant=str(variant))


class NeverTaken(Refusal):
    """More would come back than the order was given."""

    says = _("More is being returned than was handed over.")

    def __init__(self, variant: UUID) -> None:
        super().__init__(field="lines", variant=str(variant))


@action(needs=May.PLACE_ORDER)
def reserve(_scope: Scope, *, lines: Sequence[Line], until: datetime, at: datetime) -> None:
    """This will hold every line of a checkout until a time, or refuse with OutOfStock and hold nothing."""
    _check(lines)
    row = sql.fetch_one("SELECT stock_reserve(%s::uuid[], %s::uuid[], %s::int[], %s, %s)", *_columns(lines), until, at)
    if row and row[0] is not None:
        raise OutOfStock(row[0])


@action(needs=May.RECORD_PAYMENT_EVENTS)
def keep(_scope: Scope, *, orders: Sequence[OrderId]) -> tuple[OrderId, ...]:
    """This will take the time limit off paid orders, and give those of which nothing is held any more."""
    row = sql.fetch_one("SELECT stock_keep(%s::uuid[])", list(orders))
    return tuple(OrderId(order) for order in row[0]) if row else ()


@action(needs=May.PLACE_ORDER)
def release(_scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> None:
    """This will free what is held for orders; freeing twice frees once."""
    sql.fetch("SELECT stock_release(%s::uuid[], %s)", list(orders), at)


@action(needs=May.FULFIL_ORDER)
def take(_scope: Scope, *, orders: Sequence[OrderId], at: datetime) -> None:
    """This will serve orders from the batches that expire first; OutOfStock when what was held has expired since."""
    _call("SELECT stock_take(%s::uuid[], %s)", list(orders), at)


@action(needs=May.REFUND_ORDER)
def give_back(_scope: Scope, *, lines: Sequence[Line], at: datetime) -> None:
    """This will free lines that are still held, and put what was served back into its batches."""
    _check(lines)
    _call("SELECT stock_return(%s::uuid[], %s::uuid[], %s::int[], %s)", *_columns(lines), at)


@action(needs=May.KEEP_STOCK, private=("why",))
def count_back(scope: Scope, *, order: OrderId, lines: Sequence[Back], why: str, at: datetime) -> None:
    """This will put what went out with an order and came back into its batches, and write off what is spoilt of it."""
    lines = [each for each in lines if each.sellable or each.lost]
    if not lines:
        return
    if any(each.sellable < 0 or each.lost < 0 or each.sellable + each.lost > MOST_UNITS for each in lines):
        raise Invalid("lines", _("A whole number is needed"))
    shops = catalogue.owners(variants=[each.variant for each in lines])
    if not all(each.variant in shops and (scope.is_inside or shops[each.variant] == scope.shop) for each in lines):
        raise NotFound("variant", field="lines")
    _call(
        "SELECT stock_count_back(%s, %s::uuid[], %s::int[], %s::int[], %s, %s)",
        order,
        [each.variant for each in lines],
        [each.sellable for each in lines],
        [each.lost for each in lines],
        why,
        at,
    )


@action(needs=May.RUN_CLOCKS)
def release_overdue(_scope: Scope, *, limit_at: datetime, most: int, at: datetime) -> int:
    """This will free what its owner left behind, and tell how many lines that were."""
    row = sql.fetch_one("SELECT stock_release_overdue(%s, %s)", limit_at, most)
    return row[0] if row else 0


def _check(lines: Sequence[Line]) -> None:
    for n, line in enumerate(lines):
        if not 0 < line.quantity <= MOST_UNITS:
            raise Invalid(f"lines.{n}.quantity", _("A whole number of at least 1 is needed"))


def _columns(lines: Sequence[Line]) -> tuple[list[OrderId], list[VariantId], list[int]]:
    return [line.order for line in lines], [line.variant for line in lines], [line.quantity for line in lines]


def _call(statement: LiteralString, *values: object) -> None:
    try:
        sql.fetch(statement, *values)
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, Error) and cause.sqlstate in (_SHORT, _TOO_MANY_BACK):
            variant = UUID(cause.diag.message_detail or "")
            raise (OutOfStock if cause.sqlstate == _SHORT else NeverTaken)(variant) from error
        raise
