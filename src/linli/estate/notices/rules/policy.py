"""How a community's notices are approved, told and kept."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.words import _


class NoticePolicy(Policy):
    """Notices of a community."""

    word = "notices"
    says = _("How notices are approved and told")
    of_company = True

    is_offered: bool = setting(True, says="Notices are shown to residents on the phone")
    needs_approval: bool = setting(False, says="A second person approves a notice before it is published")
    approval_days: int = setting(3, low=1, high=30, says="Days in which a notice is approved, else it goes back")
    draft_days: int = setting(60, low=7, high=365, says="Days after which a draft that nobody publishes is discarded")
    quiet_from_hour: int = setting(21, low=0, high=23, says="Hour from which no messages are sent until the morning")
    quiet_until_hour: int = setting(8, low=0, high=23, says="Hour at which messages are sent again")
    again_hours: int = setting(24, low=1, high=240, says="Hours after which those who have not read may be told again")

    def contradictions(self) -> Iterable[Contradiction]:
        """The quiet hours end, and a notice is not discarded while it waits for approval."""
        if self.quiet_from_hour == self.quiet_until_hour:
            yield Contradiction(
                ("quiet_from_hour", "quiet_until_hour"), _("Quiet hours that end when they begin are none, or all.")
            )
        if self.approval_days > self.draft_days:
            yield Contradiction(
                ("approval_days", "draft_days"), _("The draft would be discarded while it waits for approval.")
            )
