"""Who works at a property company's desk: its own people let others in by their phone, and out again."""

from __future__ import annotations

from datetime import datetime

from linli.ground.people import queries
from linli.ground.people.actions.register import register_person
from linli.ground.people.actions.roles import grant_role, revoke_role
from linli.ground.people.rules import Level
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope

MOST_STAFF = 500


class NobodyWouldStay(Refusal):
    """A desk that nobody can open cannot be opened again by its company."""

    says = _("Somebody has to stay at the desk. Add another person first.")


@action(needs=May.KEEP_PEOPLE, private=("name", "phone"))
def add_company_staff(scope: Scope, *, company: PartyId, name: str, phone: str, at: datetime) -> PartyId:
    """This will let a person work at a company's desk; who is not known yet is registered under the name given."""
    if len(_staff(scope, company, at)) >= MOST_STAFF:
        raise Invalid("phone", _("At most {most} people can work at one desk."), most=MOST_STAFF)
    person = register_person(SYSTEM, name=name, phone=phone, at=at)
    grant_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)
    return person


@action(needs=May.KEEP_PEOPLE)
def remove_company_staff(scope: Scope, *, company: PartyId, person: PartyId, at: datetime) -> None:
    """This will take a person off a company's desk; the last one stays."""
    staff = _staff(scope, company, at)
    if person not in {each.party for each in staff}:
        raise NotFound("staff")
    if len(staff) == 1:
        raise NobodyWouldStay
    revoke_role(SYSTEM, party=person, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)


def _staff(scope: Scope, company: PartyId, at: datetime) -> tuple[queries.Wearer, ...]:
    if not (scope.is_inside or (scope.role is Role.PROPERTY and scope.company == company)):
        raise NotFound("company")
    return queries.wearers(SYSTEM, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=at)
