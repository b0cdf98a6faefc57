"""What happened on patrols."""

from __future__ import annotations

from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, PatrolId, WorkOrderId


class PatrolWalked(Fact):
    """Every point was checked in time."""

    patrol: PatrolId
    community: CommunityId


class PatrolMissed(Fact):
    """The window closed; so many points were not checked."""

    patrol: PatrolId
    community: CommunityId
    absent: int


class FindingReported(Fact):
    """Something was not in order, and a work order was raised."""

    patrol: PatrolId
    community: CommunityId
    point: UUID
    order: WorkOrderId
