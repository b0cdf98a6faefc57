"""Held charges: shares paid inside the provider, taken back, and the rest released in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from linli.kernel.money import Money
from linli.money.payments.gateways import protocol
from linli.money.payments.gateways.protocol import GatewayRefused, GatewayUnavailable, SplitStatus
from linli.money.payments.gateways.registry import gateway
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

RELEASE_BATCH = 100
AGAIN = timedelta(minutes=10)
SPLIT_ALREADY = "SPLIT_ALREADY"
"""The provider's word for a refund that needs more than a held charge still holds."""
_log = structlog.get_logger()

_CLAIM = """
    UPDATE payments_attempt AS a SET release_at = %s
    FROM (SELECT id FROM payments_attempt WHERE release_at <= %s ORDER BY release_at LIMIT %s
          FOR UPDATE SKIP LOCKED) AS due
    WHERE a.id = due.id RETURNING a.source, a.reference
"""
_RELEASED = "UPDATE payments_attempt SET release_at = NULL, released_at = %s WHERE reference = %s"
_SOON = "UPDATE payments_attempt SET release_at = least(release_at, %s) WHERE reference = %s AND release_at IS NOT NULL"


@errand
def request_split(
    *, source: str, reference: str, charge_reference: str, receiver: str, amount: Money, requested_at: datetime
) -> SplitStatus:
    """This will pay one share of a held charge to a receiver; the same reference again pays nothing again."""
    share = protocol.SplitReceiver(receiver=receiver, amount_minor=amount.minor)
    return gateway(source).split(
        protocol.Split(
            reference=reference, charge_reference=charge_reference, receivers=(share,), requested_at=requested_at
        )
    )


@errand
def request_split_return(
    *, source: str, reference: str, split_reference: str, receiver: str, amount: Money, requested_at: datetime
) -> SplitStatus:
    """This will take a share back from its receiver; the same reference again takes nothing again."""
    return gateway(source).return_split(
        protocol.SplitReturn(
            reference=reference,
            split_reference=split_reference,
            receiver=receiver,
            amount_minor=amount.minor,
            requested_at=requested_at,
        )
    )


@errand
def release_held(*, at: datetime, limit: int = RELEASE_BATCH) -> int:
    """This will release what is left of charges whose time to be split is nearly over, and give how many were asked."""
    claimed = claim_releases(SYSTEM, limit=limit, at=at)
    for source, reference in claimed:
        asked = protocol.Unfreeze(reference=f"u-{reference}", charge_reference=reference, requested_at=at)
        try:
            gateway(source).unfreeze(asked)
        except GatewayUnavailable:
            _log.warning("release_unanswered", reference=reference)
            continue
        except GatewayRefused as error:  # it was never paid, or is released already
            _log.warning("release_refused", reference=reference, code=error.code)
        mark_released(SYSTEM, reference=reference, at=at)
    return len(claimed)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def claim_releases(scope: Scope, *, limit: int, at: datetime) -> tuple[tuple[str, str], ...]:
    """This will take up the charges whose time to be released has come, and set the time to try again."""
    return tuple((source, reference) for source, reference in sql.fetch(_CLAIM, at + AGAIN, at, limit))


@action(needs=May.RECORD_PAYMENT_EVENTS)
def mark_released(scope: Scope, *, reference: str, at: datetime) -> None:
    """This will note that nothing of a charge is held any more: what is still earned of it leaves by the bank."""
    sql.run(_RELEASED, at, reference)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def release_soon(scope: Scope, *, reference: str, at: datetime) -> None:
    """This will have a charge released now: a refund needs more than it holds, and then comes out of the settlement."""
    sql.run(_SOON, at, reference)
