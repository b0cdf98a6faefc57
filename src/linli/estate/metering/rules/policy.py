"""A community's own rules of reading its meters."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.words import _


class MeteringPolicy(Policy):
    """Who reads meters when, and what makes a reading doubtful."""

    word = "metering"
    says = _("How meters are read, and what makes a reading doubtful")
    of_company = True

    is_offered: bool = setting(True, says="Residents see their meters on the phone")
    owners_send: bool = setting(True, says="Residents may send readings themselves")
    owners_from_day: int = setting(20, low=1, high=28, says="Day of the month from which residents may send a reading")
    owners_until_day: int = setting(
        28, low=1, high=31, says="Day of the month until which residents may send a reading"
    )
    late_days: int = setting(0, low=0, high=14, says="Readings so many days after a month still belong to it")
    suspicious_times: Decimal = setting(
        Decimal(3), low=Decimal("1.1"), high=Decimal(100), says="A usage of so many times the usual one is doubtful"
    )
    answer_days: int = setting(
        7, low=1, high=60, says="A doubtful reading that nobody answers lapses after so many days"
    )

    def contradictions(self) -> Iterable[Contradiction]:
        """The window in which residents send readings begins before it ends."""
        if self.owners_from_day > self.owners_until_day:
            yield Contradiction(
                ("owners_from_day", "owners_until_day"),
                _("Readings could be sent on no day: it ends before it begins."),
            )
