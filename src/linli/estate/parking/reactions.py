"""What parking does when money arrives, when vouchers are paid, and when a person is erased."""

from __future__ import annotations

from linli.estate.billing.events import LinePaid
from linli.estate.parking import actions
from linli.ground.people.events import PersonErased
from linli.money.payments.events import Collected
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(Collected, purpose="parking")
def record_payment(fact: Collected) -> None:
    """This will book the payment of a stay."""
    actions.record_payment(SYSTEM, payment=fact.for_, at=fact.at)


@reacts_to(LinePaid)
def open_stock(fact: LinePaid) -> None:
    """This will let prepaid vouchers be given."""
    stock = actions.stock_of(fact.source)
    if stock is not None:
        actions.open_stock(SYSTEM, stock=stock, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will forget the cars that an erased person registered, and what they wrote."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
