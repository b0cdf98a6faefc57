"""Money that nobody waited for any more: whoever paid it reads that it goes back, whatever it was for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.estate.billing.actions.telling import tell_people
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

_PAYER = """
    SELECT payer, community FROM billing_payment WHERE id = %s
    UNION ALL SELECT obligor, community FROM billing_deposit WHERE id = %s
    UNION ALL SELECT payer, community FROM billing_topup WHERE id = %s
    UNION ALL SELECT obligor, community FROM billing_term WHERE id = %s
"""


@action(needs=May.RECORD_PAYMENT_EVENTS)
def tell_goes_back(scope: Scope, *, for_: UUID, amount: Money, at: datetime) -> int:
    """This will tell who paid a bill, a deposit, a top-up or a term twice or too late that it goes back; of a
    cashier's code nobody is known."""
    row = sql.fetch_one(_PAYER, for_, for_, for_, for_)
    return 0 if row is None else tell_payer(row[0], CommunityId(row[1]), amount, at)


def tell_payer(payer: UUID | None, community: CommunityId, amount: Money, at: datetime) -> int:
    """This will tell a payer, where one is known, that so much of theirs goes back the way it came."""
    if payer is None:
        return 0
    return tell_people([PartyId(payer)], "payment_goes_back", community, at, amount=str(amount))
