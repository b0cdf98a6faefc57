"""Trust learns of purchases from completed orders."""

from __future__ import annotations

from collections.abc import Sequence

from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders.events import OrderCompleted
from linli.trust.reviews import actions


@reacts_to(OrderCompleted, together=True)
def note_purchases(facts: Sequence[OrderCompleted]) -> None:
    """This will let the buyers of completed orders review them."""
    actions.note_purchases(SYSTEM, facts=facts, at=max(fact.at for fact in facts))
