"""Moving in and out: asked for by the owner, ticked off by the desk, then written into residencies."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from linli.estate.permits import rules
from linli.estate.permits.actions.asking import filled, owned_home, short, terms
from linli.estate.permits.models import Relocation, RelocationCheck, RelocationMove
from linli.ground.people import actions as people
from linli.ground.people import queries as known
from linli.ground.people.rules import ResidencyKind, phone_number
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId, PermitId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

OVER: dict[str, Any] = {"name": "", "phone": "", "due_at": None, "next_at": None}
"""What goes with the end of a move: nothing waits any more, and nobody's name or number stays."""


class ChecksMissing(Refusal):
    """A move is finished when everything on its list is done."""

    says = _("Still to be done: {check}.")


@action(needs=May.ASK_FOR_PERMITS, private=("name", "phone"))
def ask_relocation(
    scope: Scope,
    *,
    home: HomeId,
    direction: rules.Direction,
    residency: str,
    day: date,
    name: str = "",
    phone: str = "",
    person: PartyId | None = None,
    at: datetime,
) -> PermitId:
    """This will ask for somebody to move into a home of the asker's (name and phone), or for a resident to leave."""
    card = owned_home(scope, home, at)
    terms(scope, card.community, at)
    if residency not in (ResidencyKind.TENANT, ResidencyKind.FAMILY):
        raise Invalid(
            "residency", _("A tenant or a member of the family moves; who owns a home is the desk's to enter.")
        )
    if direction is rules.Direction.MOVE_IN:
        name = filled("name", name, 80)
        if phone_number(phone) is None:
            raise Invalid("phone", _("Please write a phone number."))
    else:
        here = {each.party: each.kind for each in known.household(SYSTEM, home=home, at=at)}
        if person is None or here.get(person) != residency:
            raise Invalid("person", _("Please choose who moves out."))
    if day < places.day_in(card.community, at):
        raise Invalid("day", _("Please choose today or a later day."))
    today = places.day_in(card.community, at)
    due_at = at + timedelta(days=max(1, (day - today).days + 1))
    row = Relocation.objects.create(
        id=ids.new(),
        label=next_label("MV", place=card.community, day=today),
        community=card.community,
        home=home,
        asker=scope.person,
        state=rules.RELOCATION_LIFE.birth.value,
        asked_at=at,
        due_at=due_at,
        next_at=due_at,
        direction=direction.value,
        residency=residency,
        person=person,
        name=name,
        phone=phone if direction is rules.Direction.MOVE_IN else "",
        day=day,
    )
    moves.born(RelocationMove, row, "ask", scope=scope, at=at)
    return PermitId(row.pk)


@action(needs=May.DECIDE_PERMITS, private=("note",))
def check_relocation(scope: Scope, *, relocation: PermitId, item: rules.Check, note: str = "", at: datetime) -> None:
    """This will tick off an item; dues that are not settled are acknowledged in the note."""
    row = _held(scope, relocation)
    if (
        scope.person is None
        or row.state != rules.RelocationState.OPEN
        or item not in rules.checks_of(rules.Direction(row.direction))
    ):
        raise NotFound("item")
    said = filled("note", note, 200) if item is rules.Check.DUES else short("note", note, 200)
    RelocationCheck.objects.bulk_create(
        [
            RelocationCheck(
                id=ids.new(),
                relocation=row,
                community=row.community,
                item=item.value,
                note=said,
                done_by=scope.person,
                done_at=at,
            )
        ],
        ignore_conflicts=True,
    )


@action(needs=May.DECIDE_PERMITS)
def finish_relocation(scope: Scope, *, relocation: PermitId, at: datetime) -> None:
    """This will begin or end the residency when all is ticked off, and forget what was typed about the person."""
    row = _held(scope, relocation)
    rules.RELOCATION_LIFE.after(rules.RelocationState(row.state), rules.RelocationVerb.FINISH)
    done = set(RelocationCheck.objects.within(scope).filter(relocation=row).values_list("item", flat=True))
    missing = [check for check in rules.checks_of(rules.Direction(row.direction)) if check.value not in done]
    if missing:
        raise ChecksMissing(check=missing[0])
    home, person = HomeId(row.home), PartyId(row.person) if row.person else None
    if row.direction == rules.Direction.MOVE_IN:
        person = people.register_person(SYSTEM, name=row.name, phone=row.phone, at=at)
        people.move_in(scope, party=person, home=home, kind=row.residency, start_on=row.day, at=at)
    elif person is not None:
        people.move_out(scope, party=person, home=home, kind=row.residency, end_on=row.day, at=at)
    move_on(row, rules.RelocationVerb.FINISH, scope, at, person=person, **OVER)


@action(needs=May.ANYONE, private=("why",))
def call_off_relocation(scope: Scope, *, relocation: PermitId, why: str = "", at: datetime) -> None:
    """This will call a move off, by who asked for it or by the desk, and forget what was typed about the person."""
    row, said = _held(scope, relocation), short("why", why, 200)
    move_on(row, rules.RelocationVerb.CALL_OFF, scope, at, why=said, **OVER)


def _held(scope: Scope, relocation: PermitId) -> Relocation:
    row = Relocation.objects.within(scope).select_for_update().filter(pk=relocation).first()
    if row is None:
        raise NotFound("relocation")
    return row


def move_on(
    row: Relocation, verb: rules.RelocationVerb, scope: Scope, at: datetime, *, why: str = "", **changes: Any
) -> None:
    """This will take a verb on a move and leave its step."""
    life, states = rules.RELOCATION_LIFE, rules.RelocationState
    moves.take(RelocationMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)
