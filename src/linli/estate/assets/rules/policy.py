"""A community's own rules of its assets."""

from __future__ import annotations

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class AssetPolicy(Policy):
    """How the register of assets is kept."""

    word = "assets"
    says = _("The register of assets")
    of_company = True

    is_offered: bool = setting(True, says=_("Assets are registered and maintained by plans here"))
    repair_days: int = setting(14, low=1, high=365, says=_("Days after which an asset in repair is late"))
    taking_days: int = setting(30, low=1, high=180, says=_("Days in which a stock-taking is finished"))
    reminder_days: tuple[int, ...] = setting(
        (60, 30, 7), says=_("Days before a certificate expires on which the desk is reminded")
    )
