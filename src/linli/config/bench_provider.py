"""The provider's word for a bench: signed with the provider's own key, so that it is read as every call-back is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

import msgspec

from linli.money.payments.gateways.protocol import EventKind, GatewayEvent
from linli.money.payments.gateways.signing import Signer, provider_identity


@dataclass(frozen=True)
class ProvidersWord:
    """Says that a collection was paid; `keys` is the folder with the provider's key."""

    keys: Path

    def __call__(self, collection: str, minor: int) -> tuple[bytes, dict[str, str]]:
        event = GatewayEvent(
            event_id=uuid4(),
            kind=EventKind.CHARGE_PAID,
            reference=collection,
            charge_reference=collection,
            provider_reference=f"bench-{collection}",
            amount_minor=minor,
            fee_minor=0,
            currency="CNY",
            occurred_at=datetime.now(UTC),
            reason="",
        )
        body = msgspec.json.encode(event)
        proof = _signer(self.keys).sign_message(body, now_s=int(time.time()))
        return body, {**proof.as_headers(), "Content-Type": "application/json"}


@cache
def _signer(keys: Path) -> Signer:
    return provider_identity(keys).signer
