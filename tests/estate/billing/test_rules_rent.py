"""Rent: rises come on days counted from the first day, of the base and up to the cap that were agreed."""

from datetime import date
from decimal import Decimal

import pytest

from linli.estate.billing.rules.rent import Escalation, RaiseOf, rent_steps
from linli.kernel.money import Money


def told(rule, *, first="3000.00", starts="2026-01-01", until="2030-01-01"):
    steps = rent_steps(Money.parse(first), date.fromisoformat(starts), date.fromisoformat(until), rule)
    return [(str(s.days.start), str(s.monthly)) for s in steps]


YEARLY = {"months": 12, "rate": Decimal("0.05")}


def test_five_percent_a_year_of_the_last_rent_of_the_first_and_up_to_a_cap():
    assert told(Escalation(**YEARLY)) == [
        ("2026-01-01", "3000.00"),
        ("2027-01-01", "3150.00"),
        ("2028-01-01", "3307.50"),
        ("2029-01-01", "3472.88"),
    ]
    assert [rent for _, rent in told(Escalation(**YEARLY, of=RaiseOf.ORIGINAL))] == [
        "3000.00",
        "3150.00",
        "3300.00",
        "3450.00",
    ]
    assert [rent for _, rent in told(Escalation(**YEARLY, cap=Money.parse("3200.00")))][-2:] == ["3200.00", "3200.00"]


def test_an_amount_every_half_year_after_two_years():
    rule = Escalation(months=6, amount=Money.parse("100.00"), after_months=24)
    assert told(rule, until="2029-02-01") == [
        ("2026-01-01", "3000.00"),
        ("2028-01-01", "3100.00"),
        ("2028-07-01", "3200.00"),
        ("2029-01-01", "3300.00"),
    ]


def test_a_contract_of_the_31st_rises_on_last_days_and_comes_back_to_the_31st():
    rule = Escalation(months=6, amount=Money.parse("10.00"))
    assert [day for day, _ in told(rule, starts="2026-08-31", until="2028-01-01")] == [
        "2026-08-31",
        "2027-02-28",
        "2027-08-31",
    ]


def test_a_cap_below_the_first_rent_lowers_nothing():
    assert told(Escalation(**YEARLY, cap=Money.parse("2000.00")), until="2028-01-01")[-1][1] == "3000.00"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"months": 0, "rate": Decimal("0.1")}, "one month"),
        ({"months": 1, "rate": Decimal("-0.1")}, "lower"),
        ({"months": 1}, "either"),
        ({"months": 1, "rate": Decimal("0.1"), "amount": Money(1)}, "either"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(rule, says):
    with pytest.raises(ValueError, match=says):
        Escalation(**rule)
