"""Agreements and deductions at the embedded provider, over real HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.provider_market import AT, Market
from linli.money.payments.gateways.embedded.agreements import SignerChoice
from linli.money.payments.gateways.embedded.switches import Name, Setting
from linli.money.payments.gateways.protocol import Channel, ChargeState, EventKind, GatewayRefused, Refund
from linli.money.payments.gateways.withholding import Agreement, AgreementState, Deduction, DeductionNotice

ONCE = Setting(count=1)


def opened(market: Market) -> Agreement:
    agreement = Agreement(
        reference=market.names("agreement"),
        most_minor=5000,
        currency="CNY",
        channel=Channel.WECHAT,
        description="物业费代扣 Property fees",
        requested_at=AT,
        expires_at=AT + timedelta(hours=1),
    )
    signing = market.gateway.contract(agreement)
    assert signing == market.gateway.contract(agreement)
    assert signing.sign_url.endswith(f"/sign/{agreement.reference}")
    return agreement


def signed(market: Market) -> str:
    reference = opened(market).reference
    assert market.driver.sign(reference).state is AgreementState.SIGNED
    return reference


def deduction(market: Market, agreement: str, amount_minor: int = 3000) -> Deduction:
    return Deduction(
        reference=market.names("deduction"),
        agreement_reference=agreement,
        amount_minor=amount_minor,
        currency="CNY",
        description="三月物业费",
        requested_at=AT + timedelta(days=1),
        expires_at=AT + timedelta(days=4),
    )


def told(market: Market, reference: str) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.reason) for event in market.ear.hear(reference)]


def test_a_payer_signs_and_either_side_ends_it(market: Market) -> None:
    first, second = signed(market), signed(market)
    assert told(market, first) == [(EventKind.AGREEMENT_SIGNED, "")]
    market.driver.sign(first, SignerChoice.END)
    assert market.gateway.query_agreement(first).reason == "ended by the payer"
    assert market.gateway.terminate(second).state is AgreementState.ENDED
    assert market.gateway.terminate(second).reason == "ended by the merchant"
    kinds = {event.kind for event in market.ear.hear(second, 2)}  # call-backs come in whatever order they arrive
    assert kinds == {EventKind.AGREEMENT_SIGNED, EventKind.AGREEMENT_ENDED}


def test_what_was_not_signed_can_be_signed_no_more(market: Market) -> None:
    reference = opened(market).reference
    market.driver.sign(reference, SignerChoice.DECLINE)
    with pytest.raises(GatewayRefused, match="AGREEMENT_ENDED"):
        market.driver.sign(reference)


def test_other_terms_under_the_same_reference_are_refused(market: Market) -> None:
    agreement = opened(market)
    with pytest.raises(GatewayRefused, match="REFERENCE_REUSED"):
        market.gateway.contract(replace(agreement, most_minor=9000))


def test_a_deduction_is_understood_taken_once_and_told(market: Market) -> None:
    asked = deduction(market, signed(market))
    assert market.gateway.withhold(asked).state is ChargeState.PENDING
    assert market.gateway.withhold(asked).state is ChargeState.PENDING
    assert told(market, asked.reference) == [(EventKind.CHARGE_PAID, "")]
    market.ear.hear_no_more(asked.reference, 1)
    status = market.gateway.query_charge(asked.reference)
    assert (status.state, status.amount_minor, status.paid_at) == (ChargeState.PAID, 3000, asked.requested_at)
    lines = [line.reference for line in market.gateway.fetch_bill((AT + timedelta(days=1)).date())]
    assert lines.count(asked.reference) == 1


def test_what_was_deducted_goes_back_like_any_charge(market: Market) -> None:
    asked = deduction(market, signed(market))
    market.gateway.withhold(asked)
    refund = Refund(
        reference=market.names("refund"),
        charge_reference=asked.reference,
        amount_minor=1000,
        currency="CNY",
        reason="paid at the desk meanwhile",
        requested_at=asked.requested_at + timedelta(hours=1),
    )
    market.gateway.request_refund(refund)
    assert market.gateway.query_charge(asked.reference).refunded_minor == 1000


def test_more_than_the_limit_is_declined(market: Market) -> None:
    asked = deduction(market, signed(market), 5001)
    market.gateway.withhold(asked)
    status = market.gateway.query_charge(asked.reference)
    assert (status.state, status.reason) == (ChargeState.DECLINED, "limit_exceeded")
    assert told(market, asked.reference) == [(EventKind.CHARGE_DECLINED, "limit_exceeded")]


def test_an_empty_wallet_is_declined_and_the_next_try_is_taken(market: Market) -> None:
    agreement = signed(market)
    market.driver.turn({Name.INSUFFICIENT: ONCE})
    first, second = deduction(market, agreement), deduction(market, agreement)
    market.gateway.withhold(first)
    market.gateway.withhold(second)
    assert market.gateway.query_charge(first.reference).reason == "insufficient_balance"
    assert market.gateway.query_charge(second.reference).state is ChargeState.PAID
    assert market.gateway.close_charge(first.reference).state is ChargeState.DECLINED


def test_a_payer_who_ends_it_just_before_is_charged_nothing(market: Market) -> None:
    agreement = signed(market)
    market.driver.turn({Name.PAYER_ENDS: ONCE})
    asked = deduction(market, agreement)
    market.gateway.withhold(asked)
    assert market.gateway.query_charge(asked.reference).reason == "agreement_ended"
    assert market.gateway.query_agreement(agreement).state is AgreementState.ENDED


def test_late_doubled_and_forged_words_of_a_deduction(market: Market) -> None:
    agreement = signed(market)
    market.ear.hear(agreement)
    market.driver.turn({Name.FORGE: ONCE, Name.DUPLICATE: ONCE, Name.DELAY: Setting(count=1, seconds=2)})
    asked = deduction(market, agreement)
    market.gateway.withhold(asked)
    first, second = market.ear.hear(asked.reference, 2)
    assert (first, first.amount_minor) == (second, 3000)
    assert market.ear.refused == ["ForgedCallback"]


def test_a_notice_is_taken_and_repeated(market: Market) -> None:
    agreement = signed(market)
    notice = DeductionNotice(
        reference=market.names("notice"),
        agreement_reference=agreement,
        amount_minor=3000,
        currency="CNY",
        requested_at=AT,
    )
    assert market.gateway.announce(notice) == market.gateway.announce(notice)


def test_a_page_shows_the_limit_and_the_choice(market: Market) -> None:
    import urllib3

    reference = opened(market).reference
    page = urllib3.request("GET", f"{market.process.url}/sign/{reference}", timeout=5, retries=False)
    assert "¥50.00" in page.data.decode()
    assert 'value="sign"' in page.data.decode()
