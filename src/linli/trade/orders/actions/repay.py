"""Money back: who gives it up, what is posted and written. Private to the actions; the rules compute the amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel import ids
from linli.kernel.facts import Fact
from linli.kernel.ids import LineId, PartyId, RefundId
from linli.kernel.money import Money
from linli.money.ledger.rules import DELIVERY_FEES, PLATFORM_COMMISSION, debit, order_escrow
from linli.spine import sql
from linli.spine.scope import Scope
from linli.trade.orders import events, rules
from linli.trade.orders.actions.held import HeldOrder, facts_json
from linli.trade.orders.actions.owed import asks, watching

TAKEN = frozenset(
    {rules.OrderState.READY, rules.OrderState.IN_DELIVERY, rules.OrderState.AT_PICKUP_POINT, rules.OrderState.COMPLETED}
)
"""From here on the goods have left the stock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repayment:
    """What goes back to the buyer of an order, and why; `said` where who grants a request says something else to it."""

    refund: RefundId
    lines: tuple[rules.RefundedLine, ...]
    fee: Money
    reason: str
    said: str | None = None
    verb: rules.RefundVerb = rules.RefundVerb.GRANT
    asked_by: PartyId | None = None
    asked_at: datetime | None = None
    by_amount: frozenset[LineId] = frozenset()
    restock: bool = False
    frees_goods: bool = True

    @property
    def shares(self) -> rules.Shares:
        return sum((line.shares for line in self.lines), rules.NOTHING)

    @property
    def amount(self) -> Money:
        return Money.total(line.amount for line in self.lines) + self.fee


def everything(held: HeldOrder, reason: str) -> Repayment:
    """This will give back all that an order still holds, because it will not be served; its goods go their own way."""
    return Repayment(
        refund=RefundId(ids.new()),
        lines=rules.everything_left(held.sold_lines),
        fee=held.fee_left,
        reason=reason,
        frees_goods=False,
    )


def repay(scope: Scope, held: HeldOrder, back: Repayment, *, at: datetime, told: Sequence[Fact] = ()) -> None:
    """This will pay a buyer back: before completion out of the escrow, afterwards out of what the payees have.

    Of an order that is still to be paid in cash nothing goes back: the rest is asked instead.
    """
    if held.is_completed:
        legs = [debit(PLATFORM_COMMISSION, back.shares.platform)]
        if held.carrier is None:
            legs.append(debit(DELIVERY_FEES, back.fee))
    else:
        legs = [debit(order_escrow(held.id), back.amount)]
    fact = held.told(events.OrderRefunded, at, refund=back.refund, amount=back.amount)
    unpaid = bool(held.to_pay)
    body: dict[str, object] = {
        "refund": {
            "id": back.refund,
            "order_id": held.id,
            "shop": held.shop,
            "buyer": held.buyer,
            "state": rules.RefundState.REPAID if unpaid else rules.RefundState.GRANTED,
            "reason": back.reason,
            "with_fee": bool(back.fee),
            "restock": back.restock,
            "asked_by": back.asked_by,
            "amount_minor": back.amount.minor,
            "fee_minor": back.fee.minor,
            "asked_at": back.asked_at or at,
            "settled_at": at,
        },
        "lines": [
            {
                "id": ids.new(),
                "refund_id": back.refund,
                "line_id": line.line,
                "quantity": line.quantity,
                "amount_minor": line.amount.minor,
                "by_amount": line.line in back.by_amount,
            }
            for line in back.lines
        ],
        "move": {
            "verb": back.verb,
            "role": scope.role.value,
            "person": scope.person,
            "why": back.reason if back.said is None else back.said,
        },
        "collection": held.collection,
        "legs": [{"address": leg.address, "minor": leg.amount.minor} for leg in legs if leg.amount],
        "earnings": _reversed(held, back) if held.is_completed else [],
        "goods": _returning(held, back),
        "facts": facts_json([*told, fact]),
    }
    if unpaid:
        body["instead"] = asks(held, held.to_pay - back.amount, at=at)
    with watching():
        sql.fetch("SELECT orders_refund(%s, %s)", sql.as_json(body), at)


def _reversed(held: HeldOrder, back: Repayment) -> list[dict[str, object]]:
    shares = back.shares
    parts = [(held.merchant, "merchant", shares.merchant)]
    if held.carrier:
        parts.append((held.carrier, "courier", back.fee))
    if held.company:
        parts.append((held.company, "property", shares.company))
    return [
        {"payee": payee, "kind": kind, "community": held.community, "minor": amount.minor}
        for payee, kind, amount in parts
        if amount
    ]


def _returning(held: HeldOrder, back: Repayment) -> list[dict[str, object]]:
    """Units that will not be served are freed; of what was packed only what the shop says it took back."""
    if not back.frees_goods or (held.state in TAKEN and not back.restock):
        return []
    variants = {line.id: line.variant for line in held.lines}
    return [
        {"order": held.id, "variant": variants[line.line], "quantity": line.quantity}
        for line in back.lines
        if line.quantity
    ]
