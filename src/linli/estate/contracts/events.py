"""What happened to contracts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, ContractId
from linli.kernel.money import Money


class ContractSigned(Fact):
    """A contract is in force; its plan adds up to `total`."""

    contract: ContractId
    community: CommunityId
    total: Money


class ContractRowCharged(Fact):
    """A row of a plan became a line of a bill."""

    contract: ContractId
    community: CommunityId
    row: UUID
    line: int
    amount: Money


class ContractTerminated(Fact):
    """A contract ends early on a day."""

    contract: ContractId
    community: CommunityId
    ended_on: date
