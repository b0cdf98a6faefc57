"""Charges, refunds and payouts against a provider in its own process."""

from dataclasses import replace
from datetime import timedelta

import pytest
import urllib3

from harness.provider_market import AT, Market
from linli.money.payments.gateways.embedded.charges import ActResult, Outcome, PayerAct
from linli.money.payments.gateways.protocol import (
    ChargeState,
    EventKind,
    GatewayRefused,
    RefundState,
    TransferState,
)

pytestmark = pytest.mark.slow


def test_a_payer_pays_and_the_merchant_hears_it_signed(market: Market) -> None:
    charge = market.charge()
    prepared = market.gateway.prepare(charge)
    assert prepared.pay_url == f"{market.process.url}/pay/{charge.reference}"
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PENDING
    market.driver.pay(charge.reference, occurred_at=AT + timedelta(minutes=3))
    (event,) = market.ear.hear(charge.reference)
    assert (event.kind, event.amount_minor, event.fee_minor, event.currency) == (EventKind.CHARGE_PAID, 5700, 34, "CNY")
    assert event.occurred_at == AT + timedelta(minutes=3)
    status = market.gateway.query_charge(charge.reference)
    assert (status.state, status.paid_at, status.fee_minor) == (ChargeState.PAID, AT + timedelta(minutes=3), 34)
    market.ear.hear_no_more(charge.reference, 1)


def test_a_charge_is_paid_once_however_often_the_payer_pays(market: Market) -> None:
    charge = market.paid()
    again = market.driver.pay(charge.reference, occurred_at=AT + timedelta(minutes=9))
    assert again.paid_at == AT + timedelta(minutes=1)
    market.ear.hear(charge.reference)
    market.ear.hear_no_more(charge.reference, 1)


def test_a_declined_charge_stays_open_and_can_be_paid_after_all(market: Market) -> None:
    charge = market.charge()
    market.gateway.prepare(charge)
    declined = market.driver.pay(charge.reference, outcome=Outcome.DECLINE)
    assert declined.state is ChargeState.PENDING
    assert [event.kind for event in market.ear.hear(charge.reference)] == [EventKind.CHARGE_DECLINED]
    market.driver.pay(charge.reference)
    assert market.ear.hear(charge.reference, 2)[1].kind is EventKind.CHARGE_PAID


def test_without_an_instant_the_clock_goes_on_from_when_the_charge_was_asked_for(market: Market) -> None:
    charge = market.charge()
    market.gateway.prepare(charge)
    paid_at = market.driver.pay(charge.reference).paid_at
    assert paid_at is not None
    assert timedelta(0) <= paid_at - AT < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("after", "code"), [(timedelta(minutes=15), "CHARGE_CLOSED"), (-timedelta(seconds=1), "BAD_REQUEST")]
)
def test_a_charge_is_paid_neither_after_it_expired_nor_before_it_was_asked_for(
    market: Market, after: timedelta, code: str
) -> None:
    charge = market.charge()
    market.gateway.prepare(charge)
    with pytest.raises(GatewayRefused) as refusal:
        market.driver.pay(charge.reference, occurred_at=AT + after)
    assert refusal.value.code == code
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PENDING


def test_a_closed_charge_can_no_longer_be_paid(market: Market) -> None:
    charge = market.charge()
    market.gateway.prepare(charge)
    assert market.gateway.close_charge(charge.reference).state is ChargeState.CLOSED
    assert market.gateway.close_charge(charge.reference).state is ChargeState.CLOSED
    with pytest.raises(GatewayRefused, match="CHARGE_CLOSED"):
        market.driver.pay(charge.reference)
    market.ear.hear_no_more(charge.reference, 0)


def test_closing_a_paid_charge_answers_that_it_is_paid(market: Market) -> None:
    charge = market.paid()
    assert market.gateway.close_charge(charge.reference).state is ChargeState.PAID
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PAID


def test_preparing_again_gives_the_same_charge_also_when_asked_later(market: Market) -> None:
    charge = market.charge()
    first = market.gateway.prepare(charge)
    assert market.gateway.prepare(replace(charge, requested_at=AT + timedelta(seconds=30))) == first


def test_a_reference_with_other_content_is_refused_and_the_first_stands(market: Market) -> None:
    charge = market.paid()
    refund, transfer = market.refund(charge, 914), market.transfer()
    refunded, transferred = market.gateway.request_refund(refund), market.gateway.request_transfer(transfer)
    for repeat in (
        lambda: market.gateway.prepare(replace(charge, amount_minor=1)),
        lambda: market.gateway.request_refund(replace(refund, amount_minor=915)),
        lambda: market.gateway.request_transfer(replace(transfer, receiver_account="6222")),
    ):
        with pytest.raises(GatewayRefused, match="REFERENCE_REUSED"):
            repeat()
    assert market.gateway.request_refund(refund) == refunded == market.gateway.query_refund(refund.reference)
    assert market.gateway.request_transfer(transfer) == transferred == market.gateway.query_transfer(transfer.reference)
    assert market.gateway.query_charge(charge.reference).amount_minor == 5700
    assert market.gateway.query_charge(charge.reference).refunded_minor == 914


