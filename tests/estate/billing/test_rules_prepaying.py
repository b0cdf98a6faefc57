"""Prepaid terms: what is covered and what is not come to what would have been billed; nothing goes back twice."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing import rules
from linli.estate.billing.actions.covering import Cover, covered
from linli.estate.billing.rules import PaidMonth
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period

SELLER, BUYER = PartyId(UUID(int=1)), PartyId(UUID(int=2))
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TERM = UUID(int=9)


def priced(amount: str) -> rules.Priced:
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": amount})
    return rules.Priced(UUID(int=5), rules.ready(draft), rules.DueRule())


def drafted(tariff, owing):
    days, always = rules.Days(MARCH, APRIL), Period(date(2020, 1, 1), None)
    return list(rules.draft(days, always, [rules.Holding(Period(MARCH, APRIL), tariff)], owing, {}))


def total(lines):
    return sum(line.found.amount.minor for line in lines)


@given(yuan=st.integers(1, 99_999), day=st.integers(1, 31))
def test_where_the_locked_price_is_the_tariff_a_term_and_the_rest_come_to_the_month(yuan, day):
    cut = date(2026, 3, day)
    owing = [rules.Holding(Period(cut, APRIL), BUYER)]
    if day > 1:
        owing.insert(0, rules.Holding(Period(MARCH, cut), SELLER))
    tariff = priced(f"{yuan / 100:.2f}")
    plain = drafted(tariff, owing)
    cover = Cover(TERM, SELLER, False, tariff, {})
    found = covered(plain, [cover], rules.Days(MARCH, APRIL), Period(date(2020, 1, 1), None), owing)
    assert total([each.line for each in found]) == total(plain) == yuan
    assert {each.line.obligor for each in found if each.term} == ({SELLER} if day > 1 else set())


def test_a_locked_price_holds_for_its_obligors_days_only_and_a_gift_tells_what_it_is_worth():
    owing = [
        rules.Holding(Period(MARCH, date(2026, 3, 11)), SELLER),
        rules.Holding(Period(date(2026, 3, 11), APRIL), BUYER),
    ]
    cover = Cover(TERM, SELLER, True, priced("310"), {})
    plain = drafted(priced("620"), owing)
    found = covered(plain, [cover], rules.Days(MARCH, APRIL), Period(date(2020, 1, 1), None), owing)
    seller = next(each for each in found if each.line.obligor == SELLER)
    buyer = next(each for each in found if each.line.obligor == BUYER)
    assert (str(seller.line.found.amount), str(seller.gift)) == ("0.00", "100.00")
    assert (str(buyer.line.found.amount), buyer.term) == ("420.00", None)


def a_term(*months):
    return [
        PaidMonth(rules.add_months(MARCH, nth), Money(planned), is_gift=planned == 0, is_out=out)
        for nth, (planned, out) in enumerate(months)
    ]


@pytest.mark.parametrize(
    ("months", "left", "since", "back", "lost"),
    [
        ([(100, False), (100, False), (0, False)], 200, 0, [100, 100], 1),
        ([(100, True), (100, False), (0, False)], 100, 0, [100], 1),
        ([(100, True), (100, False), (100, False), (0, False)], 200, 2, [100], 1),
        ([(100, True), (100, False), (100, False)], 170, 0, [85, 85], 0),
        ([(100, True), (100, True), (0, False)], 0, 0, [], 1),
        ([(100, True), (100, True), (0, True)], 0, 0, [], 0),
    ],
)
def test_what_goes_back_of_a_term(months, left, since, back, lost):
    found = rules.given_back(a_term(*months), Money(left), rules.add_months(MARCH, since))
    assert [amount.minor for _month, amount in found.months] == back
    assert len(found.lost) == lost


@given(
    months=st.lists(st.tuples(st.integers(1, 9_999), st.booleans()), min_size=1, max_size=12),
    left=st.integers(0, 99_999),
    since=st.integers(0, 12),
)
def test_all_of_what_is_left_goes_back_and_never_more(months, left, since):
    term = a_term(*months)
    if all(month.is_out for month in term):
        assert rules.given_back(term, Money(left), MARCH).amount == Money.zero
        return
    assert rules.given_back(term, Money(left), MARCH).amount == Money(left)
    assert Money.zero <= rules.given_back(term, Money(left), rules.add_months(MARCH, since)).amount <= Money(left)


def test_a_term_has_whole_months_and_its_gifts_at_the_end():
    months = rules.months_of_term(date(2026, 11, 1), 2, 1)
    assert [(month.first_on, month.is_gift) for month in months] == [
        (date(2026, 11, 1), False),
        (date(2026, 12, 1), False),
        (date(2027, 1, 1), True),
    ]
    for given_ in ((date(2026, 11, 2), 2, 1), (date(2026, 11, 1), 0, 1), (date(2026, 11, 1), 60, 1)):
        with pytest.raises(ValueError, match="whole months"):
            rules.months_of_term(*given_)
