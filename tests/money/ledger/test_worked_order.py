"""Every row of the worked table of money: each event posts, and the books end with exactly these balances."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from linli.kernel.ids import CityId, CommunityId, HomeId, OrderId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import actions, queries, rules
from linli.money.ledger.rules import Draft, Leg
from linli.spine.scope import SYSTEM

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
CITY, COMPANY, MERCHANT, COURIER = CityId(uuid4()), PartyId(uuid4()), PartyId(uuid4()), PartyId(uuid4())
COMMUNITY, HOME, OWNER = CommunityId(uuid4()), HomeId(uuid4()), PartyId(uuid4())
ORDER = OrderId(uuid4())
ADDRESSES = {
    "psp_clearing": "psp_clearing:wechat",
    "refund_in_transit": "refund_in_transit:wechat",
    "bank": "bank:custody",
    "marketing_subsidy": "marketing_subsidy:welcome",
    "cash_due": rules.cash_due(COURIER),
    "order_escrow": rules.order_escrow(ORDER),
    "merchant_pending": rules.merchant_pending(MERCHANT),
    "merchant_available": rules.merchant_available(MERCHANT),
    "guarantee_deposit": rules.guarantee_deposit(MERCHANT),
    "merchant_receivable": rules.merchant_receivable(MERCHANT),
    "property_pending": rules.property_pending(COMPANY, COMMUNITY),
    "property_available": rules.property_available(COMPANY, COMMUNITY),
    "property_fee_collected": rules.property_fee_collected(COMPANY, COMMUNITY),
    "delivery_payable": rules.delivery_payable(COURIER),
    "payout_in_transit": rules.payout_in_transit(MERCHANT),
    "compensation_fund": rules.compensation_fund(CITY),
    "fee_credit": rules.fee_credit(HOME, OWNER),
    "fee_receivable": rules.fee_receivable(HOME, OWNER),
    "fee_income": rules.fee_income("property_fee"),
    "due_from_platform": rules.due_from_platform(CITY),
    "desk_cash": rules.desk_cash("main-gate"),
}
BOOKS = {"L": rules.platform_book(CITY), "P": rules.property_book(COMPANY)}

PAGE = Path(__file__).parents[3] / "docs" / "rules" / "ledger.md"


def walks() -> dict[str, list[tuple[str, str]]]:
    """This will read the worked walks of the page: each a title and its `event: legs` lines, the last is the end."""
    found = {}
    for title, block in re.findall(r"### (.+?)\n.*?```walk\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        lines = block.replace("\n    ", " ").splitlines()
        found[title] = [(name, legs) for name, _, legs in (line.partition(": ") for line in lines)]
    return found


WALKS = walks()


def legs_of(text: str) -> list[tuple[str, str, Money]]:
    """This will read `P psp_fees 1.80, ...` as book, word and amount."""
    legs = []
    for leg in text.split(", "):
        *book, word, amount = leg.split()
        legs.append((book[0] if book else "L", word, Money.parse(amount)))
    return legs


def drafts_of(name: str, text: str, number: int) -> tuple[Draft, ...]:
    """This will make one journal for each book that an event touches; they are posted together."""
    legs = legs_of(text)
    return tuple(
        Draft(
            key=f"{number}:{name}",
            book=BOOKS[book],
            currency="CNY",
            document=f"order:{ORDER}",
            kind=name.replace(" ", "_"),
            at=AT,
            legs=tuple(Leg(ADDRESSES.get(word, word), amount) for of, word, amount in legs if of == book),
        )
        for book in sorted({book for book, _, _ in legs})
    )


@pytest.mark.parametrize("walk", WALKS)
def test_each_walk_ends_with_exactly_these_balances(own_database: Any, walk: str) -> None:
    *events, (end, expected) = WALKS[walk]
    assert end == "ends with"
    for number, (name, legs) in enumerate(events):
        actions.post_many(SYSTEM, drafts=drafts_of(name, legs, number))
    found = {}
    for letter, book in BOOKS.items():
        for row in rules.CHART.values():
            address = ADDRESSES.get(row.word, row.word)
            if rules.is_allowed(book, address) and (amount := queries.balance(SYSTEM, book=book, address=address)):
                found[(letter, row.word)] = amount
    assert found == {(book, word): amount for book, word, amount in legs_of(expected)}
    assert [f.invariant for f in queries.check(SYSTEM) if not f.ok and "covered" not in f.invariant] == []


def test_the_page_works_out_every_kind_of_event() -> None:
    assert len(WALKS) == 9
    assert sum(len(lines) - 1 for lines in WALKS.values()) == 32
