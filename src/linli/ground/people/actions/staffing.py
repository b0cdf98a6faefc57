"""Who works for a property company, as what and where: its managers let others in by their phone, and out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from linli.ground.people import queries
from linli.ground.people.actions.caring import end_building_care
from linli.ground.people.actions.register import register_person
from linli.ground.people.actions.roles import grant_role, revoke_role
from linli.ground.people.queries import StaffMember
from linli.ground.people.rules import Level
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Role, Scope

MOST_STAFF = 500


class NobodyWouldStay(Refusal):
    """A desk that nobody can manage cannot be opened again by its company."""

    says = _("A manager of the whole company has to stay. Add another one first.")


class WorksElsewhereToo(Refusal):
    """Staff of one community would settle what somebody does in another."""

    says = _("This person works for other communities too. Ask somebody who works for all of them.")


@action(needs=May.KEEP_STAFF, private=("name", "phone"))
def add_company_staff(
    scope: Scope,
    *,
    company: PartyId,
    name: str,
    phone: str,
    duty: Duty = Duty.MANAGER,
    communities: Sequence[CommunityId] = (),
    at: datetime,
) -> PartyId:
    """This will let a person work for a company, in the communities named or in all of them.

    Who is not known yet is registered under the name given; who works there already gets this duty instead.
    """
    staff = _staff(scope, company, at)
    if len(staff) >= MOST_STAFF:
        raise Invalid("phone", _("At most {most} people can work at one desk."), most=MOST_STAFF)
    _insist_on_communities(scope, company, communities, at)
    person = register_person(SYSTEM, name=name, phone=phone, at=at)
    if not all(each.is_kept_by(scope) for each in staff if each.party == person):
        raise WorksElsewhereToo(field="phone")
    _settle(company, staff, person, duty, communities, at)
    return person


@action(needs=May.KEEP_STAFF)
def change_company_staff(
    scope: Scope,
    *,
    company: PartyId,
    person: PartyId,
    duty: Duty,
    communities: Sequence[CommunityId] = (),
    at: datetime,
) -> None:
    """This will give somebody who works for a company another duty, or other communities."""
    locks.hold("company staff", company)
    staff = _staff(scope, company, at)
    _insist_on_own(scope, staff, person)
    _insist_on_communities(scope, company, communities, at)
    _settle(company, staff, person, duty, communities, at)


@action(needs=May.KEEP_STAFF)
def remove_company_staff(scope: Scope, *, company: PartyId, person: PartyId, at: datetime) -> None:
    """This will take a person off a company's desk; its last manager stays, of two who remove each other one."""
    locks.hold("company staff", company)
    staff = _staff(scope, company, at)
    _insist_on_own(scope, staff, person)
    _insist_on_a_manager(each for each in staff if each.party != person)
    _end(company, staff, person, at)
    end_building_care(SYSTEM, company=company, steward=person, at=at)


def _settle(
    company: PartyId,
    staff: Sequence[StaffMember],
    person: PartyId,
    duty: Duty,
    communities: Sequence[CommunityId],
    at: datetime,
) -> None:
    if duty is not Duty.MANAGER or communities:
        _insist_on_a_manager(each for each in staff if each.party != person)
    _end(company, staff, person, at, keep=communities or (company,))
    if duty is not Duty.STEWARD:
        end_building_care(SYSTEM, company=company, steward=person, at=at)
    elif communities:
        end_building_care(SYSTEM, company=company, steward=person, stays=communities, at=at)
    for community in dict.fromkeys(communities):
        grant_role(
            SYSTEM,
            party=person,
            role=Role.PROPERTY,
            level=Level.COMMUNITY,
            place=community,
            acts_for=company,
            duty=duty,
            at=at,
        )
    if not communities:
        grant_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, duty=duty, at=at)


def _end(
    company: PartyId,
    staff: Sequence[StaffMember],
    person: PartyId,
    at: datetime,
    keep: Sequence[CommunityId | PartyId] = (),
) -> None:
    for each in staff:
        if each.party != person:
            continue
        if each.is_everywhere and company not in keep:
            revoke_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)
        for community in each.communities:
            if community not in keep:
                revoke_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMMUNITY, place=community, at=at)


def _staff(scope: Scope, company: PartyId, at: datetime) -> tuple[StaffMember, ...]:
    if not (scope.is_inside or (scope.role is Role.PROPERTY and scope.company == company)):
        raise NotFound("company")
    return queries.company_staff(SYSTEM, company=company, at=at)


def _insist_on_a_manager(staff: Iterable[StaffMember]) -> None:
    if not any(each.is_everywhere and each.duty is Duty.MANAGER for each in staff):
        raise NobodyWouldStay


def _insist_on_own(scope: Scope, staff: Iterable[StaffMember], person: PartyId) -> None:
    member = next((each for each in staff if each.party == person), None)
    if member is None or not member.is_beside(scope):
        raise NotFound("staff")
    if not member.is_kept_by(scope):
        raise WorksElsewhereToo


def _insist_on_communities(scope: Scope, company: PartyId, communities: Sequence[CommunityId], at: datetime) -> None:
    if scope.of_a_community and not communities:
        raise Invalid("communities", _("Please choose a community."))
    if scope.of_a_community and not set(communities) <= set(scope.communities):
        raise NotFound("community", field="communities")
    if not set(communities) <= set(queries.communities_of(company, at=at)):
        raise NotFound("community", field="communities")
