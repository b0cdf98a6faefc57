"""What a payment event changes, decided once; the lives of refunds and differences; when to ask and try again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from uuid import UUID

from linli.ground.policies.rules import Policy, setting
from linli.kernel.ids import AgreementId, CollectionId, RefundId
from linli.kernel.life import Life
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.money.ledger.rules import psp_clearing
from linli.money.payments.gateways import protocol
from linli.money.payments.gateways.protocol import GatewayEvent
from linli.money.payments.gateways.withholding import DeclineReason

HOUSE = "house"
"""The source of events that nobody outside told: what we close ourselves, and sums of nothing."""
CASH = "cash"
BANK = "bank"
ASK_AGAIN_S = (30, 60, 120, 300, 600, 1800, 3600, 10_800, 43_200)
"""After so many seconds a charge that nobody has told us about is asked for; then the daily bill finds it."""
ARRIVAL_S = 60
"""The provider's page closes so long before the collection, so that the last payment still arrives in time."""
TRANSFER_TAKES = timedelta(days=2)
"""Between the payer's order and the line in the bank's file."""
REFUND_ATTEMPTS = 3
"""So often a refund that the provider failed is tried under a new reference; then an operator decides."""
PROVIDER_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The providers' day, in which bills are cut. China has kept one offset since 1991."""


SLIP_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SLIP_LENGTH = 10


class PaymentPolicy(Policy):
    """What was agreed with the providers on splitting, and the custody account that transfers come to."""

    word = "payments"
    says = _("How payments come in, and whether providers split them")

    held_for_split: bool = setting(
        default=False, says=_("Whether providers hold payments and pay the payees' shares out of them")
    )
    split_most_bp: int = setting(
        3000, low=0, high=10_000, says=_("Most of a payment that the provider splits, in basis points")
    )
    split_days: int = setting(30, low=2, high=360, says=_("Days for which the provider holds a payment for its shares"))
    deduct_notice_h: int = setting(
        0, low=0, high=720, says=_("Hours before a deduction in which the provider tells its payer; 0: it need not")
    )
    transfer_account_name: str = setting("", says=_("Name of the account for bank transfers"))
    transfer_account: str = setting("", says=_("Number of the account for bank transfers; without it none are taken"))
    transfer_bank: str = setting("", says=_("Bank of the account for bank transfers"))


class SlipKind(StrEnum):
    """How the reference of a slip begins: for a transfer, or for cash that is paid in."""

    TRANSFER = "LT"
    DEPOSIT = "LC"


class EventKind(StrEnum):
    AUTHORISATION = "authorisation"
    CHARGE = "charge"
    REFUND = "refund"
    CANCEL = "cancel"
    CHARGEBACK = "chargeback"


class Outcome(StrEnum):
    REQUEST = "request"
    SUCCESS = "success"
    FAILURE = "failure"


class Effect(StrEnum):
    """What an event changed."""

    NOTED = "noted"
    COLLECTED = "collected"
    CLOSED = "closed"
    AFTER_CLOSE = "after_close"
    AFTER_EXPIRY = "after_expiry"
    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN = "unknown"
    REFUNDED = "refunded"
    REFUND_TO_RETRY = "refund_to_retry"
    REFUND_FAILED = "refund_failed"
    REFUND_ASTRAY = "refund_astray"
    CHARGED_BACK = "charged_back"


TOO_LATE: dict[Effect, str] = {Effect.AFTER_CLOSE: "closed", Effect.AFTER_EXPIRY: "expired", Effect.TWICE: "twice"}
"""Effects that give the money back by itself, and the word that the fact `CollectedTooLate` says."""


