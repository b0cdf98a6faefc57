"""Two clocks at the same moment: a row of a plan becomes one line of a bill."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from builders.billing import a_desk
from builders.clock import AT
from builders.contracts import a_contract
from linli.estate.billing import queries as billing
from linli.estate.contracts import actions, queries
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM


def test_two_clocks_bill_one_row_once(own_database):
    desk = a_desk()
    contract = a_contract(desk)
    row = queries.contract_page(desk.scope, contract=contract, at=AT).rows[0].row

    def bills(_nth: int) -> bool:
        try:
            return actions.charge_row(SYSTEM, row=row, at=AT) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as clocks:
        billed = sorted(clocks.map(bills, range(3)))
    assert billed == [False, False, True]
    assert billing.account_page(desk.scope, subject=contract).open == Money(930_000)
