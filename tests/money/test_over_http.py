"""The whole way over real HTTP: our pages' server, the embedded provider in its own process, signed call-backs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.databases import OwnDatabase
from harness.pages_over_http import serving_pages, until
from harness.payments_words import CLEARING, IN_TRANSIT, PSP, Due, a_collection, ask_refund, facts
from harness.payouts_words import Shared, a_completed_order
from linli.kernel.money import Money
from linli.money.payments import actions, queries
from linli.money.payments.gateways.embedded.driver import Driver, ProviderProcess
from linli.money.payments.gateways.embedded.switches import Difference, Name, Setting
from linli.money.payments.gateways.registry import serving
from linli.money.payments.rules import DifferenceKind, State, provider_day
from linli.money.payouts import actions as payouts
from linli.money.payouts import queries as payout_queries
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.slow


@dataclass
class Town:
    """Everything that runs, and the real clock."""

    provider: ProviderProcess
    driver: Driver

    def pay(self, due: Due, *, pay: bool = True) -> None:
        actions.begin_payment(SYSTEM, collection=due.id, channel="wechat", at=now())
        if pay:
            self.driver.pay(str(due.id), occurred_at=now())

    def switch(self, name: Name, **how: object) -> None:
        self.driver.turn({name: Setting(**how)})  # type: ignore[arg-type]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def town(own_database: OwnDatabase, tmp_path: Path) -> Iterator[Town]:
    with (
        serving_pages() as pages,
        ProviderProcess(home=tmp_path, callback_url=f"{pages}/callbacks/payments/{PSP}/", pace=0.1) as provider,
        serving(PSP, provider.gateway()),
    ):
        yield Town(provider, provider.driver())


def due_now(**how: object) -> Due:
    return a_collection(expires_at=now() + timedelta(minutes=15), **how)  # type: ignore[arg-type]


def state(due: Due) -> State:
    return queries.collection(SYSTEM, collection=due.id).state


def test_paid_over_http_refunded_and_reconciled_to_zero(town: Town):
    due = due_now()
    town.pay(due)
    until(lambda: state(due) is State.COLLECTED)
    ask_refund(due, 914, at=now())
    assert actions.send_refunds(at=now() + timedelta(seconds=1)) == 1
    until(lambda: state(due) is State.PARTLY_REFUNDED)
    assert (due.balance(IN_TRANSIT), due.balance(CLEARING)) == (0, 5700 - 914 + 5)
    day = provider_day(now())
    assert actions.fetch_bills(day=day, at=now()) == 0
    tomorrow = day + timedelta(days=1)
    brought = payouts.fetch_bank_file(day=tomorrow, city=due.city, source=PSP, at=now())
    assert (brought.matched, due.balance(CLEARING)) == (1, 0)
    assert due.balance("bank:custody") == 5700 - 34 - 914 + 5
    assert queries.differences(SYSTEM) == ()


@pytest.mark.parametrize("mischief", [Name.DUPLICATE, Name.FORGE, Name.REORDER])
def test_whatever_the_provider_does_to_its_callbacks_one_effect_remains(town: Town, mischief: Name):
    town.switch(mischief, probability=1.0)
    one, two = due_now(), due_now()
    town.pay(one)
    town.pay(two)
    until(lambda: state(one) is State.COLLECTED and state(two) is State.COLLECTED)
    time.sleep(0.3)
    for due in (one, two):
        assert (due.balance(CLEARING), due.balance(due.escrow)) == (5700, -6200)
    assert len(facts("payments.Collected")) == 2
    assert queries.differences(SYSTEM) == ()


def test_a_dropped_callback_is_found_by_the_sweep(town: Town):
    town.switch(Name.DROP, probability=1.0)
    due = due_now()
    town.pay(due)
    assert actions.sweep_pending(at=now() + timedelta(seconds=31)) == 1
    assert state(due) is State.COLLECTED


def test_paid_after_the_buyer_went_away_the_money_goes_back_by_itself(town: Town):
    due = due_now()
    town.pay(due, pay=False)
    actions.close_collection(SYSTEM, collection=due.id, why="buyer", at=now())
    town.driver.pay(str(due.id), occurred_at=now())
    until(lambda: len(facts("payments.CollectedTooLate")) == 1)
    actions.send_refunds(at=now() + timedelta(seconds=1))
    until(lambda: due.balance(IN_TRANSIT) == 0)
    assert state(due) is State.CLOSED
    assert due.balance(due.escrow) == 0


def test_planted_differences_are_found_and_gone_when_the_bill_is_mended(town: Town):
    dues = [due_now() for _ in range(4)]
    for due in dues:
        town.pay(due)
    until(lambda: all(state(due) is State.COLLECTED for due in dues))
    day = provider_day(now())
    wrong = [
        Difference.CHANNEL_MISSING,
        Difference.LOCAL_MISSING,
        Difference.AMOUNT_MISMATCH,
        Difference.STATUS_MISMATCH,
    ]
    town.driver.plant(day, dict.fromkeys(wrong, 1))
    assert actions.fetch_bills(day=day, at=now()) == 4
    assert sorted(d.kind for d in queries.differences(SYSTEM)) == sorted(DifferenceKind(w.value) for w in wrong)
    town.driver.plant(day, dict.fromkeys(wrong, 0))
    assert actions.fetch_bills(day=day, at=now()) == 0


def test_a_payout_goes_out_over_http_and_one_that_comes_back_opens_again(town: Town):
    shared: Shared = a_completed_order(at=now() - timedelta(days=9))
    payouts.release_holds(SYSTEM, at=now())
    payouts.draw_payouts(SYSTEM, city=shared.city, at=now())
    town.switch(Name.PAYOUT_RETURN, probability=1.0, seconds=0.0)
    assert payouts.send_payouts(at=now()) == 3
    until(lambda: payout_queries.payouts(SYSTEM, payee=shared.merchant)[0].state == "returned")
    assert shared.balance(shared.available) == -5336
    for back in (0, 1):
        day = provider_day(now()) + timedelta(days=back)
        payouts.fetch_bank_file(day=day, city=shared.city, source=PSP, at=now())
    assert shared.balance(shared.in_transit) == 0
    assert Money(shared.balance("bank:custody")) == Money.zero
