"""Every misbehaviour a provider can show, one at a time."""

from datetime import timedelta

import pytest

from harness.provider_market import AT, Market
from linli.money.payments.gateways.client import Limits
from linli.money.payments.gateways.embedded.switches import Name, Setting
from linli.money.payments.gateways.protocol import (
    ChargeState,
    EventKind,
    GatewayUnavailable,
    RefundState,
    TransferState,
)

pytestmark = pytest.mark.slow
ONCE = Setting(count=1)
IMPATIENT = Limits(first_pause_s=0.02, read_timeout_s=0.3)


def test_a_duplicate_tells_the_same_event_twice(market: Market) -> None:
    market.driver.turn({Name.DUPLICATE: ONCE})
    first, second = market.ear.hear(market.paid().reference, 2)
    assert first == second


def test_a_reordered_event_comes_after_the_one_that_happened_later(market: Market) -> None:
    market.driver.turn({Name.REORDER: Setting(count=1, seconds=100)})
    held, other = market.paid(), market.paid()
    market.ear.hear(held.reference)
    assert [event.reference for event in market.ear.heard] == [other.reference, held.reference]


def test_a_delayed_event_comes_late_and_once(market: Market) -> None:
    market.driver.turn({Name.DELAY: Setting(count=1, seconds=5)})  # half a second at this pace
    charge = market.paid()
    market.ear.hear_no_more(charge.reference, 0)
    market.ear.hear(charge.reference)
    market.ear.hear_no_more(charge.reference, 1)


@pytest.mark.parametrize(("name", "verdict"), [(Name.FORGE, "ForgedCallback"), (Name.STALE, "StaleCallback")])
def test_a_forged_or_stale_copy_is_refused_and_the_genuine_one_still_comes(
    market: Market, name: Name, verdict: str
) -> None:
    market.driver.turn({name: ONCE})
    (event,) = market.ear.hear(market.paid().reference)
    assert market.ear.refused == [verdict]
    assert event.amount_minor == 5700


def test_a_wrong_amount_is_genuinely_signed_so_only_the_query_tells_the_truth(market: Market) -> None:
    market.driver.turn({Name.WRONG_AMOUNT: ONCE})
    charge = market.paid()
    assert market.ear.hear(charge.reference)[0].amount_minor == 5701
    assert market.gateway.query_charge(charge.reference).amount_minor == 5700


def test_a_dropped_event_is_never_told_but_can_be_asked_for(market: Market) -> None:
    market.driver.turn({Name.DROP: ONCE})
    charge = market.paid()
    market.ear.hear_no_more(charge.reference, 0)
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PAID
    assert market.driver.callbacks().latest[0].state == "dropped"


def test_a_late_success_follows_an_answer_that_said_closed(market: Market) -> None:
    market.driver.turn({Name.LATE_SUCCESS: ONCE})
    charge = market.charge()
    market.gateway.prepare(charge)
    assert market.gateway.close_charge(charge.reference).state is ChargeState.CLOSED
    assert market.ear.hear(charge.reference)[0].kind is EventKind.CHARGE_PAID
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PAID


def test_a_decline_leaves_the_charge_unpaid(market: Market) -> None:
    market.driver.turn({Name.DECLINE: ONCE})
    charge = market.paid()
    assert market.ear.hear(charge.reference)[0].kind is EventKind.CHARGE_DECLINED
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PENDING


def test_a_failed_refund_gives_nothing_back_and_leaves_the_charge_as_it_was(market: Market) -> None:
    market.driver.turn({Name.REFUND_FAILURE: ONCE})
    charge = market.paid()
    failed = market.gateway.request_refund(market.refund(charge, 5700))
    assert (failed.state, failed.fee_returned_minor) == (RefundState.FAILED, 0)
    assert market.ear.hear(failed.reference)[0].kind is EventKind.REFUND_FAILED
    assert market.gateway.query_charge(charge.reference).refunded_minor == 0
    assert market.gateway.request_refund(market.refund(charge, 5700)).state is RefundState.SUCCEEDED


