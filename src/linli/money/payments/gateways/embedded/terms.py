"""What the provider charges and when: pure arithmetic, half up to the cent, days in the provider's zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

# China has kept one offset since 1991; a fixed one needs no zone database on the machine.
ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
_ONE = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract between the merchant and the provider."""

    fee_bp: int = 60
    split_cap_bp: int = 10_000
    split_days: int = 30
    notice_h: int = 0
    """So many hours before a deduction its payer must have been told of it; 0: nobody need be told."""


def fee(amount_minor: int, fee_bp: int) -> int:
    """This will give the provider's fee of a charge, half up."""
    return _half_up(amount_minor * fee_bp, _ONE)


def fee_returned(fee_minor: int, amount_minor: int, refunded_before: int, refund: int) -> int:
    """This will give the part of the fee that comes back with a refund; the parts of a full refund sum to the fee."""
    after = _half_up(fee_minor * (refunded_before + refund), amount_minor)
    return after - _half_up(fee_minor * refunded_before, amount_minor)


def day_of(instant: datetime) -> date:
    """This will give the provider's business day of an instant."""
    return instant.astimezone(ZONE).date()


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
