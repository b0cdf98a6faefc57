"""Orders in plain Python: the whole of what the SQL functions do, without a database. The oracle of the hot writes.

It knows an order's state, its stock and every account of its money; it decides by the same rules and writes by its own
few lines, so that a slip in SQL (a lost leg, a doubled unit, a forgotten release) shows as a difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from linli.kernel.money import Money
from linli.trade.orders import rules
from linli.trade.orders.rules import Canceller, OrderState, OrderVerb, RefundAsk

TAKEN = {OrderState.READY, OrderState.IN_DELIVERY, OrderState.COMPLETED, OrderState.CLOSED}
VERBS: dict[str, OrderVerb] = {
    "accept": OrderVerb.ACCEPT,
    "prepare": OrderVerb.PREPARE,
    "dispatch": OrderVerb.DISPATCH,
}


class Refused(Exception):
    """The oracle says no."""


@dataclass
class OracleOrder:
    """One order and all that it moves; `stock` is shared with other orders of the same variant."""

    lines: dict[int, rules.SoldLine]
    fee: Money
    stock: Counter[str]
    company: bool
    state: OrderState = OrderState.PLACED
    fee_refunded: Money = Money.zero
    reserved: int = 0
    taken: int = 0
    accounts: Counter[str] = field(default_factory=Counter)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines.values())

    @property
    def total(self) -> Money:
        return Money.total(line.net for line in self.lines.values()) + self.fee

    @property
    def earned(self) -> rules.Shares:
        return sum((rules.still_earned(line) for line in self.lines.values()), rules.NOTHING)

    @property
    def fee_left(self) -> Money:
        return self.fee - self.fee_refunded

    def place(self) -> None:
        if self.stock["on_hand"] - self.stock["reserved"] < self.units:
            raise Refused("stock")
        self.reserved = self.units
        self.stock["reserved"] += self.units

    def _go(self, verb: OrderVerb) -> None:
        if not rules.ORDER_LIFE.allows(self.state, verb):
            raise Refused(verb)
        self.state = rules.ORDER_LIFE.after(self.state, verb)

    def move(self, word: str) -> None:
        self._go(VERBS[word])

    def pay(self) -> None:
        self._go(OrderVerb.PAY)
        self.accounts["escrow"] -= self.total.minor
        self.accounts["clearing"] += self.total.minor

    def finish(self) -> None:
        self._go(OrderVerb.FINISH)
        self.stock["reserved"] -= self.reserved
        self.stock["on_hand"] -= self.reserved
        self.taken, self.reserved = self.reserved, 0

    def complete(self) -> None:
        self._go(OrderVerb.COMPLETE)
        earned = self.earned
        self._post("escrow", earned.total + self.fee_left)
        self._post("merchant", -earned.merchant)
        self._post("company" if self.company else "platform", -earned.company)
        self._post("platform", -earned.platform)
        self._post("delivery", -self.fee_left)

    def close(self) -> None:
        self._go(OrderVerb.CLOSE)

    def refuse(self) -> None:
        self._go(OrderVerb.REFUSE)
        self._end()

    def cancel(self, by: Canceller) -> None:
        if not rules.may_cancel(by, self.state):
            raise Refused("cancel")
        self._go(OrderVerb.CANCEL)
        self._end()

    def expire(self) -> None:
        if self.state is not OrderState.PLACED:
            raise Refused("expire")
        self._go(OrderVerb.CANCEL)
        self._let_go()

    def refund(self, ask: RefundAsk, nth: int, *, with_fee: bool, restock: bool) -> None:
        if self.state in rules.ORDER_LIFE.ends or self.state is OrderState.PLACED:
            raise Refused("over")
        by_id = {line.line: line for line in self.lines.values()}
        try:
            (back,) = rules.refund_lines(by_id, [ask])
        except rules.NotRefundable as error:
            raise Refused(error.reason) from error
        line = self.lines[nth]
        fee = self.fee_left if with_fee else Money.zero
        all_gone = Money.total(each.left for each in self.lines.values()) == back.amount
        if all_gone and self.state is not OrderState.COMPLETED:
            self._go(OrderVerb.CANCEL)
            self._end()
            return
        self.lines[nth] = replace(
            line, refunded=line.refunded + back.amount, refunded_quantity=line.refunded_quantity + back.quantity
        )
        self.fee_refunded += fee
        self._post("in_transit", -(back.amount + fee))
        if self.state is OrderState.COMPLETED:
            self._post("merchant", back.shares.merchant)
            self._post("company", back.shares.company)
            self._post("platform", back.shares.platform)
            self._post("delivery", fee)
        else:
            self._post("escrow", back.amount + fee)
        if self.state not in TAKEN:
            self.reserved -= back.quantity
            self.stock["reserved"] -= back.quantity
        elif restock:
            self.taken -= back.quantity
            self.stock["on_hand"] += back.quantity

    def _end(self) -> None:
        left = Money.total(line.left for line in self.lines.values()) + self.fee_left
        self._post("escrow", left)
        self._post("in_transit", -left)
        back = sum(line.quantity_left for line in self.lines.values()) if self.taken else 0
        self.stock["on_hand"] += back
        self.taken -= back
        self._let_go()
        self.lines = {
            n: replace(line, refunded=line.net, refunded_quantity=line.quantity) for n, line in self.lines.items()
        }
        self.fee_refunded = self.fee

    def _let_go(self) -> None:
        self.stock["reserved"] -= self.reserved
        self.reserved = 0

    def _post(self, account: str, amount: Money) -> None:
        self.accounts[account] += amount.minor
