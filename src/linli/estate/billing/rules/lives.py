"""The lives and kinds of billing."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class Payer(StrEnum):
    """Who owes an item: the owner, or whoever rents the home where somebody does."""

    OWNER = "owner"
    TENANT = "tenant"


class LineKind(StrEnum):
    CHARGE = "charge"
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
