"""Who works for the platform: appointed by their phone, for every city or for one; the last of all cities stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linli.ground.people import queries
from linli.ground.people.actions.register import register_person
from linli.ground.people.actions.roles import grant_role, revoke_role
from linli.ground.people.queries import Operator
from linli.ground.people.rules import Level
from linli.ground.places import queries as places
from linli.kernel.ids import CityId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope

MOST_OPERATORS = 500


class NoOperatorWouldStay(Refusal):
    """A platform that nobody can look after cannot be opened again from its pages."""

    says = _("An operator of the whole platform has to stay. Appoint another one first.")


class WorksEverywhere(Refusal):
    """Whoever works for every city works for this one as well; less is a change, and said so."""

    says = _("They work for the whole platform already.")


@action(needs=May.KEEP_OPERATORS, private=("name", "phone"))
def appoint_operator(scope: Scope, *, name: str, phone: str, city: CityId | None = None, at: datetime) -> PartyId:
    """This will let a person work for the platform, in every city or in the one named; asked again, nothing changes.

    Who is not known yet is registered under the name given. An operator of one city appoints others for that city.
    """
    _insist_on_city(scope, city)
    locks.hold("operators")
    team = queries.operators(SYSTEM, at=at)
    if len(team) >= MOST_OPERATORS:
        raise Invalid("phone", _("At most {most} people can be operators."), most=MOST_OPERATORS)
    person = register_person(SYSTEM, name=name, phone=phone, at=at)
    before = _found(team, person)
    if city is not None and before is not None and before.is_everywhere:
        raise WorksEverywhere(field="phone")
    _grant(person, city, at)
    if city is None and before is not None:
        _end(person, before.cities, at)
    return person


@action(needs=May.KEEP_OPERATORS)
def change_operator(scope: Scope, *, person: PartyId, city: CityId | None, at: datetime) -> None:
    """This will have an operator work for every city, or for one alone; only those who work for all may say so."""
    if not scope.is_everywhere:
        raise NotFound("operator")
    _insist_on_city(scope, city)
    locks.hold("operators")
    team = queries.operators(SYSTEM, at=at)
    before = _found(team, person)
    if before is None:
        raise NotFound("operator")
    if city is not None:
        _insist_that_one_stays(team, person)
    _grant(person, city, at)
    _end(person, [each for each in before.cities if each != city], at)
    if city is not None and before.is_everywhere:
        revoke_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, at=at)


@action(needs=May.KEEP_OPERATORS)
def remove_operator(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will take a person off the platform's desk, or off that of the one city for which the asker works.

    One at a time: of two operators who remove each other at the same moment, one stays.
    """
    locks.hold("operators")
    team = queries.operators(SYSTEM, at=at)
    before = _found(team, person)
    here = () if before is None else [each for each in before.cities if scope.city in (None, each)]
    if before is None or (scope.city is not None and not here):
        raise NotFound("operator")
    if before.is_everywhere and scope.is_everywhere:
        _insist_that_one_stays(team, person)
        revoke_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, at=at)
    _end(person, here, at)


def _insist_on_city(scope: Scope, city: CityId | None) -> None:
    if scope.city not in (None, city):
        raise NotFound("city", field="city")
    if city is not None:
        places.city(city)


def _insist_that_one_stays(team: Iterable[Operator], leaving: PartyId) -> None:
    if not any(each.is_everywhere and each.party != leaving for each in team):
        raise NoOperatorWouldStay


def _found(team: Iterable[Operator], person: PartyId) -> Operator | None:
    return next((each for each in team if each.party == person), None)


def _grant(person: PartyId, city: CityId | None, at: datetime) -> None:
    level = Level.PLATFORM if city is None else Level.CITY
    grant_role(SYSTEM, party=person, role=Role.PLATFORM, level=level, place=city, at=at)


def _end(person: PartyId, cities: Iterable[CityId], at: datetime) -> None:
    for city in cities:
        revoke_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.CITY, place=city, at=at)
