"""Standing orders: their turns come up by themselves, wait for a yes each, and end with the order that they are of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_person
from builders.replenish import a_good, asked, bought
from linli.ground.places import queries as places
from linli.insight.replenish import actions, models, queries, rules, tasks
from linli.kernel.life import WrongState
from linli.spine import walls
from linli.spine.scope import SYSTEM

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


def never_oil(home):
    walls.raise_for(SYSTEM)
    models.State.objects.inside().filter(household__home=home.id, commodity="cooking_oil").update(is_refused=True)


def shares(home, yes):
    actions.begin(home.scope, home=home.id, shares=yes, at=AT + timedelta(days=49))


def test_to_share_and_to_keep_it_to_oneself_again_loses_nothing(home, two_stand):
    actions.allow(home.scope, home=home.id, commodity="rice", at=AT)
    (card,) = queries.my_page(home.scope).proposals
    never_oil(home)
    before = queries.my_page(home.scope)

    for yes in (True, False):
        shares(home, yes)
        after = queries.my_page(home.scope)
        assert (after.proposals, after.standing, after.known) == (before.proposals, before.standing, before.known)
        assert [each.shares for each in after.consents] == [yes]
    assert card.proposal == before.proposals[0].proposal


@pytest.fixture
def partner(home, two_stand):
    """Another resident of the home, who shares from the first day; the owner begins to."""
    home.with_tenant(tenant := a_person("李四"))
    other = replace(home, owner=tenant)
    never_oil(home)
    actions.begin(other.scope, home=home.id, shares=True, at=AT)
    shares(home, True)
    return other


def test_who_joins_others_takes_standing_orders_and_refusals_along(home, two_stand, partner):
    page = queries.my_page(partner.scope)
    assert {each.standing for each in page.standing} == set(two_stand.values())
    assert waiting(partner) == {"rice"}
    assert {each.commodity for each in page.known if each.is_refused} == {"cooking_oil"}


def test_who_keeps_it_to_themselves_again_leaves_none_of_their_standing_orders_behind(home, two_stand, partner):
    shares(home, False)
    assert {each.standing for each in queries.my_page(home.scope).standing} == set(two_stand.values())
    assert (queries.my_page(partner.scope).standing, waiting(partner)) == ((), set())
    walls.raise_for(SYSTEM)
    assert models.Household.objects.inside().filter(home=home.id).count() == 2


def test_nothing_is_ordered_in_the_name_of_who_ended_it_while_others_of_the_home_stay(home, partner):
    walls.raise_for(SYSTEM)
    standing = models.Standing.objects.inside().filter(person=home.scope.person)
    assert standing.filter(commodity="rice").update(pays="ask", agreed_minor=100_000, next_on=AT.date()) == 1

    actions.end(home.scope, home=home.id, at=AT + timedelta(days=50))

    walls.raise_for(SYSTEM)
    assert standing.count() == 0
    assert queries.my_page(partner.scope).standing == ()
    assert tasks.place_standing(at=AT + timedelta(days=50)) == 0
    assert len(queries.my_page(partner.scope).consents) == 1


def test_a_turn_of_who_is_told_nothing_any_more_is_not_ordered(home, partner, two_stand):
    walls.raise_for(SYSTEM)
    rows = models.Standing.objects.inside().filter(id=two_stand["rice"])
    assert rows.update(pays="ask", agreed_minor=100_000, next_on=AT.date()) == 1
    models.Consent.objects.inside().filter(person=home.scope.person).delete()
    assert tasks.place_standing(at=AT + timedelta(days=50)) == 0
    walls.raise_for(SYSTEM)
    assert rows.get().state == rules.StandingState.ENDED
