"""A community's own rules of work orders."""

from __future__ import annotations

from linli.estate.workorders.rules.words import Way
from linli.ground.policies.rules import Policy, setting
from linli.kernel.words import _


class WorkOrderPolicy(Policy):
    """How repairs, complaints and services are given out, followed up and escalated."""

    word = "workorders"
    says = _("How repairs, complaints and services are done")
    of_company = True

    is_offered: bool = setting(True, says=_("Residents can ask for repairs and make complaints here"))
    desk_phone: str = setting("", says=_("The number on which residents reach the desk or their steward"))
    way: Way = setting(Way.NEAREST, says=_("How work finds who does it, where a type does not say otherwise"))
    most_open_jobs: int = setting(5, low=1, high=50, says=_("Most open jobs of one worker"))
    minutes_a_job: int = setting(40, low=5, high=480, says=_("Minutes that one open job counts when work is given"))
    quote_hours: int = setting(24, low=1, high=168, says=_("Hours for which a price waits for an answer"))
    pause_days: int = setting(14, low=1, high=90, says=_("Most days for which work may be paused at a time"))
    reopen_days: int = setting(7, low=1, high=90, says=_("Days in which who asked may rate the work or re-open it"))
    manager_hours: int = setting(4, low=1, high=168, says=_("Hours after which the manager hears of what is late"))
