"""What billing does when money for a bill has arrived."""

from __future__ import annotations

from linli.estate.billing import actions
from linli.money.payments.events import Collected
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(Collected, purpose="bill")
def record_payment(fact: Collected) -> None:
    """This will pay the lines that the money was for."""
    actions.record_payment(SYSTEM, payment=fact.for_, at=fact.at)


@reacts_to(Collected, purpose="deposit")
def record_deposit(fact: Collected) -> None:
    """This will hold the deposit that the money was for."""
    actions.record_deposit(SYSTEM, deposit=fact.for_, collection=fact.collection, at=fact.at)
