"""Persons and organisations for tests."""

from __future__ import annotations

from itertools import count

from builders.clock import AT
from linli.ground.people import actions as people
from linli.kernel.ids import PartyId
from linli.spine.scope import SYSTEM

_number = count(1)


def a_phone() -> str:
    """A number of nobody's; those that tests write out begin with 1390 or another operator's digits."""
    return f"1395{next(_number):07d}"


def a_person(name: str = "王小明", *, phone: str | None = None) -> PartyId:
    return people.register_person(SYSTEM, name=name, phone=phone or a_phone(), at=AT)


def a_company(name: str | None = None) -> PartyId:
    return people.register_organisation(SYSTEM, name=name or f"安居物业{next(_number)}", at=AT)
