"""Which providers this installation speaks to, by the name that stands in events and in `psp_clearing:{name}`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import UUID

from django.conf import settings

from linli.kernel.ids import CityId
from linli.kernel.refusals import NotFound
from linli.money.payments.gateways.client import HttpGateway
from linli.money.payments.gateways.protocol import PaymentGateway
from linli.money.payments.gateways.signing import merchant_identity
from linli.money.payments.gateways.withholding import WithholdingGateway

_made: dict[str, PaymentGateway] = {}
_lock = Lock()


def sources() -> tuple[str, ...]:
    """This will name the configured providers; the first one takes new payments."""
    return tuple(dict.fromkeys([*_made, *settings.PAYMENT_PROVIDERS]))


def home_cities() -> dict[str, CityId]:
    """This will say in whose book stands what a provider settles and nobody can place, where it is configured."""
    told = settings.PAYMENT_PROVIDERS.items()
    return {source: CityId(UUID(about["city"])) for source, about in told if about.get("city")}


def gateway(source: str) -> PaymentGateway:
    """This will give the gateway of a provider, made once per process."""
    found = _made.get(source)
    if found is not None:
        return found
    told = settings.PAYMENT_PROVIDERS.get(source)
    if told is None:
        raise NotFound("payment provider")
    with _lock:
        return _made.setdefault(source, HttpGateway(told["url"], merchant_identity(Path(told["keys"]))))


def withholding(source: str) -> WithholdingGateway:
    """This will give the same gateway where its provider has agreements; else refuse."""
    found = gateway(source)
    if not isinstance(found, WithholdingGateway):
        raise NotFound("agreement")
    return found


@contextmanager
def serving(source: str, provider: PaymentGateway) -> Iterator[PaymentGateway]:
    """This will let `provider` answer for a source inside the block: the demo, the replay and tests bring their own."""
    before = _made.get(source)
    _made[source] = provider
    try:
        yield provider
    finally:
        _made.pop(source)
        if before is not None:
            _made[source] = before
