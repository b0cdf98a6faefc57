"""Waterfalls: from which accounts a payee's debt is taken, in which order, and what stays owed."""

from __future__ import annotations

from collections.abc import Mapping

from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.money.ledger.rules import chart
from linli.money.ledger.rules.journals import Leg, debit


def merchant_waterfall(merchant: PartyId) -> tuple[str, ...]:
    """This will list where a merchant's debt is taken from: pending, available, the deposit; the rest is owed."""
    return (
        chart.merchant_pending(merchant),
        chart.merchant_available(merchant),
        chart.guarantee_deposit(merchant),
        chart.merchant_receivable(merchant),
    )


def property_waterfall(company: PartyId, community: CommunityId) -> tuple[str, ...]:
    """This will list where a property company's debt is taken from: its share of that community; the rest is owed."""
    return (
        chart.property_pending(company, community),
        chart.property_available(company, community),
        chart.property_receivable(company),
    )


def delivery_waterfall(payee: PartyId) -> tuple[str, ...]:
    """This will list where a courier's or carrier's debt is taken from: what it earned; the rest is owed."""
    return (chart.delivery_payable(payee), chart.payee_receivable(payee))


def waterfall(amount: Money, balances: Mapping[str, Money]) -> tuple[Leg, ...]:
    """This will take an amount from the accounts in their order, each as far as it goes; the last takes the rest.

    `balances` are ledger balances (credit negative) in the order of the waterfall, its receivable last. Read them with
    `actions.hold_balances`, which keeps them true until the transaction ends. The legs are debits and sum to `amount`.
    """
    if amount < Money.zero or not balances:
        raise ValueError("a waterfall takes an amount from accounts")
    *guarded, last = balances
    legs, left = [], amount
    for address in guarded:
        taken = min(left, max(-balances[address], Money.zero))
        legs.append(debit(address, taken))
        left -= taken
    legs.append(debit(last, left))
    return tuple(leg for leg in legs if leg.amount)
