"""A provider killed at any moment has lost nothing that it answered, and tells nothing under two names."""

import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from harness.provider_market import AT, Market
from linli.money.payments.gateways.embedded.switches import Difference, Name, Setting
from linli.money.payments.gateways.protocol import Charge, ChargeState, GatewayUnavailable

pytestmark = pytest.mark.slow
AUGUST = AT + timedelta(days=3)


def test_a_provider_killed_in_the_middle_of_trade_loses_nothing_and_doubles_nothing(market: Market) -> None:
    market.ear.deaf_for = 30
    charges = [market.charge(1000 + n, at=AUGUST) for n in range(60)]

    def trade(charge: Charge) -> bool:
        try:
            market.gateway.prepare(charge)
            market.driver.pay(charge.reference, occurred_at=AUGUST)
        except GatewayUnavailable:
            return False
        return True

    killed = threading.Event()

    def trade_or_come_too_late(charge: Charge) -> bool:
        """However slow the machine is, the last ten come to a provider that is gone."""
        if charge in charges[-10:]:
            killed.wait()
        return trade(charge)

    with ThreadPoolExecutor(4) as payers:
        answers = payers.map(trade_or_come_too_late, charges)
        try:
            market.ear.wait_until(lambda: market.ear.deaf_for < 25)
            market.process.kill()
        finally:
            killed.set()
        answered = [charge for charge, done in zip(charges, answers, strict=True) if done]
    assert 0 < len(answered) < len(charges)

    market.process.start()
    for charge in answered:
        status = market.gateway.query_charge(charge.reference)
        assert (status.state, status.amount_minor) == (ChargeState.PAID, charge.amount_minor)
    assert all(trade(charge) for charge in charges)
    for charge in charges:
        market.ear.hear(charge.reference)
    names = {event.event_id for event in market.ear.heard if event.reference.startswith("charge")}
    assert len(names) == len(charges)
    lines = Counter(line.reference for line in market.gateway.fetch_bill(AUGUST.date()))
    assert lines == Counter(charge.reference for charge in charges)
    (settlement,) = market.gateway.fetch_bank_file(AUGUST.date() + timedelta(days=1))
    assert settlement.amount_minor == sum(charge.amount_minor - 6 for charge in charges)  # 0.6 % of 10.00 to 10.59


def test_what_was_repeated_after_a_restart_is_the_same_object(market: Market) -> None:
    charge = market.paid()
    refund, transfer = market.refund(charge, 914), market.transfer()
    before = (
        market.gateway.prepare(charge),
        market.gateway.request_refund(refund),
        market.gateway.request_transfer(transfer),
    )
    market.restart_after_kill()
    assert before == (
        market.gateway.prepare(charge),
        market.gateway.request_refund(refund),
        market.gateway.request_transfer(transfer),
    )


def test_switches_and_planted_differences_outlive_the_process(market: Market) -> None:
    market.driver.turn({Name.DECLINE: Setting(count=2)})
    day = date(2026, 9, 1)
    market.driver.plant(day, {Difference.LOCAL_MISSING: 1})
    market.paid()
    market.restart_after_kill()
    states = [market.gateway.query_charge(market.paid().reference).state for _ in range(2)]
    assert states == [ChargeState.PENDING, ChargeState.PAID]
    assert [line.kind for line in market.driver.planted(day)] == [Difference.LOCAL_MISSING]


def test_one_folder_has_one_provider(market: Market) -> None:
    command = [sys.executable, "-m", "linli.money.payments.gateways.embedded", "--home", str(market.process.home)]
    second = subprocess.run(
        [*command, "--callback-url", market.ear.url], capture_output=True, text=True, timeout=90, check=False
    )
    assert second.returncode == 1
    assert "another embedded provider runs" in second.stderr
    assert market.process.home.joinpath("port").read_text().strip() == str(market.process.port)
