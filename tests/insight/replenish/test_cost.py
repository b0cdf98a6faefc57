"""What noting a completed order costs the database, and the completing transaction (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.orders import an_order, climb
from builders.replenish import a_good, asked
from harness.budget import statements
from linli.insight.replenish import actions
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def test_the_completing_transaction_asks_nothing_of_replenishment_and_a_batch_four_statements():
    rice = a_good()
    homes = [asked(a_home(community=rice.shop.community).with_owner()) for _ in range(4)]
    ready = [an_order(rice, home=home).paid().accepted().ready() for home in homes]
    with statements() as completing:
        done = [each.handed_over() for each in ready]
    climb(AT)

    with statements() as noting:
        actions.note_orders(SYSTEM, orders_done=[each.id for each in done], at=AT + timedelta(days=1))

    assert not [each for each in completing if "replenish_" in each]
    assert len(noting) == 4
