"""What a payment provider must be able to do where payers agree to be charged without being asked each time.

A payer signs an *agreement* at the provider's own page, with a limit for one deduction. From then on a *deduction* is a
charge that nobody pays: the provider takes it, or declines. Either side ends the agreement. Not every provider does
this, so it is a protocol of its own beside `PaymentGateway`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from linli.money.payments.gateways.protocol import (
    AmountMinor,
    Channel,
    ChargeStatus,
    Currency,
    Instant,
    Link,
    Reference,
    Words,
)


class AgreementState(StrEnum):
    PENDING = "pending"
    SIGNED = "signed"
    ENDED = "ended"
    """By either side, or never signed in time."""


class DeclineReason(StrEnum):
    """Why a provider takes nothing, as it stands in the reason of a declined charge."""

    INSUFFICIENT = "insufficient_balance"
    LIMIT = "limit_exceeded"
    AGREEMENT_ENDED = "agreement_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a payer shall sign: so much at most at a time, for what `description` says."""

    reference: Reference
    most_minor: AmountMinor
    currency: Currency
    channel: Channel
    description: Words
    requested_at: Instant
    expires_at: Instant
    return_url: Link = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Where the payer can sign: open `sign_url`, or scan `qr_text`."""

    reference: str
    sign_url: str
    qr_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementStatus:
    """How an agreement stands; `provider_reference` is the provider's own number of it."""

    reference: str
    provider_reference: str
    state: AgreementState
    most_minor: int
    currency: str
    reason: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionNotice:
    """Word to the payer, by way of the provider, of a deduction to come: where the provider insists on it."""

    reference: Reference
    agreement_reference: Reference
    amount_minor: AmountMinor
    currency: Currency
    requested_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """A charge that the provider takes by itself; `notice_reference` is empty where none was given."""

    reference: Reference
    agreement_reference: Reference
    notice_reference: str = ""
    amount_minor: AmountMinor
    currency: Currency
    description: Words
    requested_at: Instant
    expires_at: Instant


@runtime_checkable
class WithholdingGateway(Protocol):
    """A provider with agreements. Each call may be repeated with the same reference and content, as everywhere."""

    def contract(self, agreement: Agreement) -> Signing:
        """This will open an agreement that its payer can sign until it expires."""

    def query_agreement(self, reference: str) -> AgreementStatus:
        """This will ask how an agreement stands."""

    def terminate(self, reference: str) -> AgreementStatus:
        """This will end an agreement, signed or not; one that is ended already is answered so."""

    def announce(self, notice: DeductionNotice) -> AgreementStatus:
        """This will have the provider tell a payer of a deduction to come, at most so much."""

    def withhold(self, deduction: Deduction) -> ChargeStatus:
        """This will have the provider take a charge; PENDING says that it has understood and will tell."""
