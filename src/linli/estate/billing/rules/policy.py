"""A community's own rules of charging, and its company's."""

from __future__ import annotations

from linli.estate.billing.rules.allocating import First
from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class BillingPolicy(Policy):
    """Whether bills are on the phone, and how payments are spent on what is owed."""

    word = "billing"
    says = _("How payments are spent on what is owed")
    of_company = True

    is_offered: bool = setting(True, says="Bills are shown to residents and can be paid on the phone")
    credit_pays: bool = setting(True, says="What is kept of payments pays new bills by itself")
    invoice_days: int = setting(7, low=1, high=60, says="Days in which an invoice that was asked for is answered")
    waiver_days: int = setting(14, low=1, high=90, says="Days in which a waiver that was asked for is decided")
    waived_by_two: bool = setting(True, says="Who asked for a waiver may not approve it")
    deposit_days: int = setting(30, low=1, high=365, says="Days for which a deposit that was asked for may be paid")
    once_due_days: int = setting(7, low=0, high=90, says="Days in which a single charge (a repair, a permit) is due")
    reminder_days: tuple[int, ...] = setting((3, 15, 30), says="Days after a charge was due on which it is reminded of")
    first: First = setting(First.OLDEST, says="What a payment pays first, where it does not reach for everything")
