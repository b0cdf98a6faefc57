"""What somebody asks for who has the worker draft, issue or close a month, or read a sheet (ground/chores)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.kernel.ids import CommunityId, PartyId

DRAFT_MONTH, ISSUE_MONTH, CLOSE_MONTH = "billing.draft_month", "billing.issue_month", "billing.close_month"
IMPORT_BANK_LINES, IMPORT_COSTS = "billing.import_bank_lines", "billing.import_costs"


@dataclass(frozen=True, slots=True)
class MonthRun:
    """A community's month; `without_stopped` issues it though some lines cannot be worked out."""

    community: CommunityId
    first_on: date
    without_stopped: bool = False

    @property
    def about(self) -> str:
        return f"{self.community}:{self.first_on:%Y-%m}"


@dataclass(frozen=True, slots=True)
class BankSheetRun:
    """A sheet of a company's bank; it came as the file of the chore."""

    company: PartyId


@dataclass(frozen=True, slots=True)
class CostSheetRun:
    """A sheet of the costs that a community's month divides; it came as the file of the chore."""

    community: CommunityId
    first_on: date
