"""What payouts do when a fact comes up from the ground."""

from __future__ import annotations

from linli.ground.people.events import PersonErased
from linli.money.payouts import actions
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase where an erased person was paid."""
    actions.forget_receiver(SYSTEM, payee=fact.person, at=fact.at)
