"""Letting go of a deposit that nothing is held against any more, by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.deposits import entry_of, return_deposit
from linli.estate.billing.models import Deposit
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.RUN_CLOCKS)
def lapse_deposit(scope: Scope, *, deposit: UUID, at: datetime) -> bool:
    """This will let a deposit lapse that nobody has paid, and tell whether it has: False of one that was paid."""
    row = _held(scope, deposit)
    state = rules.DepositState(row.state)
    if state is rules.DepositState.ASKED:
        row.state = rules.DEPOSIT_LIFE.after(state, rules.DepositVerb.LAPSE).value
        row.save(update_fields=["state"])
        entry_of(scope, row, rules.DepositVerb.LAPSE, Money(row.amount_minor), at).save(force_insert=True)
    return rules.DepositState(row.state) is rules.DepositState.LAPSED


@action(needs=May.RUN_CLOCKS)
def release_deposit(scope: Scope, *, deposit: UUID, at: datetime) -> bool:
    """This will end a deposit: unpaid it lapses, and what was paid on the phone goes back the way it came.

    What was paid by hand waits for the desk, and False says so. Of one that is over nothing is left to do.
    """
    if lapse_deposit(scope, deposit=deposit, at=at):
        return True
    row = _held(scope, deposit)
    if row.state == rules.DepositState.HELD:
        if row.collection is None:
            return False
        return_deposit(scope, deposit=deposit, channel=rules.Channel.ONLINE, at=at)
    return True


def _held(scope: Scope, deposit: UUID) -> Deposit:
    row = Deposit.objects.within(scope).select_for_update().filter(pk=deposit).first()
    if row is None:
        raise NotFound("deposit")
    return row
