"""Two workers at the same turn of a standing order: one orders it, and the other finds it taken."""

from __future__ import annotations

from datetime import timedelta

from builders import AT, a_home
from builders.replenish import a_good, asked
from harness.at_once import at_once
from harness.databases import OwnDatabase
from linli.ground.places import queries as places
from linli.insight.replenish import actions, queries, rules
from linli.spine.scope import SYSTEM
from linli.trade.orders import queries as orders


def test_two_workers_order_a_turn_once(own_database: OwnDatabase):
    rice = a_good()
    home = asked(a_home(community=rice.shop.community).with_owner())
    told = [actions.Told("rice", places.day_in(home.community.id, AT), rice.variant)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
    standing = actions.begin_standing(
        home.scope, home=home.id, commodity="rice", every_days=20, pays=rules.Pays.ASK, at=AT
    )

    due = AT + timedelta(days=20)
    ended = at_once(*[lambda: actions.place_turn(SYSTEM, standing=standing, at=due)] * 2)

    assert sorted(each is None for each in ended) == [False, True]
    assert len(orders.my_orders(home.scope)) == 1
    (card,) = queries.my_page(home.scope).standing
    assert card.next_on == places.day_in(home.community.id, AT) + timedelta(days=40)
