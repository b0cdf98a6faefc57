"""Asking to be told, what completed orders leave behind, and what every answer teaches."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest

from builders import AT, a_home, a_listing, a_person
from builders.orders import climb
from builders.replenish import a_good, asked, bought
from linli.ground.people import actions as people
from linli.ground.places import queries as places
from linli.insight.replenish import actions, models, queries, reactions, rules, tasks
from linli.insight.replenish.rules.asking import VERSION
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue.rules import Kind
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.orders.rules import RefundAsk

pytestmark = pytest.mark.django_db
EVERY = 20


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    return a_home(community=rice.shop.community).with_owner()


def state(home, commodity="rice"):
    return models.State.objects.inside().filter(household__home=home.id, commodity=commodity).first()


def day(home, after=0) -> date:
    return places.day_in(home.community.id, AT + timedelta(days=after))


def proposed(home, rice, times=8):
    """A home that buys rice every twenty days, and the morning after which it is due."""
    asked(home)
    bought(rice, home, range(0, times * EVERY, EVERY))
    at = AT + timedelta(days=times * EVERY - 3)
    assert tasks.propose_due(at=at) == 1
    (card,) = queries.my_page(home.scope).proposals
    return card, at


def test_a_completed_order_is_noted_for_who_asked_and_for_nobody_else(home, rice):
    silent = a_home(community=rice.shop.community).with_owner()
    asked(home)

    bought(rice, home, [0, 20, 20, 50])
    bought(rice, silent, [0])

    kept = state(home)
    assert (kept.purchases, kept.first_on, kept.last_on) == (3, day(home), day(home, 50))
    assert kept.log_gaps == pytest.approx(math.log(20) + math.log(30))
    assert kept.recent_log_gap == pytest.approx(0.7 * math.log(20) + 0.3 * math.log(30))
    assert (kept.usual_variant, kept.usual_quantity) == (rice.variant, 1)
    assert state(home, "").purchases == 3
    assert state(silent) is None


def test_a_fact_heard_twice_changes_nothing(home, rice):
    asked(home)
    (first, second) = bought(rice, home, [0, 20])

    again = actions.note_orders(SYSTEM, orders_done=[first.id, second.id], at=second.at)

    assert again == 0
    assert state(home).purchases == 2


def test_the_batch_is_one_set_based_statement_however_many_orders(home, rice):
    from harness.budget import statements

    done = bought(rice, home, [0, 0, 0, 0])
    asked(home, at=AT + timedelta(days=1))
    with statements() as few:
        actions.note_orders(SYSTEM, orders_done=[done[0].id], at=AT)
    with statements() as many:
        actions.note_orders(SYSTEM, orders_done=[each.id for each in done], at=AT)

    assert len(many) == len(few)


def test_past_orders_are_there_from_the_first_day_and_are_the_same_as_noted_ones(home, rice):
    bought(rice, home, [0, 20, 50])
    asked(home, at=AT + timedelta(days=51))
    rebuilt = state(home)

    actions.end(home.scope, home=home.id, at=AT)
    assert state(home) is None
    asked(home)
    kept = state(home)

    assert (rebuilt.purchases, rebuilt.last_on, rebuilt.log_gaps) == (kept.purchases, kept.last_on, kept.log_gaps)


def test_goods_that_came_back_were_not_bought(home, rice):
    asked(home)
    *_, last = bought(rice, home, [0, 20, 50], quantity=2)
    line = ordered.order_page(home.scope, order=last.id).lines[0].line

    orders.grant_refund(
        rice.shop.scope, order=last.id, lines=(RefundAsk(line=line, quantity=2),), reason="坏了", at=last.at
    )
    climb(last.at)

    assert (state(home).purchases, state(home).last_on) == (2, day(home, 20))


def test_medicine_is_never_noted_nor_can_it_be_mapped(home):
    pills = a_good("感冒灵 胶囊", community=home.community)
    asked(home)
    bought(pills, home, [0, 20, 40])

    assert list(models.State.objects.inside().values_list("commodity", flat=True)) == [""]
    from linli.kernel.refusals import Invalid

    with pytest.raises(Invalid):
        actions.map_listing(SYSTEM, listing=pills.id, commodity="rice", at=AT)
    assert [each.commodity for each in queries.mapped_listings(commodities=queries.taxonomy())] == [""]


def test_a_remapped_listing_moves_its_purchases_in_the_night(home, rice):
    asked(home)
    bought(rice, home, [0, 20])

    actions.map_listing(SYSTEM, listing=rice.id, commodity="flour", at=AT)
    assert tasks.rebuild_stale(at=AT + timedelta(days=60)) == 1

    assert state(home) is None
    assert state(home, "flour").purchases == 2


def test_members_see_only_what_is_shared(home, rice):
    other = home.with_tenant(tenant := a_person("李四"))
    from dataclasses import replace

    theirs = replace(home.scope, person=tenant)
    asked(home)
    bought(rice, home, [0, 20, 40])
    actions.begin(theirs, home=other.id, shares=True, at=AT)
    assert queries.my_page(theirs).known == ()

    actions.begin(home.scope, home=home.id, shares=True, at=AT + timedelta(days=41))
    assert [card.purchases for card in queries.my_page(theirs).known] == [3]

    actions.begin(home.scope, home=home.id, shares=False, at=AT + timedelta(days=42))
    assert queries.my_page(theirs).known == ()
    assert [card.purchases for card in queries.my_page(home.scope).known] == [3]


@pytest.mark.parametrize("leaving", ["tap", "move out", "erased"])
def test_everything_goes_with_the_consent(home, rice, leaving):
    proposed(home, rice)
    at = AT + timedelta(days=200)

    if leaving == "tap":
        actions.end(home.scope, home=home.id, at=at)
    elif leaving == "move out":
        people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=day(home, 200), at=at)
    else:
        people.erase_person(SYSTEM, person=home.owner, at=at)
    climb(at)

    for table in (models.Household, models.Consent, models.State, models.Proposal, models.ProposalMove):
        assert table.objects.inside().count() == 0, table


def test_who_left_later_is_let_go_by_the_night(home, rice):
    asked(home)
    bought(rice, home, [0, 20, 40])
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=day(home, 90), at=AT)
    climb(AT)
    assert models.Consent.objects.inside().count() == 1

    tasks.propose_due(at=AT + timedelta(days=91))

    assert models.Household.objects.inside().count() == 0


def test_a_stranger_cannot_ask_for_a_home_and_nothing_is_kept(home):
    stranger = a_home(community=home.community).with_owner()

    with pytest.raises(NotFound):
        actions.begin(stranger.scope, home=home.id, shares=True, at=AT)

    assert models.Consent.objects.inside().count() == 0


def test_what_is_due_is_proposed_once_and_told_once(home, rice):
    from linli.reach.notify.models import Message

    card, at = proposed(home, rice)

    assert (card.commodity, card.every_days, card.variant, card.quantity) == ("rice", EVERY, rice.variant, 1)
    assert day(home, 150) <= card.due_on <= day(home, 170)
    assert card.state is rules.ProposalState.OPEN
    assert tasks.propose_due(at=at) == 0
    assert tasks.propose_due(at=at + timedelta(days=1)) == 0
    assert Message.objects.filter(template="replenish_due", party=home.owner).count() == 1


def test_yes_puts_the_usual_goods_into_the_basket(home, rice):
    card, at = proposed(home, rice)

    community = actions.accept(home.scope, proposal=card.proposal, at=at).community

    page = ordered.basket_page(home.scope, community=community, at=at)
    assert [(line.variant, line.quantity) for shop in page.shops for line in shop.lines] == [(rice.variant, 1)]
    (answered,) = queries.my_page(home.scope).proposals
    assert (answered.state, answered.refill) == (rules.ProposalState.ACCEPTED, None)
    with pytest.raises(WrongState):
        actions.accept(home.scope, proposal=card.proposal, at=at)


def test_not_yet_asks_again_a_week_later_and_once(home, rice):
    card, at = proposed(home, rice)

    actions.put_off(home.scope, proposal=card.proposal, at=at)

    assert state(home).put_off_until == day(home, 164)
    assert tasks.propose_due(at=at + timedelta(days=1)) == 0
    assert tasks.propose_due(at=at + timedelta(days=7)) == 1
    (again,) = queries.my_page(home.scope).proposals
    assert again.due_on >= day(home, 164)


def test_never_is_never_until_it_is_allowed_again(home, rice):
    card, at = proposed(home, rice)

    actions.refuse(home.scope, proposal=card.proposal, at=at)

    assert tasks.propose_due(at=at + timedelta(days=5)) == 0
    actions.allow(home.scope, home=home.id, commodity="rice", at=at)
    assert not state(home).is_refused


def test_nobody_answers_for_somebody_else(home, rice):
    card, at = proposed(home, rice)
    stranger = a_home(community=home.community).with_owner()

    for answer in (actions.accept, actions.put_off, actions.refuse):
        with pytest.raises(NotFound):
            answer(stranger.scope, proposal=card.proposal, at=at)

    assert queries.my_page(home.scope).proposals[0].state is rules.ProposalState.OPEN


def test_a_purchase_or_the_clock_ends_a_proposal_that_nobody_answered(home, rice):
    _card, _at = proposed(home, rice)
    bought(rice, home, [159])
    assert queries.my_page(home.scope).proposals == ()

    assert tasks.propose_due(at=AT + timedelta(days=176)) == 1
    assert tasks.lapse_proposals(at=AT + timedelta(days=182)) == 1
    assert queries.my_page(home.scope).proposals == ()
    assert tasks.propose_due(at=AT + timedelta(days=183)) == 0, "never told twice of the same purchase"


def test_a_study_of_another_version_is_not_used_and_the_page_says_so(home, rice):
    asked(home)
    bought(rice, home, [0, 20, 40])
    at = AT + timedelta(days=57)
    assert tasks.study_week(at=at) == 3
    assert not queries.my_page(home.scope).is_simple
    models.Study.objects.all()  # insert-only: another version comes as another row

    newest = models.Study.objects.get()
    body = dict(newest.body) | {"version": VERSION + 1}
    with_other = models.Study(version=VERSION + 1, households=1, body=body, studied_at=at)
    with_other.save(force_insert=True)

    assert queries.newest_study().version == VERSION


def test_reactions_are_registered_for_what_changes_a_state():
    assert {name for name in dir(reactions) if name.startswith(("note_", "end_", "forget_"))} == {
        "note_orders",
        "note_refunds",
        "note_filled",
        "note_not_filled",
        "note_called_off",
        "end_for_leaver",
        "forget_person",
    }


def test_what_was_bought_elsewhere_counts_and_ends_what_was_proposed_before(home, rice):
    card, at = proposed(home, rice)

    actions.tell_bought(
        home.scope, home=home.id, told=[actions.Told("rice", places.day_in(home.community.id, at))], at=at
    )

    assert (state(home).purchases, state(home).last_on) == (9, day(home, 157))
    assert state(home).usual_variant == rice.variant
    assert models.Proposal.objects.inside().get(id=card.proposal).state == "lapsed"
    assert tasks.propose_due(at=at) == 0


@pytest.mark.parametrize(("commodity", "days"), [("caviar", 0), ("rice", 1), ("rice", -731)])
def test_a_purchase_that_cannot_have_been_is_refused_and_nothing_is_kept(home, commodity, days):
    asked(home)
    with pytest.raises(Invalid):
        actions.tell_bought(home.scope, home=home.id, told=[actions.Told(commodity, day(home, days))], at=AT)
    assert models.Elsewhere.objects.inside().count() == 0
    assert state(home, "") is None


def test_whoever_has_not_asked_tells_nothing_and_what_was_told_goes_with_the_consent(home):
    with pytest.raises(NotFound):
        actions.tell_bought(home.scope, home=home.id, told=[actions.Told("rice", day(home))], at=AT)
    asked(home)
    actions.tell_bought(home.scope, home=home.id, told=[actions.Told("rice", day(home))] * 2, at=AT)
    assert state(home).purchases == 1
    actions.end(home.scope, home=home.id, at=AT)
    assert models.Elsewhere.objects.inside().count() == 0


def test_a_dish_is_no_listing_to_decide_about(home, rice):
    dish = a_listing("番茄炒蛋饭", shop=rice.shop, kind=Kind.PREPARED, stock=50)
    asked(home)
    bought(rice, home, [0])
    bought(dish, home, [1])

    assert [each.listing for each in queries.mapped_listings(commodities=queries.taxonomy())] == [rice.id]
    assert state(home, "").purchases == 2
