"""The lives and kinds of billing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import HomeId
from linli.kernel.life import Life


class Payer(StrEnum):
    """Who owes an item: the owner, or whoever rents the home where somebody does."""

    OWNER = "owner"
    TENANT = "tenant"


class SubjectKind(StrEnum):
    """What is charged: a home, or what nobody lives in and somebody owes for."""

    HOME = "home"
    SPACE = "space"
    CONTRACT = "contract"
    METER = "meter"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is charged; `home` is the one whose bills show it, of a home itself."""

    id: UUID
    kind: SubjectKind = SubjectKind.HOME
    home: HomeId | None = None


class LineKind(StrEnum):
    CHARGE = "charge"
    ONCE = "once"
    """One occasion outside the month: a repair, a permit, a booking."""
    LATE_FEE = "late_fee"
    OPENING = "opening"
    """Taken over from the books before ours."""
    CREDIT = "credit"


class Channel(StrEnum):
    """How money came."""

    CASH = "cash"
    POS = "pos"
    QR = "qr"
    BANK = "bank"
    ONLINE = "online"
    DEPOSIT = "deposit"
    """Out of a deposit that is held already."""
    WALLET = "wallet"
    """Out of what somebody keeps in their wallet."""
    TAKEN_OVER = "taken_over"
    """Paid in the books before ours, and taken over as credit of the home; no money came in to these."""

    def goes_back_by(self, back: Channel) -> bool:
        """This will tell whether money that came by this goes back so without a question: what came by card, code, bank
        or phone does not become cash, and what came on the phone does not go to another account.

        Into a wallet, or kept as fees paid in advance, it goes only where its payer chose that.
        """
        return back not in _OTHER_WAYS.get(self, ())


_OTHER_WAYS = {
    Channel.POS: (Channel.CASH,),
    Channel.QR: (Channel.CASH,),
    Channel.BANK: (Channel.CASH,),
    Channel.ONLINE: (Channel.CASH, Channel.BANK),
}


class MonthState(StrEnum):
    OPEN = "open"
    ISSUED = "issued"
    CLOSED = "closed"


class MonthVerb(StrEnum):
    DRAFT = "draft"
    ISSUE = "issue"
    CLOSE = "close"


MONTH_LIFE = Life(
    birth=MonthState.OPEN,
    moves={
        (MonthState.OPEN, MonthVerb.DRAFT): MonthState.OPEN,
        (MonthState.OPEN, MonthVerb.ISSUE): MonthState.ISSUED,
        (MonthState.ISSUED, MonthVerb.CLOSE): MonthState.CLOSED,
    },
)
"""A closed month takes no further payment on its day and no line; what must change is a line of a later month."""


class DepositState(StrEnum):
    ASKED = "asked"
    HELD = "held"
    SETTLED = "settled"
    LAPSED = "lapsed"


class DepositVerb(StrEnum):
    ASK = "ask"
    TAKE = "take"
    DEDUCT = "deduct"
    RETURN = "return"
    SETTLE = "settle"
    """Nothing is left of it."""
    LAPSE = "lapse"


DEPOSIT_LIFE = Life(
    birth=DepositState.ASKED,
    moves={
        (DepositState.ASKED, DepositVerb.TAKE): DepositState.HELD,
        (DepositState.ASKED, DepositVerb.LAPSE): DepositState.LAPSED,
        (DepositState.HELD, DepositVerb.DEDUCT): DepositState.HELD,
        (DepositState.HELD, DepositVerb.RETURN): DepositState.HELD,
        (DepositState.HELD, DepositVerb.SETTLE): DepositState.SETTLED,
    },
)
"""A deposit is asked for, held while it is needed, and settled when the last of it is deducted or given back."""


class WaiverState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


class WaiverVerb(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    LAPSE = "lapse"


WAIVER_LIFE = Life(
    birth=WaiverState.ASKED,
    moves={
        (WaiverState.ASKED, WaiverVerb.APPROVE): WaiverState.APPROVED,
        (WaiverState.ASKED, WaiverVerb.REFUSE): WaiverState.REFUSED,
        (WaiverState.ASKED, WaiverVerb.LAPSE): WaiverState.LAPSED,
    },
)
"""A waiver is asked for by one person and decided by another, in time, or it lapses."""


class InvoiceState(StrEnum):
    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"
    REVOKED = "revoked"


class InvoiceVerb(StrEnum):
    ISSUE = "issue"
    REFUSE = "refuse"
    REVOKE = "revoke"


INVOICE_LIFE = Life(
    birth=InvoiceState.ASKED,
    moves={
        (InvoiceState.ASKED, InvoiceVerb.ISSUE): InvoiceState.ISSUED,
        (InvoiceState.ASKED, InvoiceVerb.REFUSE): InvoiceState.REFUSED,
        (InvoiceState.ISSUED, InvoiceVerb.REVOKE): InvoiceState.REVOKED,
    },
)
"""An invoice is asked for by who paid, and issued or refused by the company; one that was issued may be taken back."""
