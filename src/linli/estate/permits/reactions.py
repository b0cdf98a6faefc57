"""What permits learn: from billing that something was paid or given back, from people who is to be forgotten."""

from __future__ import annotations

from uuid import UUID

from linli.estate.billing.events import DepositSettled, DepositTaken, LinePaid
from linli.estate.permits import actions
from linli.ground.people.events import PersonErased
from linli.kernel.ids import PermitId
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM

_OURS = "permit:"


@reacts_to(DepositTaken)
def note_deposit(fact: DepositTaken) -> None:
    """This will let works begin whose deposit is held."""
    if fact.source.startswith(_OURS):
        actions.note_deposit(SYSTEM, permit=_permit(fact.source), at=fact.at)


@reacts_to(LinePaid)
def note_fee(fact: LinePaid) -> None:
    """This will let works begin whose fee is paid."""
    if fact.source.startswith(_OURS):
        actions.note_fee(SYSTEM, permit=_permit(fact.source), at=fact.at)


@reacts_to(DepositSettled)
def note_settled(fact: DepositSettled) -> None:
    """This will close accepted works whose deposit went back."""
    if fact.source.startswith(_OURS):
        actions.note_settled(SYSTEM, permit=_permit(fact.source), at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase the words of an erased person."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)


def _permit(source: str) -> PermitId:
    return PermitId(UUID(source.removeprefix(_OURS)))
