"""A community's own rules of charging, and its company's."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from linli.estate.billing.rules.allocating import First
from linli.estate.billing.rules.instalments import BrokenFrom
from linli.estate.billing.rules.wallets import OverpaidTo
from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _


class BillingPolicy(Policy):
    """Whether bills are on the phone, how payments are spent on what is owed, and every deadline of both."""

    word = "billing"
    says = _("Bills, payments, reminders, wallets and instalments")
    of_company = True

    is_offered: bool = setting(True, says="Bills are shown to residents and can be paid on the phone")
    credit_pays: bool = setting(True, says="What is kept of payments pays new bills by itself")
    invoice_days: int = setting(7, low=1, high=60, says="Days in which an invoice that was asked for is answered")
    waiver_days: int = setting(14, low=1, high=90, says="Days in which a waiver that was asked for is decided")
    waived_by_two: bool = setting(True, says="Who asked for a waiver may not approve it")
    deposit_days: int = setting(30, low=1, high=365, says="Days for which a deposit that was asked for may be paid")
    once_due_days: int = setting(7, low=0, high=90, says="Days in which a single charge (a repair, a permit) is due")
    reminder_days: tuple[int, ...] = setting((3, 15, 30), says="Days after a charge was due on which it is reminded of")
    quiet_from_hour: int = setting(21, low=0, high=23, says="Hour from which nobody is told of money until the morning")
    quiet_until_hour: int = setting(8, low=0, high=23, says="Hour at which people are told of money again")
    overpaid_to: OverpaidTo = setting(OverpaidTo.HOME, says="Where the rest of a payment goes that was too much")
    has_wallet: bool = setting(True, says="Residents may keep money in a wallet that pays their bills")
    topup_most: Money = setting(
        Money(500_000), low=Money(100), high=Money(10_000_000), says="The most that one top-up of a wallet may be"
    )
    term_days: int = setting(2, low=1, high=30, says="Days in which a prepaid term that was asked for may be paid")
    cut_days: int = setting(
        30, low=1, high=180, says="Days after a sale in which the rest of a prepaid term may be handed on"
    )
    plan_stops_late: bool = setting(True, says="No late fee runs while an instalment plan is kept")
    plan_grace_days: int = setting(
        5, low=0, high=60, says="Days by which an instalment may be late before its plan breaks"
    )
    plan_told_days: int = setting(3, low=0, high=30, says="Days before an instalment is due on which it is told of")
    plan_broken_from: BrokenFrom = setting(BrokenFrom.BREAK, says="From when late fees run once a plan is broken")
    has_deduction: bool = setting(True, says="Residents may have their bills taken automatically")
    deduct_most: Money = setting(
        Money(1_000_000), low=Money(100), high=Money(100_000_000), says="The most that one automatic payment may be"
    )
    deduct_days: int = setting(0, low=0, high=30, says="Days before a bill is due on which it is taken automatically")
    deduct_told_days: int = setting(
        2, low=0, high=30, says="Days before an automatic payment on which its payer is told of it"
    )
    deduct_again_days: tuple[int, ...] = setting(
        (1, 3), says="Days after a declined automatic payment on which it is tried again"
    )

    def contradictions(self) -> Iterable[Contradiction]:
        """Whoever pays automatically is told in time, and days of a list follow each other."""
        if self.deduct_days + self.deduct_told_days > self.once_due_days:
            yield Contradiction(
                ("deduct_told_days", "deduct_days", "once_due_days"),
                _("A single charge would be due before its payer could be told of the automatic payment."),
            )
        if self.quiet_from_hour == self.quiet_until_hour:
            yield Contradiction(
                ("quiet_from_hour", "quiet_until_hour"), _("Quiet hours that end when they begin are none, or all.")
            )
        if any(before >= after for before, after in pairwise((0, *self.reminder_days))):
            yield Contradiction(("reminder_days",), _("Each reminder comes later than the one before it."))
        if any(days < 1 for days in self.deduct_again_days):
            yield Contradiction(("deduct_again_days",), _("It is tried again a day later at the earliest."))

    first: First = setting(First.OLDEST, says="What a payment pays first, where it does not reach for everything")
