"""The chart of accounts: what it allows, and that the database reads the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from linli.kernel.ids import CommunityId, HomeId, OrderId, PartyId
from linli.kernel.refusals import Invalid
from linli.money.ledger import rules

PARTY = PartyId(UUID("137f38be-45af-43c0-ac29-85849b3f5dfa"))  # fixed: test names must not change between workers
PLATFORM, PROPERTY = f"platform:{uuid4()}", f"property:{uuid4()}"


def test_the_database_reads_the_same_chart(own_database: Any) -> None:
    with own_database.connect() as link:
        rows = link.execute(
            "SELECT word, book_kind, code, nature, pattern, guarded, cached, subject_part, company_part, community_part"
            " FROM ledger_chart ORDER BY code, book_kind"
        ).fetchall()
    assert rows == [
        (
            *(row.word, book.value, row.code, row.nature.value, row.pattern, row.guarded, row.is_cached),
            *(row.place(row.subject), row.place("company"), row.place("community")),
        )
        for row in rules.CHART.values()
        for book in row.books
    ]


def test_only_what_is_owed_is_guarded_and_codes_are_given_once() -> None:
    assert len({row.code for row in rules.CHART.values()}) == len(rules.CHART)
    assert {row.nature for row in rules.CHART.values() if row.guarded} == {rules.Nature.LIABILITY}


def test_an_address_is_built_and_taken_apart() -> None:
    home = HomeId(uuid4())
    address = rules.home_deposit(home, PARTY, "renovation")
    assert address == f"home_deposit:{home}:{PARTY}:renovation"
    assert rules.parse_address(address).parts == {"subject": str(home), "obligor": str(PARTY), "kind": "renovation"}
    assert rules.order_escrow(OrderId(PARTY)) == f"order_escrow:{PARTY}"
    assert rules.property_pending(PARTY, CommunityId(home)) == f"property_pending:{PARTY}:{home}"


@pytest.mark.parametrize(
    ("typed", "till"), [("front", "front"), ("Till 2", "till-2"), (" ２ ", "2"), ("A_1.b", "a_1.b")]
)
def test_a_till_is_named_as_its_account_whoever_types_it(typed: str, till: str) -> None:
    assert rules.till(typed) == till
    assert rules.desk_cash(typed) == f"desk_cash:{till}"


@pytest.mark.parametrize("typed", ["", "-", "收银台2", "a:b", "x" * 65, "é"])
def test_a_till_that_no_account_can_be_named_after_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.desk_cash(typed)
    assert refused.value.field == "desk"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cash",
        "order_escrow",
        "order_escrow:",
        "order_escrow:7",
        f"order_escrow:{str(PARTY).upper()}",
        f"order_escrow:{PARTY}:{PARTY}",
        f" order_escrow:{PARTY}",
        f"order_escrow:{PARTY}\n",
        "psp_fees:wechat",
        "psp_clearing:WeChat",
        "psp_clearing:we chat",
    ],
)
def test_an_address_that_the_chart_does_not_allow_is_refused(address: str) -> None:
    with pytest.raises(rules.UnknownAddress):
        rules.parse_address(address)
    assert not rules.is_allowed(PLATFORM, address)


def test_accounts_stand_in_their_own_kind_of_book() -> None:
    assert rules.is_allowed(PLATFORM, "platform_commission")
    assert not rules.is_allowed(PROPERTY, "platform_commission")
    assert rules.is_allowed(PROPERTY, "own_bank")
    assert not rules.is_allowed(PLATFORM, "own_bank")
    assert rules.is_allowed(PLATFORM, "psp_fees")
    assert rules.is_allowed(PROPERTY, "psp_fees")
    assert not rules.is_allowed("city:1", "psp_fees")
