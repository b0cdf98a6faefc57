"""What the clock does to permits: unpaid ones lapse, owners hear that their days end."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.permits import rules
from linli.estate.permits.actions.asking import move
from linli.estate.permits.models import Permit
from linli.kernel.ids import PartyId, PermitId
from linli.reach.notify import actions as notify
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

REMINDED_AGAIN = timedelta(days=1)


@action(needs=May.RUN_CLOCKS)
def keep_deadline(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will do what is due of a permit: let an unpaid one lapse, tell the owner whose days are over."""
    row = Permit.objects.within(scope).select_for_update().filter(pk=permit, due_at__lte=at).first()
    if row is None:
        return
    if row.state == rules.PermitState.GRANTED:
        move(row, rules.PermitVerb.LAPSE, scope, at, due_at=None)
    elif row.state == rules.PermitState.WORKING and row.asker:
        values = {"number": row.label, "day": row.end_on.isoformat()}
        notify.queue_message(SYSTEM, to=PartyId(row.asker), template="permit_over", values=values, at=at)
        Permit.objects.within(scope).filter(pk=permit).update(due_at=at + REMINDED_AGAIN)


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase what an erased person wrote, and what was written about their moving."""
    sql.run("SELECT permits_forget(%s)", person)