class State(StrEnum):
    """How a collection stands; derived from its events, never stored."""

    OPEN = "open"
    CLOSED = "closed"
    COLLECTED = "collected"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class RefundState(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class RefundVerb(StrEnum):
    SEND = "send"
    CONFIRM = "confirm"
    RETRY = "retry"
    FAIL = "fail"


REFUND_LIFE = Life(
    birth=RefundState.REQUESTED,
    moves={
        (RefundState.REQUESTED, RefundVerb.SEND): RefundState.SENT,
        (RefundState.SENT, RefundVerb.SEND): RefundState.SENT,
        (RefundState.REQUESTED, RefundVerb.CONFIRM): RefundState.CONFIRMED,
        (RefundState.SENT, RefundVerb.CONFIRM): RefundState.CONFIRMED,
        (RefundState.FAILED, RefundVerb.CONFIRM): RefundState.CONFIRMED,
        (RefundState.SENT, RefundVerb.RETRY): RefundState.REQUESTED,
        (RefundState.SENT, RefundVerb.FAIL): RefundState.FAILED,
        (RefundState.FAILED, RefundVerb.RETRY): RefundState.REQUESTED,
    },
)
"""A failed refund may still be confirmed: the provider's last word is believed, whatever it said before."""


class AgreementState(StrEnum):
    ASKED = "asked"
    SIGNED = "signed"
    ENDING = "ending"
    """Nothing is deducted any more; the provider is still to be told."""
    ENDED = "ended"


class AgreementVerb(StrEnum):
    ASK = "ask"
    SIGN = "sign"
    LAPSE = "lapse"
    LEAVE = "leave"
    END = "end"


AGREEMENT_LIFE = Life(
    birth=AgreementState.ASKED,
    moves={
        (AgreementState.ASKED, AgreementVerb.SIGN): AgreementState.SIGNED,
        (AgreementState.ASKED, AgreementVerb.LAPSE): AgreementState.ENDING,
        (AgreementState.ASKED, AgreementVerb.LEAVE): AgreementState.ENDING,
        (AgreementState.ASKED, AgreementVerb.END): AgreementState.ENDED,
        (AgreementState.SIGNED, AgreementVerb.LEAVE): AgreementState.ENDING,
        (AgreementState.SIGNED, AgreementVerb.END): AgreementState.ENDED,
        (AgreementState.ENDING, AgreementVerb.END): AgreementState.ENDED,
    },
)
"""What nobody signed in time is ended at the provider as well, so that a late signature binds nobody. Word of a
signature that comes after the word of its end changes nothing."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A deduction to come, of which a provider tells its payer: at most so much."""

    notice: UUID
    agreement: AgreementId
    amount: Money


class Decline(StrEnum):
    """Why nothing was deducted; the last three are ours."""

    INSUFFICIENT = "insufficient"
    LIMIT = "limit"
    ENDED = "ended"
    REFUSED = "refused"
    EXPIRED = "expired"
    NO_ANSWER = "no_answer"


_DECLINES = {
    DeclineReason.INSUFFICIENT.value: Decline.INSUFFICIENT,
    DeclineReason.LIMIT.value: Decline.LIMIT,
    DeclineReason.AGREEMENT_ENDED.value: Decline.ENDED,
}


def decline_of(reason: str) -> Decline:
    """This will put a provider's reason into our words; one that we do not know is a refusal."""
    return _DECLINES.get(reason) or (Decline(reason) if reason in list(Decline) else Decline.REFUSED)


class DifferenceKind(StrEnum):
    """`CHANNEL_MISSING`: we know of it, the provider does not. `LOCAL_MISSING`: the other way round."""

    CHANNEL_MISSING = "CHANNEL_MISSING"
    LOCAL_MISSING = "LOCAL_MISSING"
    AMOUNT_MISMATCH = "AMOUNT_MISMATCH"
    STATUS_MISMATCH = "STATUS_MISMATCH"
    REFUND_MISMATCH = "REFUND_MISMATCH"


class DifferenceState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event in our words, whoever told it: a call-back, an answer to our question, the bill, a cash desk.

    `address` is the account where the money arrived (or from where it left); `fee_minor` of a refund is negative where
    the provider gives its fee back.
    """

    source: str
    kind: EventKind
    outcome: Outcome
    reference: str
    provider_reference: str
    address: str
    amount: Money
    fee: Money
    currency: str
    occurred_at: datetime
    reason: str = ""

    @property
    def external_id(self) -> str:
        """The same thing told twice has the same name, by whichever way it came: a charge succeeds once."""
        return f"{self.kind}:{self.outcome}:{self.reference}"


_BY_PROVIDER = {
    protocol.EventKind.CHARGE_PAID: (EventKind.CHARGE, Outcome.SUCCESS),
    protocol.EventKind.CHARGE_DECLINED: (EventKind.CHARGE, Outcome.FAILURE),
    protocol.EventKind.REFUND_SUCCEEDED: (EventKind.REFUND, Outcome.SUCCESS),
    protocol.EventKind.REFUND_FAILED: (EventKind.REFUND, Outcome.FAILURE),
}


_BY_SIGNER = {
    protocol.EventKind.AGREEMENT_SIGNED: AgreementVerb.SIGN,
    protocol.EventKind.AGREEMENT_ENDED: AgreementVerb.END,
}


def is_about_payout(event: GatewayEvent) -> bool:
    """This will tell whether an event is for payouts: it speaks of a transfer, of nothing else."""
    return event.kind not in _BY_PROVIDER and event.kind not in _BY_SIGNER


def signed_by(event: GatewayEvent) -> AgreementVerb | None:
    """This will read what an event says of an agreement; None where it speaks of money."""
    return _BY_SIGNER.get(event.kind)


def told_by(source: str, event: GatewayEvent) -> Told:
    """This will put a provider's event into our words; its money is on the provider's clearing account."""
    kind, outcome = _BY_PROVIDER[event.kind]
    return Told(
        source=source,
        kind=kind,
        outcome=outcome,
        reference=event.reference,
        provider_reference=event.provider_reference,
        address=psp_clearing(source),
        amount=Money(event.amount_minor),
        fee=Money(event.fee_minor),
        currency=event.currency,
        occurred_at=event.occurred_at,
        reason=event.reason,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a collection when an event arrives."""

    amount: Money
    currency: str
    expires_at: datetime
    collected: bool
    closed: bool


def effect_of_charge(told: Told, known: Known | None, *, at: datetime) -> Effect:
    """This will decide what the success of a charge changes; the SQL function `payments_record` decides alike."""
    if known is None:
        return Effect.UNKNOWN
    if told.amount != known.amount or told.currency != known.currency:
        return Effect.WRONG_AMOUNT
    if known.collected:
        return Effect.TWICE
    if known.closed:
        return Effect.AFTER_CLOSE
    if at >= known.expires_at:
        return Effect.AFTER_EXPIRY
    return Effect.COLLECTED


def effect_of_refund(
    told: Told, *, state: RefundState | None, amount: Money, reference: str, nth: int
) -> tuple[Effect, RefundState | None]:
    """This will decide what the outcome of a refund changes, and the state that follows."""
    if state is None:
        return Effect.UNKNOWN, None
    if told.outcome is Outcome.SUCCESS:
        if state is RefundState.CONFIRMED or told.amount != amount:
            return Effect.REFUND_ASTRAY, state
        return Effect.REFUNDED, RefundState.CONFIRMED
    if state is not RefundState.SENT or told.reference != reference:
        return Effect.NOTED, state
    if nth < REFUND_ATTEMPTS:
        return Effect.REFUND_TO_RETRY, RefundState.REQUESTED
    return Effect.REFUND_FAILED, RefundState.FAILED


def state_of(*, amount: Money, collected: bool, closed: bool, refunded: Money) -> State:
    """This will name how a collection stands; one that was given back in full never reads as paid."""
    if not collected:
        return State.CLOSED if closed else State.OPEN
    if refunded and refunded >= amount:
        return State.REFUNDED
    return State.PARTLY_REFUNDED if refunded else State.COLLECTED


def plan_balances(amount: Money, legs: Sequence[Money]) -> bool:
    """This will tell whether the money that comes in and the legs of the plan sum to zero."""
    return (amount + Money.total(legs)).minor == 0


_REFERENCE = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:-([0-9]{1,4}))?")


