"""The community's policy of orders: how long each may take. Frozen on the order at sale, in minutes."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _


class OrderPolicy(Policy):
    """How long a price is kept and how long each side is waited for."""

    word = "orders"
    says = _("How long each step of an order may take")

    lock_minutes: int = setting(10, low=1, high=120, says="Minutes for which shown prices are kept at checkout")
    pay_minutes: int = setting(15, low=1, high=1440, says="Minutes in which a placed checkout is paid")
    accept_minutes: int = setting(15, low=1, high=1440, says="Minutes in which the shop accepts a paid order")
    prepare_minutes: int = setting(90, low=1, high=10080, says="Minutes in which an accepted order is ready")
    dispatch_minutes: int = setting(120, low=1, high=10080, says="Minutes in which the shop sends out what is ready")
    fetch_days: int = setting(2, low=1, high=30, says="Days for which an order waits for its buyer to fetch it")
    confirm_hours: int = setting(24, low=1, high=720, says="Hours after which an order sent out counts as received")
    refund_days: int = setting(7, low=0, high=90, says="Days after completion in which the buyer may ask a refund")
    reply_hours: int = setting(24, low=1, high=720, says="Hours in which the shop answers a refund request")
    decide_hours: int = setting(72, low=1, high=720, says="Hours in which the platform decides a disputed refund")
    count_in_hours: int = setting(
        24, low=1, high=168, says="Hours in which a shop counts in what came back, before it is told again"
    )
    write_off_days: int = setting(
        7, low=1, high=60, says="Days after which what came back and nobody counted in is written off"
    )
    basket_lines: int = setting(100, low=1, high=500, says="Most different things in a basket")
    line_quantity: int = setting(99, low=1, high=9999, says="Most pieces of one thing in a basket")
    cash_most: Money = setting(
        Money(500_00), low=Money(0), says="Most that an order may cost to be paid in cash at the door; 0: no cash"
    )
    cash_promises: int = setting(3, low=1, high=50, says="Most orders that a buyer may have promised to pay in cash")
    transfer_hours: int = setting(
        72, low=0, high=240, says="Hours for which a checkout waits for a bank transfer; 0: no transfers"
    )
    transfer_from: Money = setting(
        Money(200_00), low=Money(0), says="Sum from which a checkout may be paid by bank transfer"
    )

    def contradictions(self) -> Iterable[Contradiction]:
        """A shop is told again before what it did not count in is written off."""
        if self.count_in_hours >= 24 * self.write_off_days:
            yield Contradiction(
                ("count_in_hours", "write_off_days"), _("It would be written off before its shop is told again.")
            )
