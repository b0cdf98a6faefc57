"""The provider's bill of a day and the bank's file of the next: every line has its reference and the sums agree."""

from datetime import UTC, date, datetime, timedelta

import pytest

from harness.provider_market import Market
from linli.money.payments.gateways.embedded.switches import Difference, Name, Setting
from linli.money.payments.gateways.embedded.terms import day_of
from linli.money.payments.gateways.embedded.transfers import Wire
from linli.money.payments.gateways.protocol import (
    BankKind,
    BillKind,
    BillLine,
    BillStatus,
    Split,
    SplitReceiver,
    Unfreeze,
)

pytestmark = pytest.mark.slow


def morning_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def bill(market: Market, day: date) -> dict[str, BillLine]:
    return {line.reference: line for line in market.gateway.fetch_bill(day)}


def test_a_day_in_which_nothing_happened_has_an_empty_bill_and_bank_file(market: Market) -> None:
    assert list(market.gateway.fetch_bill(date(2026, 1, 1))) == []
    assert list(market.gateway.fetch_bank_file(date(2026, 1, 1))) == []


def test_the_bill_lists_each_movement_of_its_day_and_sums_to_the_next_days_settlement(market: Market) -> None:
    day = date(2026, 3, 2)
    charge, other = market.paid(5700, at=morning_of(day)), market.paid(30_000, at=morning_of(day))
    refund = market.refund(charge, 914)
    market.gateway.request_refund(refund)
    next_day = market.refund(charge, 100, at=morning_of(day + timedelta(days=1)))
    market.gateway.request_refund(next_day)
    lines = bill(market, day)
    assert list(lines) == [charge.reference, other.reference, refund.reference]
    shown = {
        reference: (line.kind, line.amount_minor, line.fee_minor, line.net_minor) for reference, line in lines.items()
    }
    assert shown == {
        charge.reference: (BillKind.CHARGE, 5700, 34, 5666),
        other.reference: (BillKind.CHARGE, 30_000, 180, 29_820),
        refund.reference: (BillKind.REFUND, 914, -5, -909),
    }
    assert lines[refund.reference].charge_reference == charge.reference
    assert lines[charge.reference].occurred_at == morning_of(day) + timedelta(minutes=1)
    (settlement,) = market.gateway.fetch_bank_file(day + timedelta(days=1))
    assert (settlement.kind, settlement.amount_minor) == (BankKind.SETTLEMENT, 5666 + 29_820 - 909)
    assert settlement.reference == "settlement-2026-03-02-CNY"
    (debit,) = market.gateway.fetch_bank_file(day + timedelta(days=2))
    # 34 of fee for 5700: with 914 refunded 5 of it are back (5.45), with 1014 they are 6 (6.05).
    assert debit.amount_minor == -100 + 1


def test_the_bill_of_a_day_ends_at_midnight_in_shanghai(market: Market) -> None:
    day = date(2026, 3, 10)
    last = market.paid(at=datetime(2026, 3, 10, 15, 58, 59, tzinfo=UTC))
    first = market.paid(at=datetime(2026, 3, 10, 15, 59, tzinfo=UTC))
    assert list(bill(market, day)) == [last.reference]
    assert list(bill(market, day + timedelta(days=1))) == [first.reference]


def test_the_bank_file_shows_payouts_and_those_that_came_back_the_next_day(market: Market) -> None:
    day = date(2026, 4, 6)
    market.driver.turn({Name.PAYOUT_RETURN: Setting(count=1, seconds=0)})
    returned, kept = market.transfer(700, at=morning_of(day)), market.transfer(900, at=morning_of(day))
    market.gateway.request_transfer(returned)
    market.gateway.request_transfer(kept)
    assert [(line.kind, line.reference, line.amount_minor) for line in market.gateway.fetch_bank_file(day)] == [
        (BankKind.PAYOUT, returned.reference, -700),
        (BankKind.PAYOUT, kept.reference, -900),
    ]
    (back,) = market.gateway.fetch_bank_file(day + timedelta(days=1))
    assert (back.kind, back.reference, back.amount_minor) == (BankKind.PAYOUT_RETURN, returned.reference, 700)
    assert (back.booked_on, back.counterpart) == (day + timedelta(days=1), "老王水果店")


def test_held_money_is_settled_only_when_it_is_released(market: Market) -> None:
    day = date(2026, 5, 4)
    charge = market.paid(10_000, at=morning_of(day), held=True)
    assert list(market.gateway.fetch_bank_file(day + timedelta(days=1))) == []
    at = morning_of(day) + timedelta(hours=1)
    shares = (SplitReceiver(receiver="merchant", amount_minor=8000),)
    split = Split(reference=market.names("split"), charge_reference=charge.reference, receivers=shares, requested_at=at)
    market.gateway.split(split)
    market.gateway.unfreeze(
        Unfreeze(reference=market.names("unfreeze"), charge_reference=charge.reference, requested_at=at)
    )
    lines = list(market.gateway.fetch_bill(day))
    assert [(line.kind, line.amount_minor, line.net_minor) for line in lines] == [
        (BillKind.CHARGE, 10_000, 0),
        (BillKind.SPLIT, 8000, 0),
        (BillKind.RELEASE, 1940, 1940),
    ]
    (settlement,) = market.gateway.fetch_bank_file(day + timedelta(days=1))
    assert settlement.amount_minor == 1940


def test_differences_of_all_five_kinds_are_planted_in_the_bill_but_not_in_the_settlement(market: Market) -> None:
    day = date(2026, 6, 1)
    charges = [market.paid(1000, at=morning_of(day)) for _ in range(6)]
    refund = market.refund(charges[0], 400)
    market.gateway.request_refund(refund)
    honest = bill(market, day)
    market.driver.plant(day, dict.fromkeys(Difference, 1))
    planted = {line.kind: line.reference for line in market.driver.planted(day)}
    shown = bill(market, day)
    assert set(planted) == set(Difference)
    assert planted[Difference.CHANNEL_MISSING] not in shown
    assert planted[Difference.LOCAL_MISSING] not in honest
    assert shown[planted[Difference.LOCAL_MISSING]].amount_minor == 100
    assert shown[planted[Difference.AMOUNT_MISMATCH]].amount_minor == 1001
    assert shown[planted[Difference.STATUS_MISMATCH]].status is BillStatus.REVERSED
    assert (planted[Difference.REFUND_MISMATCH], shown[refund.reference].amount_minor) == (refund.reference, 401)
    untouched = [reference for reference in honest if reference not in planted.values()]
    assert len(untouched) == 3
    assert all(shown[reference] == honest[reference] for reference in untouched)
    (settlement,) = market.gateway.fetch_bank_file(day + timedelta(days=1))
    assert settlement.amount_minor == sum(line.net_minor for line in honest.values())
    market.driver.plant(day, dict.fromkeys(Difference, 0))
    assert bill(market, day) == honest


def test_what_others_transfer_stands_in_the_bank_file_with_their_words(market: Market) -> None:
    at = datetime(2026, 12, 24, 4, tzinfo=UTC)
    for amount in (5700, 5700, -300):
        market.driver.wire(Wire(words="LT7K3M29QX4H rent", amount_minor=amount, occurred_at=at, counterpart="王小明"))
    lines = list(market.gateway.fetch_bank_file(day_of(at)))
    assert [(line.kind, line.reference, line.amount_minor, line.counterpart) for line in lines] == [
        ("transfer", "LT7K3M29QX4H rent", amount, "王小明") for amount in (5700, 5700, -300)
    ]
    assert len({line.line_id for line in lines}) == 3
