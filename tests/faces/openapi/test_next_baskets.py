"""The next basket by the JSON face: with its reasons, and into the basket in one call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from builders import a_home
from builders.replenish import a_good, asked
from harness.callers import Caller
from linli.insight.replenish import actions

pytestmark = pytest.mark.django_db


def test_a_resident_reads_the_next_basket_and_takes_it_and_a_neighbour_does_not():
    rice = a_good()
    home = asked(a_home(community=rice.shop.community).with_owner())
    now = datetime.now(UTC)
    days = [(now - timedelta(days=ago)).date() for ago in (10, 20, 30)]
    actions.tell_bought(
        home.scope, home=home.id, told=[actions.Told("rice", day, rice.variant, 2) for day in days], at=now
    )

    answer = Caller(home.scope).get(f"homes/{home.id}/next-basket")
    assert (answer.status, answer.json["visits"], answer.json["explore"]) == (200, 3, [])
    (slot,) = answer.json["repeat"]
    assert (slot["variant"], slot["every_days"], slot["quantity"]) == (str(rice.variant), 10, 2)

    taken = Caller(home.scope).post(f"homes/{home.id}/next-basket", {})
    assert taken.json == {"community": str(home.community.id), "put": 1}

    neighbour = Caller(a_home(community=rice.shop.community).with_owner().scope)
    assert neighbour.get(f"homes/{home.id}/next-basket").status == 404
