"""Forgetting the words of persons who are erased."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import PartyId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what was typed about an erased person's orders, and what they typed about those of others."""
    sql.run("SELECT orders_forget_words(%s)", person)
