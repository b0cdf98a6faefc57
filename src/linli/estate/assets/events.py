"""What happened to assets."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import AssetId, CommunityId, WorkOrderId


class AssetRegistered(Fact):
    """The register has one more."""

    asset: AssetId
    community: CommunityId


class AssetMoved(Fact):
    """It is in use, in repair, stored or retired now."""

    asset: AssetId
    community: CommunityId
    state: str


class MaintenanceDue(Fact):
    """A plan's next date is near, and a work order was asked for."""

    task: UUID
    asset: AssetId
    community: CommunityId
    due_on: date
    order: WorkOrderId


class MaintenanceDone(Fact):
    """Everything of a task was answered; so many findings became work orders."""

    task: UUID
    asset: AssetId
    community: CommunityId
    due_on: date
    findings: int


class StockTakingEnded(Fact):
    """A stock-taking is over; so many were not as the register says."""

    taking: UUID
    community: CommunityId
    differences: int
