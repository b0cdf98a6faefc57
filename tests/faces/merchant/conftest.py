"""A shop, its goods and the clock that pages read."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_company, a_listing, a_person, a_shop
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM, Role, Scope


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


@pytest.fixture
def rice():
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00")
    return a_listing("东北大米", en="Rice", shop=shop, price="29.00", stock=10)


@pytest.fixture
def strangers(rice):
    """Everybody who is not this shop's merchant: another shop, a resident, a company's staff, an operator."""
    community = rice.shop.community.id
    return (
        a_shop().scope,
        Scope(role=Role.RESIDENT, person=a_person(), communities=(community,)),
        Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(community,)),
        Scope(role=Role.PLATFORM, person=a_person()),
    )
