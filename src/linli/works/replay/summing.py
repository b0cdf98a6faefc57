"""Summing up: what the replay came to, read from the books at the end, so that no interruption can falsify it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CityId
from linli.kernel.money import Money
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import platform_book
from linli.money.payments import queries as payments
from linli.money.payouts import queries as payouts
from linli.money.payouts.rules import Kind, PayoutState
from linli.spine.findings import Finding
from linli.spine.scope import SYSTEM
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import CheckoutState, OrderState, RefundState
from linli.trade.stock import queries as stock
from linli.trust.reviews import queries as reviews
from linli.works.doctor.examination import PARTS
from linli.works.replay.panel import SAYING

_ENDED = {OrderState.CLOSED, OrderState.REFUSED, OrderState.CANCELLED}
_GONE_BACK = {RefundState.REPAID}
_BALANCED = "Every journal's postings sum to zero"
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Amounts are in minor units. The fields of `CHECKS` are zero when everything is right."""

    data: str = SAYING
    checkouts: int
    checkouts_paid: int
    orders: int
    orders_by_end: dict[str, int]
    refunds: int
    reviews: int
    turnover_minor: int
    refunded_minor: int
    shares_minor: dict[str, int]
    paid_out_minor: int
    unbalanced_journals: int
    open_orders: int
    open_escrow_minor: int
    shares_off_minor: int
    refunds_under_way: int
    reconciliation_differences: int
    oversold_units: int
    faults: int
    seconds: float
    orders_per_second: float


DOCTORS = ("ledger", "payments", "payouts", "stock", "orders")
"""Parts of the house that the doctor is asked about; the outbox and the installation live by the real clock."""
CHECKS = (
    "unbalanced_journals",
    "open_orders",
    "open_escrow_minor",
    "shares_off_minor",
    "refunds_under_way",
    "reconciliation_differences",
    "oversold_units",
    "faults",
)


def sum_up(city: CityId, *, at: datetime, seconds: float) -> Summary:
    """This will read the books of the replay's city. `seconds` is how long this run played."""
    tally = orders.tally(SYSTEM)
    trial = ledger.trial_balance(SYSTEM, book=platform_book(city), at=at)
    found = ledger.check(SYSTEM)
    earned = payouts.earned(SYSTEM)
    placed = sum(tally.orders.values())
    shares = {kind.value: earned.get(kind, Money.zero).minor for kind in Kind}
    shares["platform"] = -trial.balance_of("platform_commission").minor
    differences = payments.differences(SYSTEM, open_only=True, limit=500)
    return Summary(
        checkouts=sum(tally.checkouts.values()),
        checkouts_paid=tally.checkouts.get(CheckoutState.PLACED, 0),
        orders=placed,
        orders_by_end={state.value: tally.orders[state] for state in sorted(tally.orders)},
        refunds=sum(tally.refunds.get(state, 0) for state in _GONE_BACK),
        reviews=reviews.written(),
        turnover_minor=tally.served.minor,
        refunded_minor=tally.refunded.minor,
        shares_minor=shares,
        paid_out_minor=_paid_out(city).minor,
        unbalanced_journals=_unbalanced(found),
        open_orders=sum(n for state, n in tally.orders.items() if state not in _ENDED),
        open_escrow_minor=-trial.balance_of("order_escrow").minor,
        shares_off_minor=(tally.served - tally.refunded).minor - sum(shares.values()),
        refunds_under_way=len(payments.refunds(SYSTEM, waiting_only=True, limit=500)),
        reconciliation_differences=len(differences) + len(payouts.bank_differences(SYSTEM, limit=500)),
        oversold_units=stock.oversold(SYSTEM),
        faults=len(_faults(at)),
        seconds=round(seconds, 1),
        orders_per_second=round(placed / seconds, 1) if seconds else 0.0,
    )


def is_right(summary: Summary) -> bool:
    """This will tell whether every check of the summary is zero."""
    return not any(getattr(summary, check) for check in CHECKS)


def _faults(at: datetime) -> list[str]:
    """What the doctor finds wrong with the books, the goods and the orders as of the replay's last instant."""
    found = [finding for part in DOCTORS for finding in PARTS[part](at)]
    return [finding.invariant for finding in found if not finding.ok]


def _unbalanced(found: Sequence[Finding]) -> int:
    return next(len(finding.details) for finding in found if finding.invariant == _BALANCED)


def _paid_out(city: CityId) -> Money:
    total, after = Money.zero, None
    while page := payouts.payouts(SYSTEM, city=city, after=after, limit=_PAGE):
        total += Money.total(payout.amount for payout in page if payout.state is PayoutState.SETTLED)
        after = page[-1].id
    return total
