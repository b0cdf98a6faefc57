"""What other floors may hear of work orders and outages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, HomeId, PartyId, WorkOrderId
from linli.kernel.money import Money


class WorkOrderFact(Fact):
    """What every fact about a work order carries; `about` is what a higher module raised it for."""

    order: WorkOrderId
    community: CommunityId
    work: str
    source: str
    about: UUID | None


class WorkOrderRaised(WorkOrderFact):
    """Somebody needs something done."""

    home: HomeId | None


class WorkOrderMoved(WorkOrderFact):
    """It took a step that has no fact of its own: given, accepted, begun, paused, agreed. Pages that show it look."""


class WorkOrderReturned(WorkOrderFact):
    """Whoever had it cannot do it; somebody else is needed."""


class WorkOrderDone(WorkOrderFact):
    """It was done, or answered; `amount` is what was agreed for it."""

    person: PartyId | None
    amount: Money


class WorkOrderReopened(WorkOrderFact):
    """It was not put right."""


class WorkOrderClosed(WorkOrderFact):
    """Nobody can re-open it any more."""


class WorkOrderCancelled(WorkOrderFact):
    """It is not needed any more, or was refused."""


class QuoteOffered(WorkOrderFact):
    """A price waits for an answer."""

    amount: Money


class OutageAnnounced(Fact):
    """Something is, or will be, off for some homes."""

    outage: UUID
    community: CommunityId
    supply: str
    starts_at: datetime
    ends_at: datetime


class OutageEnded(Fact):
    """It is on again, or was called off."""

    outage: UUID
    community: CommunityId
    supply: str
