"""The provider's bank side, for payouts: payments alone speaks to gateways, and these are the doors to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from linli.kernel.money import Money
from linli.money.payments.gateways import protocol
from linli.money.payments.gateways.protocol import BankLine, GatewayRefused, GatewayUnavailable, TransferStatus
from linli.money.payments.gateways.registry import gateway, sources
from linli.spine.action import errand


@errand
def request_transfer(
    *,
    reference: str,
    amount: Money,
    currency: str,
    receiver_name: str,
    receiver_account: str,
    receiver_bank: str,
    memo: str,
    requested_at: datetime,
    source: str | None = None,
) -> tuple[str, TransferStatus]:
    """This will pay out of the custody account; the same reference again changes nothing. Gives who was asked, too."""
    source = source or sources()[0]
    return source, gateway(source).request_transfer(
        protocol.Transfer(
            reference=reference,
            amount_minor=amount.minor,
            currency=currency,
            receiver_name=receiver_name,
            receiver_account=receiver_account,
            receiver_bank=receiver_bank,
            memo=memo,
            requested_at=requested_at,
        )
    )


@errand
def fetch_bank_lines(*, day: date, source: str | None = None) -> Iterator[BankLine]:
    """This will read what the custody bank booked on a day, line by line."""
    return gateway(source or sources()[0]).fetch_bank_file(day)


__all__ = ["GatewayRefused", "GatewayUnavailable", "fetch_bank_lines", "request_transfer"]
