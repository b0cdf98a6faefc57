"""Trust learns of purchases from completed orders, and forgets what erased persons said."""

from __future__ import annotations

from collections.abc import Sequence

from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM
from linli.trade.orders.events import OrderCompleted
from linli.trust.reviews import actions


@reacts_to(OrderCompleted, together=True)
def note_purchases(facts: Sequence[OrderCompleted]) -> None:
    """This will let the buyers of completed orders review them."""
    actions.note_purchases(SYSTEM, facts=facts, at=max(fact.at for fact in facts))


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase the words and pictures of an erased person's reviews."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
