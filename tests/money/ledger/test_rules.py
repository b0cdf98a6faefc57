"""Drafts, mirrors and waterfalls, for all amounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.ids import CityId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import rules
from linli.money.ledger.rules import Draft, Leg, Unbalanced, UnknownAddress, mirrored, waterfall

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
PARTY, BOOK = PartyId(uuid4()), rules.platform_book(CityId(uuid4()))
WALKS = (
    rules.merchant_waterfall(PARTY),
    rules.property_waterfall(PARTY, CommunityId(uuid4())),
    rules.delivery_waterfall(PARTY),
)
amounts = st.integers(0, 10_000).map(Money)


def draft(legs: list[Leg], **other: Any) -> Draft:
    usual = {"key": "k", "book": BOOK, "currency": "CNY", "document": "order:1", "kind": "capture", "at": AT}
    return Draft(legs=tuple(legs), **usual | other)


@given(st.lists(st.integers(-9999, 9999), min_size=1, max_size=6))
def test_a_draft_balances_or_does_not_exist(minors: list[int]) -> None:
    legs = [Leg("suspense", Money(minor)) for minor in minors]
    if sum(minors) or not any(minors):
        with pytest.raises(Unbalanced):
            draft(legs)
    else:
        assert all(leg.amount for leg in draft(legs).legs)
        assert mirrored(mirrored(draft(legs).legs)) == draft(legs).legs
        assert draft(list(mirrored(draft(legs).legs)))


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"key": ""}, ValueError),
        ({"key": "a\nb"}, ValueError),
        ({"key": "k" * 201}, ValueError),
        ({"document": " "}, ValueError),
        ({"kind": "Capture"}, ValueError),
        ({"currency": "yuan"}, ValueError),
        ({"at": datetime(2026, 11, 22)}, ValueError),  # noqa: DTZ001
        ({"book": "platform"}, UnknownAddress),
        ({"book": rules.property_book(PARTY), "legs_at": "platform_commission"}, UnknownAddress),
    ],
)
def test_a_draft_needs_a_key_a_document_an_instant_and_a_book_with_the_accounts(other: Any, error: type) -> None:
    address = other.get("legs_at", "suspense")
    legs = [Leg(address, Money(1)), Leg("tax_payable", Money(-1))]
    with pytest.raises(error):
        draft(legs, **{name: value for name, value in other.items() if name != "legs_at"})


def test_a_side_has_no_sign_of_its_own() -> None:
    assert (rules.debit("suspense", Money(5)).amount, rules.credit("suspense", Money(5)).amount) == (
        Money(5),
        Money(-5),
    )
    for side in (rules.debit, rules.credit):
        with pytest.raises(ValueError, match="sign"):
            side("suspense", Money(-5))


@given(amounts, st.lists(amounts, min_size=4, max_size=4), st.sampled_from(WALKS))
def test_a_waterfall_takes_the_amount_in_order_and_overdraws_nobody(amount: Money, has: list[Money], walk: Any) -> None:
    balances = {address: -each for address, each in zip(walk, has, strict=False)}
    legs = waterfall(amount, balances)
    left, expected = amount, []
    for address in walk[:-1]:
        taken = min(left, -balances[address])
        expected.append(Leg(address, taken))
        left -= taken
    expected.append(Leg(walk[-1], left))
    assert legs == tuple(leg for leg in expected if leg.amount)
    assert Money.total(leg.amount for leg in legs) == amount


def test_a_waterfall_needs_an_amount_and_somewhere_to_fall() -> None:
    for amount, balances in ((Money(-1), {"suspense": Money(0)}), (Money(1), {})):
        with pytest.raises(ValueError, match="waterfall"):
            waterfall(amount, balances)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5)), min_size=2, max_size=2))
def test_different_journals_have_different_bytes(pairs: list[tuple[str, str]]) -> None:
    legs = [Leg("suspense", Money(1)), Leg("tax_payable", Money(-1))]
    drafts = []
    for key, document in pairs:
        try:
            drafts.append(draft(legs, key=key, document=document))
        except ValueError:
            return
    one, other = drafts
    assert (rules.canonical(one) == rules.canonical(other)) == (one == other)
