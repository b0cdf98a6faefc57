"""What contracts do when a fact comes up: a billed row is paid or open again, a person is erased."""

from __future__ import annotations

from uuid import UUID

from linli.estate.billing.events import LinePaid, LineReopened
from linli.estate.contracts import actions
from linli.ground.people.events import PersonErased
from linli.spine.outbox import reacts_to
from linli.spine.scope import SYSTEM


@reacts_to(LinePaid)
def note_row_paid(fact: LinePaid) -> None:
    """This will note that a row of a plan was paid."""
    if row := _row(fact.source):
        actions.note_row_paid(SYSTEM, row=row, line=fact.line, at=fact.at)


@reacts_to(LineReopened)
def note_row_open(fact: LineReopened) -> None:
    """This will note that money of a row went back."""
    if row := _row(fact.source):
        actions.note_row_open(SYSTEM, row=row, line=fact.line, at=fact.at)


@reacts_to(PersonErased)
def forget_person(fact: PersonErased) -> None:
    """This will erase what was written about an erased person's contracts, and by them."""
    actions.forget_person(SYSTEM, person=fact.person, at=fact.at)


def _row(source: str) -> UUID | None:
    word, _contract, row = (*source.split(":"), "", "")[:3]
    return UUID(row) if word == "contract" and row else None
