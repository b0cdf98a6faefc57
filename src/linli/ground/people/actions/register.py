"""Registering persons and organisations; a phone that is known answers the party it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.people import rules
from linli.ground.people.actions.homes import MoveIn, move_in_all
from linli.ground.people.rules import PartyKind, ResidencyKind
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a bulk registration, with the home they live in where it is known."""

    name: str
    phone: str
    home: HomeId | None = None
    kind: str = ResidencyKind.OWNER.value
    start_on: date | None = None
    locale: str = rules.LOCALES[0]


@action(needs=May.KEEP_PEOPLE, private=("name", "phone"))
def register_person(_scope: Scope, *, name: str, phone: str, locale: str = rules.LOCALES[0], at: datetime) -> PartyId:
    """This will make a person known, or give the party that the phone belongs to, unchanged."""
    checked = _checked(PersonRow(name, phone, locale=locale), "")
    return _register(SYSTEM, rows=(checked,), at=at)[0]


@action(needs=May.KEEP_PEOPLE, private=("rows",))
def register_people(scope: Scope, *, rows: Sequence[PersonRow], at: datetime) -> tuple[PartyId, ...]:
    """This will make many persons known and move them into their homes, in a fixed number of statements.

    Gives a party for each row, in order. Known phones keep their party and its name; residencies that hold already are
    kept. One bad row refuses all.
    """
    if len(rows) > rules.MOST_ROWS:
        raise Invalid("rows", _("At most {most} rows at once."), most=rules.MOST_ROWS)
    checked = [_checked(row, f"rows.{number}.") for number, row in enumerate(rows)]
    parties = _register(SYSTEM, rows=checked, at=at)
    moves = [
        MoveIn(party, row.home, ResidencyKind(row.kind), row.start_on)
        for party, row in zip(parties, checked, strict=True)
        if row.home is not None and row.start_on is not None
    ]
    move_in_all(scope, moves, at)
    return parties


@action(needs=May.KEEP_PEOPLE)
def register_organisation(_scope: Scope, *, name: str, at: datetime) -> PartyId:
    """This will make an organisation known by its public name."""
    return _register_organisation(SYSTEM, name=_name(name, "name"), at=at)


# Whoever may register need not see the party that a phone belongs to already: these three statements are the house's.
@action(needs=May.KEEP_PEOPLE, private=("rows",))
def _register(_scope: Scope, *, rows: Sequence[PersonRow], at: datetime) -> tuple[PartyId, ...]:
    if not rows:
        return ()
    found = sql.fetch(
        "SELECT people_register(%s::uuid[], %s::text[], %s::text[], %s::text[], %s)",
        [ids.new() for _row in rows],
        [row.name for row in rows],
        [row.phone for row in rows],
        [row.locale for row in rows],
        at,
    )
    return tuple(PartyId(party) for party in found[0][0])


@action(needs=May.KEEP_PEOPLE)
def _register_organisation(_scope: Scope, *, name: str, at: datetime) -> PartyId:
    party = PartyId(ids.new())
    sql.run(
        "INSERT INTO people_party (id, kind, name, locale, registered_at) VALUES (%s, %s, %s, %s, %s)",
        party,
        PartyKind.ORGANISATION.value,
        name,
        rules.LOCALES[0],
        at,
    )
    return party


def _checked(row: PersonRow, prefix: str) -> PersonRow:
    phone = rules.phone_number(row.phone)
    if phone is None:
        raise Invalid(f"{prefix}phone", _("This is not a phone number."))
    if row.locale not in rules.LOCALES:
        raise Invalid(f"{prefix}locale", _("This language is not spoken here."))
    if row.home is not None and row.kind not in set(ResidencyKind):
        raise Invalid(f"{prefix}kind", _("Somebody lives in a home as owner, tenant or family."))
    if row.home is not None and row.start_on is None:
        raise Invalid(f"{prefix}start_on", _("The first day is missing."))
    return PersonRow(_name(row.name, f"{prefix}name"), phone, row.home, row.kind, row.start_on, row.locale)


def _name(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= rules.MOST_NAME_CHARACTERS or not name.isprintable():
        raise Invalid(field, _("A name of at most {most} characters is needed."), most=rules.MOST_NAME_CHARACTERS)
    return name
