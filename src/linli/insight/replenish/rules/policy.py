"""What a community may set about being reminded."""

from __future__ import annotations

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class ReplenishPolicy(Policy):
    """When something is proposed, and to whom."""

    word = "replenish"
    says = _("What homes are reminded of before it runs out")

    is_open: bool = setting(True, says="Homes may ask to be told what they will need next")
    least_percent: int = setting(35, low=5, high=95, says="How sure a forecast must be to be proposed, in percent")
    gates: tuple[str, ...] = setting((), says="Commodities with a percentage of their own, as rice=45")
    lead_days: int = setting(4, low=1, high=14, says="Days before the delivery day at which it is proposed")
    answer_days: int = setting(5, low=1, high=14, says="Days after which an unanswered proposal is forgotten")
    pause_days: int = setting(7, low=1, high=60, says="Days that 'not yet' puts a proposal off")
    fills_bins: bool = setting(True, says="Somebody may be sent to fill the bin, where the property company offers it")
    rise_percent: int = setting(10, low=0, high=50, says="A price so much above the agreed one is asked about first")

    def gate(self, commodity: str) -> float:
        """This will give the chance that a forecast of a commodity must reach."""
        for each in self.gates:
            key, _equals, percent = each.partition("=")
            if key.strip() == commodity and percent.strip().isdigit():
                return int(percent) / 100
        return self.least_percent / 100
