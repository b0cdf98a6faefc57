"""Two workers at the same turn of a standing order, or at the same night: it is ordered, and told, once."""

from __future__ import annotations

from datetime import timedelta

from builders import AT, a_home
from builders.replenish import a_good, asked
from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
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


def test_two_workers_in_the_same_night_propose_and_tell_once(own_database: OwnDatabase):
    rice = a_good()
    home = asked(a_home(community=rice.shop.community).with_owner())
    today = places.day_in(home.community.id, AT)
    told = [actions.Told("rice", today - timedelta(days=20 * n), rice.variant) for n in range(8)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)

    due, place = AT + timedelta(days=17), home.community.id
    portion = queries.portion(SYSTEM, community=place, after=None, today=places.day_in(place, due))
    found = [actions.Found(pair, due_in=3, deliver_in=2, confidence=0.9, learnt=False) for pair in portion.pairs]

    def propose():
        return actions.propose(SYSTEM, community=place, households=portion.households, found=found, at=due)

    ended = at_once(propose, propose)

    assert sorted(ended) == [0, 1]
    assert as_the_house("SELECT count(*) FROM replenish_proposal") == [(1,)]
    assert as_the_house("SELECT count(*) FROM replenish_proposal_move") == [(1,)]
    assert as_the_house("SELECT count(*) FROM notify_message WHERE template = 'replenish_due'") == [(1,)]
