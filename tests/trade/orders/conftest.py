"""The worked order of the books: 58.00 of rice and 4.00 of delivery."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_company, a_listing, a_shop
from builders.orders import an_order
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM


@pytest.fixture
def rice():
    community = a_community()
    people.entrust_community(SYSTEM, community=community.id, company=a_company(), start_on=AT.date(), at=AT)
    shop = a_shop(community=community).open_around_the_clock().delivering(fee="4.00")
    return a_listing("东北大米", shop=shop, price="29.00", stock=10)


@pytest.fixture
def order(rice):
    return an_order(rice, 2)
