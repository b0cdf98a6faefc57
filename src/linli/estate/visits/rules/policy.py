"""What a community allows its residents and its guards."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.words import _


class VisitPolicy(Policy):
    """Passes and arrivals of a community."""

    word = "visits"
    says = _("Who may be invited, for how long, and what happens at the gate")
    of_company = True

    is_offered: bool = setting(True, says="Residents invite visitors on the phone")
    takes_arrivals: bool = setting(
        True, says="Visitors without a pass are registered at the gate and the home is asked"
    )
    gates: tuple[str, ...] = setting((), says="The gates at which guards stand, by their names")
    open_passes: int = setting(20, low=1, high=200, says="Open passes of one home, standing ones included")
    standing_passes: int = setting(5, low=0, high=50, says="Standing passes of one home")
    longest_days: int = setting(14, low=1, high=90, says="Days for which a pass for several days is good at most")
    standing_days: int = setting(180, low=1, high=366, says="Days for which a standing pass is good at most")
    days_ahead: int = setting(60, low=0, high=366, says="Days ahead for which a guest may be invited")
    most_entries: int = setting(20, low=1, high=100, says="Entries that a pass may have at most")
    answer_minutes: int = setting(
        5, low=1, high=60, says="Minutes in which the home answers an arrival, else it is refused"
    )
    enter_minutes: int = setting(30, low=5, high=240, says="Minutes in which an allowed visitor comes in")
    wrong_tries: int = setting(5, low=3, high=50, says="Wrong codes of one guard before a pause")
    pause_minutes: int = setting(10, low=1, high=120, says="Minutes of the pause after too many wrong codes")
    retention_days: int = setting(
        30, low=1, high=180, says="Days after which a guest's name, phone and plate are forgotten"
    )

    def contradictions(self) -> Iterable[Contradiction]:
        """A standing pass is good for longer than one for several days."""
        if self.longest_days > self.standing_days:
            yield Contradiction(
                ("longest_days", "standing_days"),
                _("A pass for several days would be good for longer than a standing one."),
            )
