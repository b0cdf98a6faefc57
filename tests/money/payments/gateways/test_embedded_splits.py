"""Payouts inside the provider: a held charge is split, shares come back, the rest is released."""

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.provider_market import AT, Market
from linli.money.payments.gateways.protocol import Charge, GatewayRefused, Split, SplitReceiver, SplitReturn, Unfreeze

pytestmark = pytest.mark.slow
LATER = AT + timedelta(hours=2)


def a_split(market: Market, charge: Charge, **shares: int) -> Split:
    receivers = tuple(SplitReceiver(receiver=name, amount_minor=share) for name, share in shares.items())
    return Split(
        reference=market.names("split"), charge_reference=charge.reference, receivers=receivers, requested_at=LATER
    )


def an_unfreeze(market: Market, charge: Charge) -> Unfreeze:
    return Unfreeze(reference=market.names("unfreeze"), charge_reference=charge.reference, requested_at=LATER)


def test_shares_are_paid_returned_and_the_rest_released(market: Market) -> None:
    charge = market.paid(10_000, held=True)
    split = a_split(market, charge, merchant=8000, property=300)
    done = market.gateway.split(split)
    assert (done.moved_minor, done.held_minor) == (8300, 10_000 - 60 - 8300)
    assert market.gateway.split(split) == done == market.gateway.query_split(split.reference)
    back = SplitReturn(
        reference=market.names("back"),
        split_reference=split.reference,
        receiver="merchant",
        amount_minor=1000,
        requested_at=LATER,
    )
    assert market.gateway.return_split(back).held_minor == 2640
    with pytest.raises(GatewayRefused, match="RETURN_EXCEEDS_SHARE"):
        market.gateway.return_split(replace(back, reference=market.names("back"), amount_minor=7001))
    released = market.gateway.unfreeze(an_unfreeze(market, charge))
    assert (released.moved_minor, released.held_minor) == (2640, 0)
    with pytest.raises(GatewayRefused, match="NOT_HELD"):
        market.gateway.split(a_split(market, charge, merchant=100))


def test_more_than_is_held_cannot_be_split_nor_refunded(market: Market) -> None:
    charge = market.paid(10_000, held=True)
    with pytest.raises(GatewayRefused, match="SPLIT_EXCEEDS_CHARGE"):
        market.gateway.split(a_split(market, charge, merchant=9941))
    market.gateway.split(a_split(market, charge, merchant=9940))
    with pytest.raises(GatewayRefused, match="SPLIT_ALREADY"):
        market.gateway.request_refund(market.refund(charge, 5000))
    assert market.gateway.query_charge(charge.reference).refunded_minor == 0


def test_a_charge_that_is_not_held_or_too_old_cannot_be_split(market: Market) -> None:
    free, held = market.paid(), market.paid(held=True)
    with pytest.raises(GatewayRefused, match="NOT_HELD"):
        market.gateway.split(a_split(market, free, merchant=100))
    with pytest.raises(GatewayRefused, match="SPLIT_TOO_LATE"):
        market.gateway.split(replace(a_split(market, held, merchant=100), requested_at=AT + timedelta(days=31)))
    assert market.gateway.split(a_split(market, held, merchant=100)).moved_minor == 100