def test_a_failed_payout_never_left_the_bank(market: Market) -> None:
    market.driver.turn({Name.TRANSFER_FAILURE: ONCE})
    transfer = market.transfer(at=AT + timedelta(days=300))
    assert market.gateway.request_transfer(transfer).state is TransferState.FAILED
    assert market.ear.hear(transfer.reference)[0].kind is EventKind.TRANSFER_FAILED
    assert list(market.gateway.fetch_bank_file((AT + timedelta(days=300)).date())) == []


def test_a_payout_that_succeeded_is_returned_a_day_later(market: Market) -> None:
    market.driver.turn({Name.PAYOUT_RETURN: Setting(count=1, seconds=2)})
    transfer = market.transfer()
    assert market.gateway.request_transfer(transfer).state is TransferState.SUCCEEDED
    paid, back = market.ear.hear(transfer.reference, 2)
    assert [paid.kind, back.kind] == [EventKind.TRANSFER_SUCCEEDED, EventKind.TRANSFER_RETURNED]
    assert back.occurred_at == AT + timedelta(days=1)
    status = market.gateway.query_transfer(transfer.reference)
    assert (status.state, status.returned_at) == (TransferState.RETURNED, AT + timedelta(days=1))


@pytest.mark.parametrize("name", [Name.TIMEOUT, Name.ERROR_500, Name.GARBAGE])
def test_a_call_without_a_believable_answer_is_repeated_and_takes_effect_once(market: Market, name: Name) -> None:
    market.driver.turn({name: Setting(count=2, seconds=0.5)})
    charge = market.paid()
    market.driver.turn({name: Setting(count=2, seconds=0.5)})
    gateway = market.process.gateway(IMPATIENT)
    refunded = gateway.request_refund(market.refund(charge, 1000))
    assert refunded.state is RefundState.SUCCEEDED
    assert gateway.query_charge(charge.reference).refunded_minor == 1000
    market.ear.hear(refunded.reference)
    market.ear.hear_no_more(refunded.reference, 1)


@pytest.mark.parametrize("name", [Name.TIMEOUT, Name.ERROR_500, Name.GARBAGE])
def test_a_provider_that_never_answers_is_unavailable_not_refusing(market: Market, name: Name) -> None:
    market.driver.turn({name: Setting(count=3, seconds=0.5, only="/v1/transfers")})
    gateway = market.process.gateway(IMPATIENT)
    transfer = market.transfer()
    with pytest.raises(GatewayUnavailable):
        gateway.request_transfer(transfer)
    assert market.gateway.request_transfer(transfer).state is TransferState.SUCCEEDED


def test_a_probability_strikes_the_same_calls_for_the_same_seed(market: Market) -> None:
    def who_declines() -> list[bool]:
        market.driver.turn({Name.DECLINE: Setting(probability=0.5, seed=7)})
        charges = [market.paid() for _ in range(20)]
        return [market.gateway.query_charge(charge.reference).state is ChargeState.PENDING for charge in charges]

    first = who_declines()
    assert who_declines() == first
    assert 3 <= sum(first) <= 17


def test_a_switch_may_concern_some_references_only(market: Market) -> None:
    spared, meant = market.charge(), market.charge()
    market.driver.turn({Name.DECLINE: Setting(count=5, only=meant.reference)})
    for charge in (spared, meant):
        market.gateway.prepare(charge)
        market.driver.pay(charge.reference, occurred_at=AT)
    assert market.gateway.query_charge(spared.reference).state is ChargeState.PAID
    assert market.gateway.query_charge(meant.reference).state is ChargeState.PENDING


def test_a_deaf_merchant_is_told_again_until_it_hears(market: Market) -> None:
    market.ear.deaf_for = 3
    charge = market.paid()
    market.ear.hear(charge.reference)
    market.ear.hear_no_more(charge.reference, 1)
    latest = market.driver.callbacks().latest[0]
    assert (latest.state, latest.attempts, latest.last_answer) == ("delivered", 4, "204")
