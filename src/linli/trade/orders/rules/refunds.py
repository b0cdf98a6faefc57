"""Refunds: by line, by units or by an amount, never more than the line cost, each payee giving back its part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.kernel.ids import LineId
from linli.kernel.money import Money
from linli.trade.orders.rules.shares import Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A line as sold and what was given back of it so far."""

    line: LineId
    quantity: int
    net: Money
    shares: Shares
    refunded_quantity: int = 0
    refunded: Money = Money.zero

    @property
    def left(self) -> Money:
        return self.net - self.refunded

    @property
    def quantity_left(self) -> int:
        return self.quantity - self.refunded_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsk:
    """What somebody wants back of a line: so many units, or an amount where the goods are kept."""

    line: LineId
    quantity: int = 0
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What goes back of a line, and out of whose part."""

    line: LineId
    quantity: int
    amount: Money
    shares: Shares


class NotRefundable(ValueError):
    """`reason` says which of the asked things cannot be given back."""

    def __init__(self, nth: int, reason: str) -> None:
        super().__init__(reason)
        self.nth = nth
        self.reason = reason


def given_back(of: Shares, refunded: Money) -> Shares:
    """This will divide everything refunded of a line so far between those who earn of it.

    It depends on the sum alone, not on the steps that led there, and grows in every part when the sum grows: so no
    refund ever pays a payee, and the last one brings each to exactly zero.
    """
    kept = of.total - refunded
    commission = of.commission.split((refunded.minor, kept.minor))[0] if of.total else Money.zero
    rest = of.commission - commission
    company = of.company.split((commission.minor, rest.minor))[0] if of.commission else Money.zero
    return Shares(merchant=refunded - commission, company=company, platform=commission - company)


def still_earned(line: SoldLine) -> Shares:
    """This will give what the payees have of a line after its refunds."""
    return line.shares - given_back(line.shares, line.refunded)


def of_units(line: SoldLine, quantity: int) -> Money:
    """This will give what so many units bring back: each the same whole fen, and the last one all that is left."""
    if quantity == line.quantity_left:
        return line.left
    return min(Money(line.net.minor // line.quantity) * quantity, line.left)


def refund_lines(lines: Mapping[LineId, SoldLine], asked: Sequence[RefundAsk]) -> tuple[RefundedLine, ...]:
    """This will compute a refund, or raise `NotRefundable` for the first thing that cannot be given back."""
    found = []
    seen: set[LineId] = set()
    for nth, ask in enumerate(asked):
        line = lines.get(ask.line)
        if line is None or ask.line in seen:
            raise NotRefundable(nth, "unknown_line" if line is None else "named_twice")
        seen.add(ask.line)
        amount = _amount(nth, line, ask)
        reversed_ = given_back(line.shares, line.refunded + amount) - given_back(line.shares, line.refunded)
        found.append(RefundedLine(line=ask.line, quantity=ask.quantity, amount=amount, shares=reversed_))
    return tuple(found)


def _amount(nth: int, line: SoldLine, ask: RefundAsk) -> Money:
    if ask.quantity < 0 or (ask.quantity == 0) == (ask.amount is None):
        raise NotRefundable(nth, "units_or_amount")
    if ask.quantity > line.quantity_left:
        raise NotRefundable(nth, "too_many_units")
    amount = ask.amount if ask.amount is not None else of_units(line, ask.quantity)
    if amount <= Money.zero:
        raise NotRefundable(nth, "nothing_left")
    if amount > line.left:
        raise NotRefundable(nth, "more_than_paid")
    return amount


def clipped(lines: Mapping[LineId, SoldLine], asked: Sequence[RefundAsk]) -> tuple[RefundAsk, ...]:
    """This will shorten a request to what is left of its lines by now."""
    found = []
    for ask in asked:
        line = lines[ask.line]
        units = min(ask.quantity, line.quantity_left)
        amount = None if ask.amount is None else min(ask.amount, line.left)
        if line.left and (units or amount):
            found.append(RefundAsk(line=ask.line, quantity=units, amount=amount))
    return tuple(found)


def everything_left(lines: Mapping[LineId, SoldLine]) -> tuple[RefundedLine, ...]:
    """This will refund whatever the lines still hold, when an order is refused or cancelled."""
    return tuple(
        RefundedLine(line=line.line, quantity=line.quantity_left, amount=line.left, shares=still_earned(line))
        for line in lines.values()
        if line.left or line.quantity_left
    )
