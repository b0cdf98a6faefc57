"""What billing does when money has arrived, when bills went out, and when a person is erased."""

from __future__ import annotations

from linli.estate.billing import actions
from linli.estate.billing.events import BillsIssued
from linli.ground.people.events import MovedOut, PersonErased
from linli.money.payments.events import AgreementEnded, AgreementSigned, Collected, CollectedTooLate, CollectionClosed
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(Collected, purpose="bill")
def record_payment(fact: Collected) -> None:
    """This will pay the lines that the money was for."""
    actions.record_payment(SYSTEM, payment=fact.for_, at=fact.at)


@reacts_to(CollectedTooLate, purpose="bill")
@reacts_to(CollectedTooLate, purpose="deduction")
@reacts_to(CollectedTooLate, purpose="deposit")
@reacts_to(CollectedTooLate, purpose="wallet")
@reacts_to(CollectedTooLate, purpose="term")
def tell_goes_back(fact: CollectedTooLate) -> None:
    """This will tell who paid twice or too late, whatever it was for, that the money goes back."""
    actions.tell_goes_back(SYSTEM, for_=fact.for_, amount=fact.amount, at=fact.at)


@reacts_to(Collected, purpose="deposit")
def record_deposit(fact: Collected) -> None:
    """This will hold the deposit that the money was for."""
    actions.record_deposit(SYSTEM, deposit=fact.for_, collection=fact.collection, at=fact.at)


@reacts_to(Collected, purpose="wallet")
def record_topup(fact: Collected) -> None:
    """This will put into a wallet what was paid for that."""
    actions.record_topup(SYSTEM, topup=fact.for_, at=fact.at)


@reacts_to(Collected, purpose="term")
def record_term(fact: Collected) -> None:
    """This will hold the months of a fee that were paid ahead."""
    actions.record_term(SYSTEM, term=fact.for_, at=fact.at)


@reacts_to(Collected, purpose="deduction")
def record_deduction(fact: Collected) -> None:
    """This will pay the lines that were taken automatically."""
    actions.record_deduction(SYSTEM, payment=fact.for_, at=fact.at)


@reacts_to(CollectionClosed, purpose="deduction")
def decline_deduction(fact: CollectionClosed) -> None:
    """This will plan the next try of an automatic payment that came to nothing, or give it up."""
    actions.decline_deduction(SYSTEM, collection=fact.collection, why=fact.why, at=fact.at)


@reacts_to(AgreementSigned, purpose="mandate")
def record_signature(fact: AgreementSigned) -> None:
    """This will put a mandate into force."""
    actions.record_signature(SYSTEM, mandate=fact.for_, at=fact.at)


@reacts_to(AgreementEnded, purpose="mandate")
def record_end(fact: AgreementEnded) -> None:
    """This will end a mandate whose agreement is over."""
    actions.record_end(SYSTEM, mandate=fact.for_, why=fact.why, at=fact.at)


@reacts_to(MovedOut)
def cut_terms(fact: MovedOut) -> None:
    """This will cut the terms of whoever owns or rents the home no more."""
    actions.cut_terms(SYSTEM, home=fact.home, person=fact.person, cut_on=fact.end_on, at=fact.at)


@reacts_to(BillsIssued)
def tell_obligors(fact: BillsIssued) -> None:
    """This will tell everybody who owes a bill of the month that it is there."""
    actions.tell_obligors(SYSTEM, month=fact.month, community=fact.community, first_on=fact.first_on, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will empty what was written about an erased person."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)
