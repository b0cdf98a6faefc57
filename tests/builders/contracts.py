"""Contracts for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from builders.billing import Desk
from builders.clock import AT
from linli.estate.contracts import actions, queries
from linli.estate.contracts.actions import ContractDraft
from linli.estate.contracts.rules import Direction, Terms
from linli.kernel.ids import ContractId
from linli.kernel.money import Money

TODAY = date(2026, 3, 2)
RENT = Terms(monthly=Money(310_000), every_months=3)


def a_draft(desk: Desk, **given: Any) -> ContractId:
    said = {
        "direction": Direction.COLLECT,
        "party_name": "好邻便利店",
        "subject": "东门商铺 12 号",
        "start_on": TODAY,
        "end_on": date(2027, 3, 2),
        "terms": RENT,
    }
    draft = ContractDraft(**(said | given))
    return actions.draft_contract(desk.scope, community=desk.community.id, draft=draft, at=AT)


def a_contract(desk: Desk, **given: Any) -> ContractId:
    """This will draft a contract and put it in force."""
    contract = a_draft(desk, **given)
    actions.sign_contract(desk.scope, contract=contract, at=AT)
    return contract


def rows_of(desk: Desk, contract: ContractId) -> list[tuple[str, str, str]]:
    """The plan as the page shows it: from, amount and state."""
    page = queries.contract_page(desk.scope, contract=contract, at=AT)
    return [(row.start_on.isoformat(), str(row.amount), row.state.value) for row in page.rows]
