"""Who of the platform works on a disputed refund, so that no two people ask the same neighbour twice."""

from __future__ import annotations

from datetime import datetime

from linli.kernel.ids import PartyId, RefundId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import rules
from linli.trade.orders.actions.refund import TakenByAnother, held_refund
from linli.trade.orders.models import Refund


@action(needs=May.REFUND_ORDER)
def take_up_refund(scope: Scope, *, refund: RefundId, instead_of: PartyId | None = None, at: datetime) -> None:
    """This will note that the asker works on a dispute; of whoever had it, only where that person is named.

    Nobody has to take a dispute up to decide it, and the clock decides what is left lying as before.
    """
    row = _disputed(scope, refund)
    if row.taken_by == scope.person:
        return
    if row.taken_by not in (None, instead_of):
        raise TakenByAnother
    _note(row, taken_by=scope.person, taken_at=at)


@action(needs=May.REFUND_ORDER)
def leave_refund(scope: Scope, *, refund: RefundId, at: datetime) -> None:
    """This will put a dispute back that the asker works on: it is nobody's again."""
    row = _disputed(scope, refund)
    if row.taken_by != scope.person:
        raise TakenByAnother
    _note(row, taken_by=None, taken_at=None)


def _disputed(scope: Scope, refund: RefundId) -> Refund:
    """A request that waits for the platform, with its order under lock; any other does not exist for them."""
    if not scope.is_inside or scope.person is None:
        raise NotFound("refund")
    _order, row = held_refund(scope, refund)
    rules.REFUND_LIFE.after(rules.RefundState(row.state), rules.RefundVerb.REJECT)
    return row


def _note(row: Refund, *, taken_by: PartyId | None, taken_at: datetime | None) -> None:
    Refund.objects.inside().filter(pk=row.pk).update(taken_by=taken_by, taken_at=taken_at)
