"""What other floors may hear of money that was collected and given back."""

from __future__ import annotations

from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import AgreementId, CityId, CollectionId, RefundId
from linli.kernel.money import Money


class Collected(Fact):
    """The one payment that serves a collection has arrived in full."""

    collection: CollectionId
    purpose: str
    for_: UUID
    city: CityId
    amount: Money


class CollectedTooLate(Fact):
    """Money came that no collection waited for any more (`why`: closed, expired or twice); it is on its way back."""

    collection: CollectionId
    purpose: str
    for_: UUID
    amount: Money
    refund: RefundId
    why: str


class CollectionClosed(Fact):
    """Nobody shall pay this any more."""

    collection: CollectionId
    purpose: str
    for_: UUID
    why: str


class AgreementSigned(Fact):
    """A payer agreed to be charged without being asked each time."""

    agreement: AgreementId
    purpose: str
    for_: UUID


class AgreementEnded(Fact):
    """Nothing is deducted by an agreement any more; `why` says who ended it, or that nobody signed it."""

    agreement: AgreementId
    purpose: str
    for_: UUID
    why: str


class RefundConfirmed(Fact):
    """The money is back with the payer. `automatic`: nobody asked for it, a payment too many was given back."""

    refund: RefundId
    collection: CollectionId
    purpose: str
    for_: UUID
    amount: Money
    automatic: bool


class RefundFailed(Fact):
    """The refund failed as often as we try; an operator has to look at it."""

    refund: RefundId
    collection: CollectionId
    purpose: str
    for_: UUID
    amount: Money
    reason: str
