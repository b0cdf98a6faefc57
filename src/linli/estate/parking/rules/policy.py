"""A community's own rules of parking."""

from __future__ import annotations

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class ParkingPolicy(Policy):
    """Cars: who may keep them here, and what happens at the barrier."""

    word = "parking"
    says = _("Parking")
    of_company = True

    is_offered: bool = setting(True, says="Whether the community runs its car parks here")
    vehicles_per_home: int = setting(3, low=0, high=20, says="How many cars a home may register")
    owners_register: bool = setting(True, says="Whether residents register their cars themselves")
    turns_away_debtors: bool = setting(
        False, says="Whether a guest who left without paying is kept out until it is paid"
    )
    forgotten_after_days: int = setting(
        90, low=1, high=730, says="Days after which a stay that nobody saw ending is closed"
    )
    voucher_code_h: int = setting(24, low=1, high=168, says="Hours for which the code of a voucher can be used")
    plates_kept_days: int = setting(
        365, low=30, high=1095, says="Days for which the plates of stays that are over are kept"
    )
