"""The lives of a settlement line and of a payout, how long money is held, and from where it is taken back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linli.ground.policies.rules import Policy, setting
from linli.kernel.ids import CollectionId, CommunityId, OrderId, PartyId, PayoutId
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.money.ledger.rules import delivery_waterfall, merchant_waterfall, property_waterfall

MOST_HOLD_DAYS = 60
RECEIVER = re.compile(r"[A-Za-z0-9_-]{6,64}")
LEAST_DIGITS, MOST_DIGITS = 8, 32


class PayoutPolicy(Policy):
    """When money leaves the house, where nobody has said better for the payee itself (the tier shortens it)."""

    word = "payouts"
    says = _("When money leaves the house")
    merchant_hold_days: int = setting(7, low=0, high=MOST_HOLD_DAYS, says=_("Days that a merchant's money is held"))
    property_hold_days: int = setting(1, low=0, high=MOST_HOLD_DAYS, says=_("Days that a company's share is held"))
    courier_hold_days: int = setting(1, low=0, high=MOST_HOLD_DAYS, says=_("Days that a courier's pay is held"))
    minimum: Money = setting(Money(100), low=Money(0), says=_("Less than this waits for the next payout"))

    def hold_days(self, kind: Kind) -> int:
        """This will give the days for a kind of payee."""
        return {
            Kind.MERCHANT: self.merchant_hold_days,
            Kind.PROPERTY: self.property_hold_days,
            Kind.COURIER: self.courier_hold_days,
        }[kind]


class Way(StrEnum):
    """How a payout leaves: from the custody account, or as a share of a charge that the provider holds."""

    CUSTODY = "custody"
    SPLIT = "split"


class Kind(StrEnum):
    MERCHANT = "merchant"
    PROPERTY = "property"
    COURIER = "courier"


class LineState(StrEnum):
    PENDING = "pending"
    AVAILABLE = "available"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    REVERSAL = "reversal"


class LineVerb(StrEnum):
    RELEASE = "release"
    CLAIM = "claim"
    SETTLE = "settle"
    REOPEN = "reopen"


LINE_LIFE = Life(
    birth=LineState.PENDING,
    moves={
        (LineState.PENDING, LineVerb.RELEASE): LineState.AVAILABLE,
        (LineState.AVAILABLE, LineVerb.CLAIM): LineState.IN_PAYOUT,
        (LineState.IN_PAYOUT, LineVerb.SETTLE): LineState.PAID,
        (LineState.IN_PAYOUT, LineVerb.REOPEN): LineState.AVAILABLE,
        (LineState.PAID, LineVerb.REOPEN): LineState.AVAILABLE,
    },
)


class PayoutState(StrEnum):
    """`accepted` is the bank's promise, `settled` the bank's own booking."""

    DRAWN = "drawn"
    SENT = "sent"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    FAILED = "failed"
    RETURNED = "returned"


class PayoutVerb(StrEnum):
    SEND = "send"
    ACCEPT = "accept"
    SETTLE = "settle"
    FAIL = "fail"
    RETURN = "return"


_UNSETTLED = (PayoutState.DRAWN, PayoutState.SENT, PayoutState.ACCEPTED)
PAYOUT_LIFE = Life(
    birth=PayoutState.DRAWN,
    moves={
        (PayoutState.DRAWN, PayoutVerb.SEND): PayoutState.SENT,
        (PayoutState.SENT, PayoutVerb.SEND): PayoutState.SENT,
        (PayoutState.DRAWN, PayoutVerb.ACCEPT): PayoutState.ACCEPTED,
        (PayoutState.SENT, PayoutVerb.ACCEPT): PayoutState.ACCEPTED,
        **{(state, PayoutVerb.SETTLE): PayoutState.SETTLED for state in _UNSETTLED},
        **{(state, PayoutVerb.FAIL): PayoutState.FAILED for state in _UNSETTLED},
        **{(state, PayoutVerb.RETURN): PayoutState.RETURNED for state in (*_UNSETTLED, PayoutState.SETTLED)},
    },
)


class Signal(StrEnum):
    """What the bank told about a payout: three words by call-back, two by its own account lines."""

    SUCCEEDED = "transfer_succeeded"
    FAILED = "transfer_failed"
    RETURNED = "transfer_returned"
    BOOKED_OUT = "payout"
    BOOKED_BACK = "payout_return"


def state_after(state: PayoutState, signal: Signal) -> PayoutState:
    """This will say how a payout stands after a signal, in whatever order signals come; SQL decides alike."""
    verb = {
        Signal.SUCCEEDED: PayoutVerb.ACCEPT,
        Signal.FAILED: PayoutVerb.FAIL,
        Signal.RETURNED: PayoutVerb.RETURN,
        Signal.BOOKED_OUT: PayoutVerb.SETTLE,
        Signal.BOOKED_BACK: PayoutVerb.RETURN,
    }[signal]
    return PAYOUT_LIFE.after(state, verb) if PAYOUT_LIFE.allows(state, verb) else state


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """What one payee earned with one order; without `available_at` the payee's hold days decide."""

    payee: PartyId
    kind: Kind
    order: OrderId
    community: CommunityId
    amount: Money
    available_at: datetime | None = None
    collection: CollectionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """A part of what a payee earned with an order, to be taken back."""

    payee: PartyId
    kind: Kind
    order: OrderId
    community: CommunityId
    amount: Money


def waterfall_of(item: TakeBack) -> tuple[str, ...]:
    """This will list the accounts from which something is taken back, in order (SQL: `payouts_waterfall`)."""
    match item.kind:
        case Kind.MERCHANT:
            return merchant_waterfall(item.payee)
        case Kind.PROPERTY:
            return property_waterfall(item.payee, item.community)
        case Kind.COURIER:
            return delivery_waterfall(item.payee)


def recall_reference(payout: PayoutId) -> str:
    """This will name the return of a share, so that the name alone leads back to its payout."""
    return f"{payout}-1"


def net(gross: Money, owed: Money) -> tuple[Money, Money]:
    """This will set what a payee owes off against what it gets: what is netted, and what is paid out."""
    netted = Money(max(0, min(gross.minor, owed.minor)))
    return netted, gross - netted


def resend_at(calls: int, *, at: datetime) -> datetime:
    """This will say when a payout that the bank has not answered is sent again, under the same id."""
    return at + timedelta(seconds=min(60 * 2 ** min(calls, 6), 3600))


def checked_account(account: str) -> str:
    """This will give the digits of a bank account that somebody typed, or refuse what is none."""
    digits = account.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and LEAST_DIGITS <= len(digits) <= MOST_DIGITS):
        raise Invalid(
            "account",
            _("An account number has {least} to {most} digits"),
            least=LEAST_DIGITS,
            most=MOST_DIGITS,
        )
    return digits
