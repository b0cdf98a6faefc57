"""The demo's resident finds something that runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.replenish import a_good, bought
from linli.insight.replenish import queries
from linli.works.demo import kitchen

pytestmark = pytest.mark.django_db


def test_the_resident_of_the_demo_finds_a_proposal_or_an_open_page():
    rice = a_good()
    home = a_home(community=rice.shop.community).with_owner()
    kitchen.ask(home.scope, AT)
    assert queries.my_page(home.scope).proposals == ()

    bought(rice, home, [1])
    kitchen.ask(home.scope, AT + timedelta(days=3))

    assert [card.commodity for card in queries.my_page(home.scope).proposals] == ["rice"]
