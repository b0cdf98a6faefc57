"""A running embedded provider with a merchant that listens to it."""

from collections.abc import Iterator
from itertools import count

import pytest

from harness.merchant_ear import MerchantEar
from harness.provider_market import QUICK, Market
from linli.money.payments.gateways.embedded.driver import ProviderProcess


@pytest.fixture(scope="module")
def running_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    numbers = count(1)
    with MerchantEar() as ear:
        home = tmp_path_factory.mktemp("provider")
        with ProviderProcess(home=home, callback_url=ear.url, pace=0.1) as process:
            gateway = process.gateway(QUICK)
            ear.gateway = gateway
            yield Market(process, gateway, process.driver(), ear, lambda kind: f"{kind}-{next(numbers):04d}")


@pytest.fixture
def market(running_market: Market) -> Iterator[Market]:
    """The market with every switch off and a merchant that has heard nothing."""
    running_market.ear.heard.clear()
    running_market.ear.refused.clear()
    running_market.ear.deaf_for = 0
    yield running_market
    running_market.driver.turn_all_off()
