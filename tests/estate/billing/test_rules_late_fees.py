"""Late fees: never below nothing, never falling, and the same however often they are computed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing.rules.late_fees import NO_FEE, Accrual, LateRule, Owed, late_fee
from linli.kernel.money import Money

DUE = date(2026, 1, 31)


def fee(rule, on, *owed, principal="100.00"):
    amount = Money.parse(principal)
    entries = [Owed(date(2026, 1, 1), amount)] if not owed else [Owed(day, Money.parse(left)) for day, left in owed]
    return late_fee(amount, DUE, entries, rule, on)


DAILY = LateRule(rate=Decimal("0.0005"))


@pytest.mark.parametrize(
    ("rule", "on", "amount"),
    [
        (DAILY, date(2026, 1, 15), "0.00"),
        (DAILY, date(2026, 2, 1), "0.00"),  # the day after is the first that counts, and it has only begun
        (DAILY, date(2026, 2, 2), "0.05"),
        (DAILY, date(2026, 3, 3), "1.50"),  # 30 days
        (LateRule(rate=Decimal("0.0005"), grace_days=10), date(2026, 2, 11), "0.00"),
        (LateRule(rate=Decimal("0.0005"), grace_days=10), date(2026, 2, 12), "0.05"),
        (LateRule(rate=Decimal("0.0005"), grace_days=10, from_due_on=True), date(2026, 2, 11), "0.00"),
        (LateRule(rate=Decimal("0.0005"), grace_days=10, from_due_on=True), date(2026, 2, 12), "0.55"),
        (LateRule(rate=Decimal("0.0005"), stops_on=date(2026, 2, 11)), date(2027, 1, 1), "0.50"),
        (LateRule(rate=Decimal("0.0005"), cap_bp=2000), date(2036, 1, 1), "20.00"),
        (LateRule(rate=Decimal("0.0005"), cap=Money.parse("3.33")), date(2036, 1, 1), "3.33"),
        (LateRule(accrual=Accrual.DAILY_COMPOUND, rate=Decimal("0.001")), date(2026, 5, 12), "10.51"),  # 1.001^100
        (LateRule(accrual=Accrual.MONTHLY, rate=Decimal("0.02")), date(2026, 2, 2), "2.00"),
        (LateRule(accrual=Accrual.MONTHLY, rate=Decimal("0.02")), date(2026, 3, 1), "2.00"),
        (LateRule(accrual=Accrual.MONTHLY, rate=Decimal("0.02")), date(2026, 3, 2), "4.00"),
        (LateRule(accrual=Accrual.FIXED, rate=Decimal(15)), date(2026, 2, 2), "15.00"),
        (LateRule(accrual=Accrual.FIXED, rate=Decimal(15)), date(2027, 2, 2), "15.00"),
    ],
)
def test_a_hundred_yuan_due_on_the_last_of_january_as_worked_by_hand(rule, on, amount):
    assert str(fee(rule, on).amount) == amount


def test_a_part_payment_lowers_what_further_days_cost_and_nothing_else():
    paid_half = fee(DAILY, date(2026, 3, 3), (date(2026, 1, 1), "100.00"), (date(2026, 2, 16), "50.00"))
    assert str(paid_half.amount) == "1.13"  # 15 days of 100 and 15 of 50: 1.125
    assert [(str(s.unpaid), (s.end - s.start).days) for s in paid_half.stretches] == [("100.00", 15), ("50.00", 15)]
    paid_all = fee(DAILY, date(2026, 12, 1), (date(2026, 1, 1), "100.00"), (date(2026, 2, 16), "0.00"))
    assert str(paid_all.amount) == "0.75"
    assert fee(DAILY, date(2026, 12, 1), (date(2026, 1, 1), "100.00"), (date(2026, 1, 20), "0.00")).amount == Money.zero


def test_a_long_grace_never_pays_the_debtor():
    for grace in range(0, 400, 7):
        for months in range(12):
            rule = LateRule(rate=Decimal("0.0005"), grace_days=grace)
            assert fee(rule, DUE + timedelta(30 * months)).amount >= Money.zero
    assert fee(LateRule(rate=Decimal("0.0005"), grace_days=60), date(2026, 3, 20)) == NO_FEE


amounts = st.integers(1, 10**7).map(Money)
late_rules = st.builds(
    LateRule,
    accrual=st.sampled_from([Accrual.DAILY, Accrual.DAILY_COMPOUND, Accrual.MONTHLY, Accrual.FIXED]),
    rate=st.decimals(0, "0.01", places=5),
    grace_days=st.integers(0, 90),
    from_due_on=st.booleans(),
    cap_bp=st.none() | st.integers(0, 20000),
    stops_on=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)


@given(amounts, late_rules, st.data())
def test_a_fee_is_never_below_nothing_and_never_falls_as_days_pass_and_payments_come(principal, rule, data):
    entries, left, day = [Owed(date(2026, 1, 1), principal)], principal.minor, date(2026, 1, 1)
    for _ in range(data.draw(st.integers(0, 4))):
        day += timedelta(data.draw(st.integers(1, 120)))
        left = data.draw(st.integers(0, left))
        entries.append(Owed(day, Money(left)))
    so_far = Money.zero
    for gone in sorted(data.draw(st.lists(st.integers(0, 900), min_size=1, max_size=6))):
        on = date(2026, 1, 1) + timedelta(gone)
        known = [entry for entry in entries if entry.since < on] or entries[:1]
        now = late_fee(principal, DUE, entries, rule, on)
        assert now == late_fee(principal, DUE, known, rule, on)  # what comes later changes nothing that was
        assert now.amount >= so_far
        so_far = now.amount


def test_a_rule_that_would_pay_debtors_is_refused():
    with pytest.raises(ValueError, match="negative rate"):
        LateRule(rate=Decimal("-0.01"))
    with pytest.raises(ValueError, match="negative days"):
        LateRule(rate=Decimal(0), grace_days=-1)
    with pytest.raises(ValueError, match="negative cap"):
        LateRule(rate=Decimal(0), cap_bp=-1)
