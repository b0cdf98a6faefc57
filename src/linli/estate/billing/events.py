"""What other floors may hear of bills."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money


class BillsIssued(Fact):
    """The bills of a community's month went out."""

    community: CommunityId
    month: UUID
    first_on: date
    bills: int
    lines: int
    amount: Money


class LinePaid(Fact):
    """What was charged for one occasion (`source`) is wholly paid."""

    line: int
    source: str
    community: CommunityId
    subject: UUID
    amount: Money


class LineReopened(Fact):
    """What had been wholly paid for one occasion is open again by so much: money went back."""

    line: int
    source: str
    community: CommunityId
    subject: UUID
    amount: Money


class DepositTaken(Fact):
    """A deposit that was asked for is held."""

    deposit: UUID
    source: str
    community: CommunityId
    subject: UUID
    amount: Money


class DepositSettled(Fact):
    """Nothing is left of a deposit: what was not deducted went back."""

    deposit: UUID
    source: str
    community: CommunityId
    subject: UUID
    deducted: Money
    returned: Money
