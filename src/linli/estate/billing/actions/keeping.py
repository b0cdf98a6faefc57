"""What is kept of receipts pays the bills to come, by itself and at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.settling import tell_paid
from linli.estate.billing.models import Line
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.spine import sql
from linli.spine.scope import Scope

PORTION = 1_000
"""So many subjects at a time: their legs fit into one posting."""


def use_credit(scope: Scope, community: CommunityId, at: datetime, *, subject: UUID | None = None) -> Money:
    """This will pay what is open by what is kept for it, in a community or for one subject; tells how much it was.

    A home's rests pay its own lines first, then those of what belongs to it.
    """
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    used = Money.zero
    if not terms.credit_pays:
        return used
    currency = places.market_of(community).currency
    for through in (False, True):
        receipts = 1
        while receipts:
            with ledger.refusing():
                ((receipts, minor, paid),) = sql.fetch(
                    "SELECT * FROM billing_use_credit(%s, %s, %s, %s, %s, %s, %s)",
                    community,
                    currency,
                    subject,
                    terms.first.value,
                    through,
                    PORTION,
                    at,
                )
            used += Money(minor)
            for row in Line.objects.within(scope).filter(pk__in=paid or ()).order_by("id"):
                tell_paid(row, at)
    return used