def test_a_refund_returns_money_and_fee_in_proportion_and_never_more_than_was_paid(market: Market) -> None:
    charge = market.paid()
    part = market.gateway.request_refund(market.refund(charge, 914))
    assert (part.state, part.fee_returned_minor) == (RefundState.SUCCEEDED, 5)
    with pytest.raises(GatewayRefused, match="REFUND_EXCEEDS_CHARGE"):
        market.gateway.request_refund(market.refund(charge, 5700 - 914 + 1))
    rest = market.gateway.request_refund(market.refund(charge, 5700 - 914))
    status = market.gateway.query_charge(charge.reference)
    assert (rest.fee_returned_minor, status.fee_minor, status.refunded_minor) == (29, 0, 5700)
    (told,) = market.ear.hear(part.reference)
    assert (told.kind, told.amount_minor, told.fee_minor) == (EventKind.REFUND_SUCCEEDED, 914, -5)
    assert told.charge_reference == charge.reference


def test_an_unpaid_charge_is_not_refunded(market: Market) -> None:
    charge = market.charge()
    market.gateway.prepare(charge)
    with pytest.raises(GatewayRefused, match="CHARGE_NOT_PAID"):
        market.gateway.request_refund(market.refund(charge, 1))


def test_a_payout_is_made_and_told(market: Market) -> None:
    transfer = market.transfer()
    assert market.gateway.request_transfer(transfer).state is TransferState.SUCCEEDED
    assert [event.kind for event in market.ear.hear(transfer.reference)] == [EventKind.TRANSFER_SUCCEEDED]


def test_many_payers_pay_at_once_and_one_refusal_holds_up_nobody(market: Market) -> None:
    charges = [market.charge() for _ in range(3)]
    for charge in (charges[0], charges[2]):
        market.gateway.prepare(charge)
    results = market.driver.pay_many([PayerAct(charge.reference, occurred_at=AT) for charge in charges])
    assert results == [
        ActResult(charges[0].reference, "paid"),
        ActResult(charges[1].reference, "", "NOT_FOUND"),
        ActResult(charges[2].reference, "paid"),
    ]
    market.ear.hear(charges[2].reference)


def test_what_nobody_asked_for_is_not_found(market: Market) -> None:
    for question in (market.gateway.query_charge, market.gateway.query_refund, market.gateway.query_transfer):
        with pytest.raises(GatewayRefused, match="NOT_FOUND"):
            question("nobody-asked")
    with pytest.raises(GatewayRefused, match="BAD_REFERENCE"):
        market.gateway.query_charge("../v1/charges")


def test_the_provider_says_what_it_is_and_shows_a_page_to_pay_on(market: Market) -> None:
    http = urllib3.PoolManager(retries=False, timeout=60)
    root = http.request("GET", market.process.url)
    assert "This is Linli's embedded payment provider: no real money moves" in root.data.decode()
    assert root.headers["X-Linli-Embedded"] == "yes"
    charge = replace(market.charge(123_456), description="<b>苹果</b>", return_url="https://shop.example/?a=1&b=2")
    pay_url = market.gateway.prepare(charge).pay_url
    page = http.request("GET", pay_url).data.decode()
    assert "¥1,234.56" in page
    assert "&lt;b&gt;苹果&lt;/b&gt;" in page
    assert 'href="https://shop.example/?a=1&amp;b=2"' in page
    assert 'value="pay"' in page
    paid = http.request("POST", pay_url, fields={"choice": "pay"}, encode_multipart=False)
    assert "已支付" in paid.data.decode()
    assert market.ear.hear(charge.reference)[0].amount_minor == 123_456


def test_another_site_can_neither_pay_nor_turn_switches(market: Market) -> None:
    http = urllib3.PoolManager(retries=False, timeout=60)
    charge = market.charge()
    pay_url = market.gateway.prepare(charge).pay_url
    by_form = http.request("POST", pay_url, body="choice=pay", headers={"Sec-Fetch-Site": "cross-site"})
    by_name = http.request("POST", pay_url, body="choice=pay", headers={"Host": "evil.example"})
    as_text = http.request("POST", f"{market.process.url}/embedded/pay/{charge.reference}", body="{}")
    assert [by_form.status, by_name.status, as_text.status] == [400, 400, 400]
    assert market.gateway.query_charge(charge.reference).state is ChargeState.PENDING


def test_an_unsigned_call_is_refused(market: Market) -> None:
    http = urllib3.PoolManager(retries=False, timeout=60)
    answer = http.request("GET", f"{market.process.url}/v1/charges/charge-0001")
    assert answer.status == 401
    assert b"SIGNATURE_REFUSED" in answer.data


def test_a_recorded_call_cannot_be_sent_again(market: Market) -> None:
    charge = market.paid()
    path = f"/v1/charges/{charge.reference}"
    http = urllib3.PoolManager(retries=False, timeout=60)
    signer = market.signer
    headers = signer.sign_request("GET", path, b"", now_s=market.now_s()).as_headers()
    assert http.request("GET", market.process.url + path, headers=headers).status == 200
    assert http.request("GET", market.process.url + path, headers=headers).status == 401
