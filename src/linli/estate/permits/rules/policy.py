"""A community's terms of permits."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _


class PermitPolicy(Policy):
    """What works, moves and goods need."""

    word = "permits"
    says = _("What works in homes, moves and goods at the gate need")
    of_company = True

    is_offered: bool = setting(True, says="Permits are asked for here")
    deposit: Money = setting(Money(200_000), low=Money.zero, says="Deposit for works in a home")
    fee: Money = setting(Money(30_000), low=Money.zero, says="Fee for clearing away rubble")
    decide_days: int = setting(3, low=1, high=30, says="Days in which the desk decides on works")
    pay_days: int = setting(14, low=1, high=90, says="Days in which deposit and fee are paid, else the permit lapses")
    longest_days: int = setting(90, low=7, high=730, says="Days that works may last at most")
    extend_days: int = setting(30, low=1, high=365, says="Days by which works may be extended at once")
    accept_days: int = setting(3, low=1, high=30, says="Days in which finished works are looked at")
    watch_days: int = setting(
        30, low=0, high=365, says="Days for which accepted works are watched before the deposit goes back"
    )
    move_days: int = setting(14, low=1, high=90, says="Days after which a move that nobody finished lapses")
    manager_hours: int = setting(24, low=1, high=168, says="Hours after which managers hear of what is still late")
    release_hours: int = setting(24, low=1, high=168, says="Hours for which a slip opens the gate for goods")

    def contradictions(self) -> Iterable[Contradiction]:
        """An extension is no longer than the works themselves may be."""
        if self.extend_days > self.longest_days:
            yield Contradiction(
                ("extend_days", "longest_days"), _("Works would be extended by more than they may last at most.")
            )
