"""A worker that is killed (signal 9) at any statement: every turn is ordered once, every proposal is told once."""

from __future__ import annotations

from datetime import timedelta

from builders import AT, a_home
from builders.replenish import a_good, asked
from harness.databases import OwnDatabase
from harness.killed import killed
from harness.payments_words import as_the_house
from linli.ground.places import queries as places
from linli.insight.replenish import actions, rules, tasks

EVERY = 20
DUE = AT + timedelta(days=EVERY - 3)


def homes_that_buy_rice(many: int):
    """Homes of as many communities, which have bought rice every twenty days, the last time today."""
    found = []
    for _nth in range(many):
        rice = a_good()
        home = asked(a_home(community=rice.shop.community).with_owner())
        today = places.day_in(home.community.id, AT)
        told = [actions.Told("rice", today - timedelta(days=EVERY * n), rice.variant) for n in range(8)]
        actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
        found.append(home)
    return found


def test_turns_of_standing_orders_are_ordered_once_whenever_the_worker_dies(own_database: OwnDatabase):
    homes = homes_that_buy_rice(4)
    for home in homes:
        actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=EVERY, pays=rules.Pays.ASK, at=AT)
    due = AT + timedelta(days=EVERY)

    deaths = sum(killed(after, lambda: tasks.place_standing(at=due)) for after in range(2, 90, 3))
    tasks.place_standing(at=due)

    assert deaths >= 10
    assert as_the_house("SELECT count(*), count(checkout), count(DISTINCT standing_id) FROM replenish_turn") == [
        (4, 4, 4)
    ]
    assert as_the_house("SELECT count(*), count(DISTINCT home) FROM orders_order") == [(4, 4)]
    assert as_the_house("SELECT sum(reserved)::int FROM stock_level") == [(4,)]
    told = "SELECT count(*), count(DISTINCT party) FROM notify_message WHERE template = 'standing_placed'"
    assert as_the_house(told) == [(4, 4)]


def test_a_nights_proposals_are_made_and_told_once_whenever_the_worker_dies(own_database: OwnDatabase):
    homes_that_buy_rice(3)

    deaths = sum(killed(after, lambda: tasks.propose_due(at=DUE)) for after in range(3, 60, 5))
    tasks.propose_due(at=DUE)
    tasks.propose_due(at=DUE)

    assert deaths >= 6
    assert as_the_house("SELECT count(*), count(DISTINCT household_id) FROM replenish_proposal") == [(3, 3)]
    assert as_the_house("SELECT count(*) FROM replenish_proposal_move WHERE verb = 'propose'") == [(3,)]
    told = "SELECT count(*), count(DISTINCT party) FROM notify_message WHERE template = 'replenish_due'"
    assert as_the_house(told) == [(3, 3)]
