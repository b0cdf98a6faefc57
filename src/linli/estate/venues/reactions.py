"""What venues learn: from billing that a deposit is held or over, from people who is to be forgotten."""

from __future__ import annotations

from uuid import UUID

from linli.estate.billing.events import DepositSettled, DepositTaken
from linli.estate.venues import actions
from linli.ground.people.events import PersonErased
from linli.kernel.ids import BookingId
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM

_OURS = "booking:"


@reacts_to(DepositTaken)
def note_deposit(fact: DepositTaken) -> None:
    """This will let a booking stand whose deposit is held."""
    if fact.source.startswith(_OURS):
        actions.note_deposit(SYSTEM, booking=_booking(fact.source), at=fact.at)


@reacts_to(DepositSettled)
def note_settled(fact: DepositSettled) -> None:
    """This will note that nothing is held for a booking any more."""
    if fact.source.startswith(_OURS):
        actions.note_settled(SYSTEM, booking=_booking(fact.source), at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what was written about an erased person's bookings."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)


def _booking(source: str) -> BookingId:
    return BookingId(UUID(source.removeprefix(_OURS)))
