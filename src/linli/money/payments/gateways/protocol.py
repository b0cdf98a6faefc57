"""What a payment provider must be able to do, in our words; nothing above knows which provider is behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Protocol
from uuid import UUID

from msgspec import Meta

# Who mints a reference mints it once; a UUID fits, and so does a human label.
Reference = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{6,64}$")]
AmountMinor = Annotated[int, Meta(gt=0, le=1_000_000_000_000)]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
Instant = Annotated[datetime, Meta(tz=True)]
Words = Annotated[str, Meta(max_length=200)]
Link = Annotated[str, Meta(max_length=2000)]


class Channel(StrEnum):
    """How the payer's money reaches the provider. Cash never does."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK_TRANSFER = "bank_transfer"


class ChargeState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    CLOSED = "closed"
    DECLINED = "declined"
    """Of a deduction alone: nothing was taken, and under this reference nothing will be."""


class RefundState(StrEnum):
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class TransferState(StrEnum):
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RETURNED = "returned"


class EventKind(StrEnum):
    CHARGE_PAID = "charge_paid"
    CHARGE_DECLINED = "charge_declined"
    REFUND_SUCCEEDED = "refund_succeeded"
    REFUND_FAILED = "refund_failed"
    TRANSFER_SUCCEEDED = "transfer_succeeded"
    TRANSFER_FAILED = "transfer_failed"
    TRANSFER_RETURNED = "transfer_returned"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_ENDED = "agreement_ended"


class BillKind(StrEnum):
    """What a line of the bill is. The last three appear only where charges are held for a split."""

    CHARGE = "charge"
    REFUND = "refund"
    SPLIT = "split"
    SPLIT_RETURN = "split_return"
    RELEASE = "release"


class BillStatus(StrEnum):
    SUCCEEDED = "succeeded"
    REVERSED = "reversed"


class BankKind(StrEnum):
    SETTLEMENT = "settlement"
    PAYOUT = "payout"
    PAYOUT_RETURN = "payout_return"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A collection to prepare. `held_for_split` keeps the money frozen at the provider until split or released."""

    reference: Reference
    amount_minor: AmountMinor
    currency: Currency
    channel: Channel
    description: Words
    requested_at: Instant
    expires_at: Instant
    return_url: Link = ""
    held_for_split: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Where the payer can pay: open `pay_url`, or scan `qr_text`."""

    reference: str
    provider_reference: str
    pay_url: str
    qr_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeStatus:
    reference: str
    provider_reference: str
    state: ChargeState
    amount_minor: int
    currency: str
    channel: Channel
    fee_minor: int
    refunded_minor: int
    paid_at: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    reference: Reference
    charge_reference: Reference
    amount_minor: AmountMinor
    currency: Currency
    reason: Words
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundStatus:
    reference: str
    charge_reference: str
    provider_reference: str
    state: RefundState
    amount_minor: int
    currency: str
    fee_returned_minor: int
    reason: str
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A payout by the custody bank to somebody's own account."""

    reference: Reference
    amount_minor: AmountMinor
    currency: Currency
    receiver_name: Words
    receiver_account: Words
    receiver_bank: Words
    memo: Words
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStatus:
    reference: str
    provider_reference: str
    state: TransferState
    amount_minor: int
    currency: str
    reason: str
    finished_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitReceiver:
    receiver: Reference
    amount_minor: AmountMinor


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Shares of one held charge, paid by the provider itself to receivers it knows."""

    reference: Reference
    charge_reference: Reference
    receivers: Annotated[tuple[SplitReceiver, ...], Meta(min_length=1, max_length=50)]
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitReturn:
    """A share taken back from one receiver into the held charge, as a refund needs it."""

    reference: Reference
    split_reference: Reference
    receiver: Reference
    amount_minor: AmountMinor
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfreeze:
    """The end of splitting: what is left of the held charge becomes the merchant's own and is settled."""

    reference: Reference
    charge_reference: Reference
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStatus:
    """What one split, return or unfreeze moved, and what the held charge still holds after it."""

    reference: str
    charge_reference: str
    provider_reference: str
    moved_minor: int
    held_minor: int
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One movement of a provider's day; `net_minor` is what it adds to the settlement, a returned fee is negative."""

    kind: BillKind
    reference: str
    charge_reference: str
    provider_reference: str
    channel: Channel
    amount_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    status: BillStatus
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """One booking on the custody account; money that comes in is positive."""

    line_id: str
    kind: BankKind
    reference: str
    amount_minor: int
    currency: str
    booked_on: date
    counterpart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEvent:
    """One fact told by the provider; `event_id` stays the same however often it is told."""

    event_id: UUID
    kind: EventKind
    reference: str
    charge_reference: str
    provider_reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    occurred_at: Instant
    reason: str


class GatewayError(Exception):
    """Something at the provider did not go as asked."""


class GatewayUnavailable(GatewayError):
    """Nobody knows whether the call took effect: repeat it with the same reference, or ask."""


class GatewayRefused(GatewayError):
    """The provider understood and said no; repeating changes nothing."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class ForgedCallback(GatewayError):
    """The message was not signed by the provider, or not as it stands."""


class StaleCallback(GatewayError):
    """The message was once genuine, but is too old (or too early) to be taken."""


class PaymentGateway(Protocol):
    """A provider. Each call may be repeated with the same reference and content; other content under it is refused."""

    def prepare(self, charge: Charge) -> Prepared:
        """This will open a charge that somebody can pay until it expires."""

    def query_charge(self, reference: str) -> ChargeStatus:
        """This will ask how a charge stands."""

    def close_charge(self, reference: str) -> ChargeStatus:
        """This will close an unpaid charge; a charge that is paid already is answered as paid and stays so."""

    def request_refund(self, refund: Refund) -> RefundStatus:
        """This will give money back the way it came."""

    def query_refund(self, reference: str) -> RefundStatus:
        """This will ask how a refund stands."""

    def request_transfer(self, transfer: Transfer) -> TransferStatus:
        """This will pay out from the custody account."""

    def query_transfer(self, reference: str) -> TransferStatus:
        """This will ask how a payout stands."""

    def split(self, split: Split) -> SplitStatus:
        """This will pay shares of a held charge to receivers."""

    def return_split(self, split_return: SplitReturn) -> SplitStatus:
        """This will take a share back into the held charge."""

    def unfreeze(self, unfreeze: Unfreeze) -> SplitStatus:
        """This will end the splitting of a charge and release the rest."""

    def query_split(self, reference: str) -> SplitStatus:
        """This will ask what a split, a return or an unfreeze did."""

    def fetch_bill(self, day: date) -> Iterator[BillLine]:
        """This will read the provider's bill of a day (the provider's zone), line by line."""

    def fetch_bank_file(self, day: date) -> Iterator[BankLine]:
        """This will read what the custody bank booked on a day, line by line."""

    def verify_callback(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent:
        """This will read a call-back proven to come from the provider, now; raises ForgedCallback or StaleCallback."""
