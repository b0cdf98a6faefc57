"""Who acts for the town's property company, and who of the neighbours owns a home of a community."""

from __future__ import annotations

from datetime import datetime

from linli.ground.people import queries as people
from linli.ground.people.rules import ResidencyKind
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.demo.town import COMPANY_PHONE, Town
from linli.works.demo.wishing import buyer


def manager(at: datetime) -> Scope | None:
    """This will give the scope of the company's manager."""
    person = people.person_by_phone(SYSTEM, phone=COMPANY_PHONE)
    hats = people.hats(SYSTEM, person=person, at=at) if person else ()
    return next((hat.scope for hat in hats if hat.role == Role.PROPERTY), None)


def owners(town: Town, at: datetime, *, most: int) -> list[Scope]:
    """This will give the scopes of some owners of the first community, whom the demo's resident leads."""
    known = [n for n in town.communities[0].neighbours if n.kind == ResidencyKind.OWNER]
    found = [buyer(neighbour.phone, at) for neighbour in known[:most]]
    return [scope for scope in found if scope is not None]
