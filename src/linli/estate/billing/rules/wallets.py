"""Wallets: money that a person keeps with a community's company, in buckets; which bucket pays what, and what may go
back.

What was earned from neighbours and the property bucket pay what a home is charged as such, in this order, and go
first; the general bucket pays everything. Nothing is ever below nothing, and what the buckets pay and what stays open
add up to what was open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from linli.estate.billing.rules.lives import LineKind
from linli.kernel.money import Money


class Bucket(StrEnum):
    EARNED = "earned"
    """What neighbours paid (for a parking space by the hour). It pays as the property bucket does, and never goes back:
    nobody is paid out."""
    PROPERTY = "property"
    """Pays fees of homes, their late fees and what was taken over, and nothing else."""
    GENERAL = "general"
    """Pays whatever the company charges."""


SPENDING_ORDER = (Bucket.EARNED, Bucket.PROPERTY, Bucket.GENERAL)
FILLED_BY_HAND = (Bucket.PROPERTY, Bucket.GENERAL)
"""Into which their owner may put money."""
OF_HOMES = frozenset({LineKind.CHARGE, LineKind.LATE_FEE, LineKind.OPENING})
"""What the earned and the property bucket may pay; a repair or a booking is paid by the general one."""


class OverpaidTo(StrEnum):
    """Where the rest of a payment goes that was more than all that was open."""

    HOME = "home"
    """Kept for the home's bills to come."""
    PROPERTY = "property"
    GENERAL = "general"


class WalletVerb(StrEnum):
    TOP_UP = "top_up"
    OVERPAY = "overpay"
    """The rest of a payment."""
    PAY = "pay"
    RETURN = "return"
    """A line that it had paid was paid back into it."""
    EARN = "earn"
    """A neighbour paid for what its owner shared."""
    KEEP = "keep"
    """What was left of a term that ended."""
    REFUND = "refund"
    """Given back to its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """An open line that a wallet is asked to pay."""

    line: int
    kind: LineKind
    open: Money


@dataclass(frozen=True, slots=True)
class Spent:
    """So much of a bucket pays so much of a line."""

    bucket: Bucket
    line: int
    amount: Money


def spend(balances: Mapping[Bucket, Money], lines: Iterable[Payable], most: Money | None = None) -> tuple[Spent, ...]:
    """This will pay lines in their order, by the buckets in theirs where they may; `most` limits the sum of it."""
    left, found = dict(balances), []
    rest = Money.total(left.values()) if most is None else most
    for line in lines:
        owed = line.open
        for bucket in SPENDING_ORDER:
            if bucket is not Bucket.GENERAL and line.kind not in OF_HOMES:
                continue
            paid = min(owed, left.get(bucket, Money.zero), rest)
            if paid > Money.zero:
                found.append(Spent(bucket, line.line, paid))
                left[bucket] -= paid
                owed, rest = owed - paid, rest - paid
    return tuple(found)


def payable_from(balances: Mapping[Bucket, Money], *, of_homes: Money, other: Money) -> Money:
    """This will tell how much of what is open the buckets may pay: of fees of homes, and of all else."""
    fees = min(
        of_homes, Money.total(balances.get(each, Money.zero) for each in SPENDING_ORDER if each is not Bucket.GENERAL)
    )
    return fees + min(of_homes - fees + other, balances.get(Bucket.GENERAL, Money.zero))


def refundable(bucket: Bucket, balance: Money, owed: Money) -> Money:
    """This will tell what may go back of a bucket: all of the general one; of the property one what is not needed for
    what its owner owes now for homes; of what was earned nothing."""
    if bucket is Bucket.EARNED:
        return Money.zero
    if bucket is Bucket.GENERAL:
        return balance
    return max(Money.zero, balance - owed)
