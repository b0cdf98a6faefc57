"""The family of a home: whoever owns or rents it says who else lives there, and everybody may leave by themselves."""

from __future__ import annotations

from datetime import date, datetime

from linli.ground.people import queries, rules
from linli.ground.people.actions.homes import AlreadyResident, move_in, move_out
from linli.ground.people.actions.register import register_person
from linli.ground.people.queries import Resident
from linli.ground.people.rules import ResidencyKind
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class FamilyIsFull(Refusal):
    """More people than live in any home."""

    says = _("At most {most} family members can be entered in one home.")


@action(needs=May.KEEP_HOUSEHOLD, private=("name", "phone"))
def add_family(scope: Scope, *, home: HomeId, name: str, phone: str, at: datetime) -> PartyId:
    """This will let somebody live in a home as family from today on; a known phone keeps its party and its name."""
    locks.hold(("household", home))
    household = _kept(scope, home, at)
    if sum(each.kind == ResidencyKind.FAMILY for each in household) >= rules.MOST_FAMILY:
        raise FamilyIsFull(field="phone", most=rules.MOST_FAMILY)
    person = register_person(SYSTEM, name=name, phone=phone, at=at)
    if person in {each.party for each in household}:
        raise AlreadyResident(field="phone")
    today = _today(home, at)
    move_in(SYSTEM, party=person, home=home, kind=ResidencyKind.FAMILY, start_on=today, at=at)
    return person


@action(needs=May.KEEP_HOUSEHOLD)
def end_family(scope: Scope, *, home: HomeId, person: PartyId, at: datetime) -> None:
    """This will end from today on that somebody lives in a home as family; their passes and pages of it end, too."""
    if person != scope.person:
        _kept(scope, home, at)
    elif home not in scope.homes:
        raise NotFound("home")
    move_out(SYSTEM, party=person, home=home, kind=ResidencyKind.FAMILY, end_on=_today(home, at), at=at)


def _kept(scope: Scope, home: HomeId, at: datetime) -> tuple[Resident, ...]:
    """The household of a home that this person owns or rents; to everybody else there is no such home."""
    household = queries.household(SYSTEM, home=home, at=at) if home in scope.homes else ()
    if not rules.keeps_household(each.kind for each in household if each.party == scope.person):
        raise NotFound("home")
    return household


def _today(home: HomeId, at: datetime) -> date:
    return places.day_in(places.home(home).community, at)
