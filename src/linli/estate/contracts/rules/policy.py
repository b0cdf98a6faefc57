"""A community's own rules of its contracts."""

from __future__ import annotations

from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class ContractPolicy(Policy):
    """How contracts are kept and collected."""

    word = "contracts"
    says = _("Contracts with suppliers and tenants")
    of_company = True

    is_offered: bool = setting(True, says=_("Contracts are kept and collected here"))
    bill_days: int = setting(7, low=0, high=60, says=_("Days before it is due on which a row becomes a bill"))
    draft_days: int = setting(60, low=1, high=365, says=_("Days after which a draft that nobody signed is dropped"))
