"""The lives and kinds of parking."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class SpaceKind(StrEnum):
    """Whose a space is: sold, let by the month, the company's own, or kept for visitors."""

    SOLD = "sold"
    MONTHLY = "monthly"
    INTERNAL = "internal"
    VISITOR = "visitor"


class StayKind(StrEnum):
    """As what a car is inside. Only a temporary stay is charged, and a booked one for what lies outside its booking."""

    RESIDENT = "resident"
    LISTED = "listed"
    """On the list of those who may always come in: staff, ambulances, suppliers."""
    BOOKED = "booked"
    """On a shared space whose hours were booked for its plate."""
    TEMPORARY = "temporary"


CHARGED = (StayKind.TEMPORARY, StayKind.BOOKED)
"""The kinds of stays that may cost something."""


class ListKind(StrEnum):
    ALLOWED = "allowed"
    BLOCKED = "blocked"


class SessionState(StrEnum):
    INSIDE = "inside"
    LEFT = "left"
    VOID = "void"


class SessionVerb(StrEnum):
    CORRECT = "correct"
    LEAVE = "leave"
    FORCE = "force"
    VOID = "void"
    FORGET = "forget"
    SETTLE = "settle"
    """A debt of a stay that is over is paid."""


SESSION_LIFE = Life(
    birth=SessionState.INSIDE,
    moves={
        (SessionState.INSIDE, SessionVerb.CORRECT): SessionState.INSIDE,
        (SessionState.INSIDE, SessionVerb.LEAVE): SessionState.LEFT,
        (SessionState.INSIDE, SessionVerb.FORCE): SessionState.LEFT,
        (SessionState.INSIDE, SessionVerb.VOID): SessionState.VOID,
        (SessionState.INSIDE, SessionVerb.FORGET): SessionState.VOID,
    },
)
"""A stay waits for its car to leave; one that nobody saw leaving is forgotten after the policy's days."""


class PaymentState(StrEnum):
    ASKED = "asked"
    ARRIVED = "arrived"
    LAPSED = "lapsed"


class PaymentVerb(StrEnum):
    ARRIVE = "arrive"
    LAPSE = "lapse"


PAYMENT_LIFE = Life(
    birth=PaymentState.ASKED,
    moves={
        (PaymentState.ASKED, PaymentVerb.ARRIVE): PaymentState.ARRIVED,
        (PaymentState.ASKED, PaymentVerb.LAPSE): PaymentState.LAPSED,
    },
)
"""An amount is told for the minutes of grace; what arrives later goes back by itself."""


class VoucherState(StrEnum):
    OFFERED = "offered"
    GIVEN = "given"
    USED = "used"
    ENDED = "ended"


class VoucherVerb(StrEnum):
    GIVE = "give"
    USE = "use"
    END = "end"


VOUCHER_LIFE = Life(
    birth=VoucherState.OFFERED,
    moves={
        (VoucherState.OFFERED, VoucherVerb.GIVE): VoucherState.GIVEN,
        (VoucherState.OFFERED, VoucherVerb.END): VoucherState.ENDED,
        (VoucherState.GIVEN, VoucherVerb.USE): VoucherState.USED,
        (VoucherState.GIVEN, VoucherVerb.END): VoucherState.ENDED,
    },
)
"""A code waits for its guest, a voucher for the car that it was given to; what is not used goes back to its stock."""

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def voucher_code(text: str) -> str:
    """This will read a code as people type it: small letters, spaces and dashes do not matter."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


class Channel(StrEnum):
    """How money for a stay came; cash, cards and codes are taken by hand."""

    CASH = "cash"
    POS = "pos"
    QR = "qr"
    ONLINE = "online"


class ExitOutcome(StrEnum):
    """What happened at the exit: out, something is due first, or nobody of this plate is known to be inside."""

    OUT = "out"
    PAY = "pay"
    UNKNOWN = "unknown"


class Terms(StrEnum):
    """How a giver of vouchers pays for them: before, or for what was used."""

    PREPAID = "prepaid"
    OWED = "owed"
    FREE = "free"
    """Granted by the company, which bears it."""
