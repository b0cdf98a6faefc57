"""What billing tells: the deposit is held, the fee is paid, the deposit is settled."""

from __future__ import annotations

from datetime import datetime

from linli.estate.permits import rules
from linli.estate.permits.actions.asking import move
from linli.estate.permits.actions.deciding import begin_if_paid
from linli.estate.permits.models import Permit
from linli.kernel.ids import PermitId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.RUN_CLOCKS)
def note_deposit(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will note that the deposit is held, and let the works begin if nothing else is owed."""
    _paid(scope, permit, "deposit_held", at)


@action(needs=May.RUN_CLOCKS)
def note_fee(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will note that the fee is paid, and let the works begin if nothing else is owed."""
    _paid(scope, permit, "fee_paid", at)


@action(needs=May.RUN_CLOCKS)
def note_settled(scope: Scope, *, permit: PermitId, at: datetime) -> None:
    """This will note that nothing of the deposit is held any more, wherever it was given back."""
    row = Permit.objects.within(scope).select_for_update().filter(pk=permit, deposit_held=True).first()
    if row is None:
        return
    Permit.objects.within(scope).filter(pk=permit).update(deposit_held=False)
    if row.state == rules.PermitState.ACCEPTED:
        move(row, rules.PermitVerb.CLOSE, scope, at, due_at=None)


def _paid(scope: Scope, permit: PermitId, what: str, at: datetime) -> None:
    row = Permit.objects.within(scope).select_for_update().filter(pk=permit).first()
    if row is None or getattr(row, what):
        return
    setattr(row, what, True)
    row.save(update_fields=[what])
    begin_if_paid(row, scope, at)