def charge_reference(collection: CollectionId, nth: int = 1) -> str:
    """This will name the nth charge of a collection, so that the name alone leads back to it."""
    return str(collection) if nth == 1 else f"{collection}-{nth}"


def refund_reference(refund: RefundId, nth: int = 1) -> str:
    """This will name the nth attempt of a refund; the first is the refund's own id."""
    return str(refund) if nth == 1 else f"{refund}-{nth}"


def thing_of(reference: str) -> UUID | None:
    """This will read the id back out of a reference that we made; None for one that we did not."""
    found = _REFERENCE.fullmatch(reference)
    return UUID(found[1]) if found else None


def next_ask_at(asked: int, *, at: datetime) -> datetime | None:
    """This will say when to ask again for a charge that has been asked for so often; None: no more."""
    return at + timedelta(seconds=ASK_AGAIN_S[asked]) if asked < len(ASK_AGAIN_S) else None


def transfer_before(issued_at: datetime, expires_at: datetime) -> datetime:
    """This will say until when a transfer should be made: two days early, or at half time, for banks are slow."""
    return max(expires_at - TRANSFER_TAKES, issued_at + (expires_at - issued_at) / 2)


def provider_day(at: datetime) -> date:
    """This will give the provider's day of an instant."""
    return at.astimezone(PROVIDER_ZONE).date()


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """This will give the instants between which a provider's day lies; the second belongs to the next."""
    start = datetime.combine(day, time.min, PROVIDER_ZONE)
    return start, start + timedelta(days=1)
