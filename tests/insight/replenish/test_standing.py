"""Standing orders: their turns come up by themselves, wait for a yes each, and end with the order that they are of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing
from builders.replenish import a_good, asked, bought
from linli.ground.places import queries as places
from linli.insight.replenish import actions, queries, rules, tasks
from linli.kernel.life import WrongState

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    return a_home(community=rice.shop.community).with_owner()


def day(home, after=0):
    return places.day_in(home.community.id, AT + timedelta(days=after))


def test_a_standing_order_comes_in_turns_and_can_be_skipped_paused_and_ended(home, rice):
    asked(home)
    bought(rice, home, [0, 20])
    at = AT + timedelta(days=21)
    standing = actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=30, at=at)
    with pytest.raises(actions.StandsAlready):
        actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=10, at=at)

    actions.skip_turn(home.scope, standing=standing, at=at)
    (card,) = queries.my_page(home.scope).standing
    assert card.next_on == day(home, 80)
    actions.pause_standing(home.scope, standing=standing, at=at)
    assert tasks.propose_due(at=AT + timedelta(days=80)) == 0
    actions.resume_standing(home.scope, standing=standing, at=AT + timedelta(days=80))
    assert tasks.propose_due(at=AT + timedelta(days=80)) == 1
    assert tasks.propose_due(at=AT + timedelta(days=81)) == 0
    (due,) = queries.my_page(home.scope).proposals
    assert (due.is_standing, due.due_on) == (True, day(home, 80))
    actions.end_standing(home.scope, standing=standing, at=AT + timedelta(days=82))
    assert queries.my_page(home.scope).standing == ()


@pytest.fixture
def two_stand(home, rice):
    """Rice and oil each stand every thirty days, and the turn of the rice waits for a yes."""
    asked(home)
    oil = a_listing("花生油 5L", shop=rice.shop, stock=1000)
    bought(rice, home, [0, 20])
    bought(oil, home, [25])
    at = AT + timedelta(days=26)
    stand = {
        word: actions.begin_standing(home.scope, home=home.id, commodity=word, every_days=30, at=at)
        for word in ("rice", "cooking_oil")
    }
    assert tasks.propose_due(at=AT + timedelta(days=48)) == 1
    return stand


def waiting(home):
    return {each.commodity for each in queries.my_page(home.scope).proposals if each.state is rules.ProposalState.OPEN}


def test_a_turn_comes_up_while_that_of_another_standing_order_waits(home, two_stand):
    assert tasks.propose_due(at=AT + timedelta(days=52)) == 1
    assert waiting(home) == {"rice", "cooking_oil"}
    assert tasks.propose_due(at=AT + timedelta(days=53)) == 0


def test_an_ended_standing_order_asks_for_no_yes_any_more(home, two_stand):
    actions.end_standing(home.scope, standing=two_stand["rice"], at=AT + timedelta(days=49))
    assert (waiting(home), queries.proposals_waiting(home.scope)) == (set(), 0)
    assert len(queries.my_page(home.scope).standing) == 1
    with pytest.raises(WrongState):
        actions.end_standing(home.scope, standing=two_stand["rice"], at=AT + timedelta(days=49))


def test_never_to_a_turn_ends_its_standing_order_and_leaves_the_others(home, two_stand):
    (card,) = queries.my_page(home.scope).proposals
    actions.refuse(home.scope, proposal=card.proposal, at=AT + timedelta(days=49))
    assert [each.standing for each in queries.my_page(home.scope).standing] == [two_stand["cooking_oil"]]
    assert tasks.propose_due(at=AT + timedelta(days=85)) == 1
    assert waiting(home) == {"cooking_oil"}
