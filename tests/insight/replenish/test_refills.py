"""Visits that fill the bin: at the price that was shown, with goods that were paid for, and not for others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home
from builders.orders import Order, an_order, climb
from builders.replenish import a_good, asked
from builders.workorders import a_crew
from harness.budget import statements
from linli.estate.workorders import actions as work
from linli.estate.workorders import queries as works
from linli.estate.workorders.rules import Skill, Source, WorkState
from linli.ground.places import queries as places
from linli.ground.policies import actions as policies
from linli.insight.replenish import actions, models, queries, rules, tasks
from linli.insight.replenish.actions import NobodyFillsBins, RefillPriceChanged
from linli.kernel.money import Money
from linli.reach.notify.models import Message
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.shops import actions as shops

pytestmark = pytest.mark.django_db
PRICE = Money(800)
DUE = AT + timedelta(days=20)


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def crew():
    return a_crew()


@pytest.fixture
def rice(crew):
    return a_good(community=crew.desk.community)


@pytest.fixture
def home(crew, rice):
    home = asked(crew.home)
    told = [actions.Told("rice", places.day_in(home.community.id, AT), rice.variant, 2)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
    return home


def turn(home, **how):
    """A turn that waits for a yes."""
    actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=20, at=AT, **how)
    tasks.propose_due(at=DUE)
    (card,) = queries.my_page(home.scope).proposals
    return card


def accepted(home, refill=PRICE):
    card = turn(home)
    actions.accept(home.scope, proposal=card.proposal, refill=refill, at=DUE)
    return card.proposal


def paid(home, rice, at=DUE):
    return an_order(rice, 2, home=home, at=at).paid()


def visit(home):
    (card,) = queries.my_page(home.scope).proposals
    return card.refill


def rows(*columns):
    return list(models.Refill.objects.inside().order_by("id").values_list(*columns))


def messages():
    return Message.objects.filter(template="replenish_refill_off").count()


def test_the_service_is_offered_at_the_companys_price(home, crew):
    here = home.community.id
    offer = queries.refill_offers(home.scope, communities=[here], at=AT)[here]
    assert (offer.type, offer.price) == (crew.type_id("refill"), PRICE)


def test_a_company_without_it_or_a_community_that_does_not_want_it_offers_nothing(home, crew):
    here = home.community.id
    values = {"fills_bins": False}
    policies.set_policy(SYSTEM, word="replenish", level="community", place=here, values=values, start_at=DUE, at=AT)
    assert queries.refill_offers(home.scope, communities=[here], at=DUE) == {}
    work.retire_type(crew.desk.scope, type_id=crew.type_id("refill"), at=AT)
    assert queries.refill_offers(home.scope, communities=[here], at=AT) == {}


def test_another_price_than_that_of_today_is_refused_and_the_proposal_stays_open(home):
    card = turn(home)
    with pytest.raises(RefillPriceChanged):
        actions.accept(home.scope, proposal=card.proposal, refill=PRICE + Money(1), at=DUE)
    (still,) = queries.my_page(home.scope).proposals
    assert (still.state, rows("id")) == (rules.ProposalState.OPEN, [])


def test_what_stands_in_no_bin_cannot_be_filled(home, rice):
    told = [actions.Told("eggs", places.day_in(home.community.id, AT), rice.variant, 1)]
    actions.tell_bought(home.scope, home=home.id, told=told, at=AT)
    with pytest.raises(NobodyFillsBins):
        actions.begin_standing(home.scope, home=home.id, commodity="eggs", every_days=20, refill=PRICE, at=AT)
    assert models.Standing.objects.inside().count() == 0


def test_a_visit_is_sent_when_the_goods_are_paid_for_and_not_before(home, rice, crew):
    proposal = accepted(home)
    assert (visit(home).state, visit(home).price, visit(home).visit) == (rules.RefillState.ASKED, PRICE, None)

    order = an_order(rice, 2, home=home, at=DUE)
    climb(DUE)
    assert works.my_orders(home.scope) == ()
    order = order.paid()

    (raised,) = works.my_orders(home.scope)
    page = crew.page(raised.order, scope=home.scope, at=DUE)
    assert (page.type, page.home, page.source, page.raised_by) == (
        crew.type_id("refill"), home.id, Source.OWNER, home.owner,
    )  # fmt: skip
    assert (page.price, page.wanted_at) == (PRICE, order.page.window_end or order.page.promised_at or DUE)
    assert order.page.number in page.words
    assert rows("proposal", "visit", "order", "state") == [(proposal, raised.order, order.id, "coming")]
    assert models.Refill.objects.inside().get().visit == raised.order
    paid(home, rice)
    assert len(works.my_orders(home.scope)) == 1


def test_the_home_sees_who_comes_and_that_the_old_was_taken_away(home, rice, crew):
    accepted(home)
    worker = crew.a_worker(Skill.SERVICE)
    order = paid(home, rice)
    card = visit(home)
    assert (card.state, card.name) == (rules.RefillState.COMING, "张**")
    assert card.by == card.wanted_at + timedelta(hours=2)

    for step in (work.accept_work, work.arrive_at_work, work.finish_work):
        step(worker, order=card.visit, at=order.at)
    climb(order.at)

    assert visit(home).state is rules.RefillState.DONE
    assert crew.page(card.visit).charge_line is not None
    work.reopen_work(home.scope, order=card.visit, why="没装满", at=order.at)
    climb(order.at)
    assert visit(home).state is rules.RefillState.COMING


def test_an_order_that_is_refused_calls_the_visit_off(home, rice):
    accepted(home)
    order = paid(home, rice)
    sent = visit(home).visit

    orders.refuse_order(order.shop.scope, order=order.id, reason="卖完了", at=order.at)
    climb(order.at)

    assert visit(home).state is rules.RefillState.CALLED_OFF
    assert works.order_page(home.scope, order=sent, at=order.at).state is WorkState.CANCELLED


def test_a_payment_that_is_heard_of_after_the_refusal_sends_nobody(home, rice):
    order = paid(home, rice)
    orders.refuse_order(order.shop.scope, order=order.id, reason="卖完了", at=order.at)
    accepted(home)
    assert actions.send_refills(SYSTEM, paid=[(order.id, home.owner)], at=order.at) == 0
    assert visit(home).state is rules.RefillState.ASKED


def test_whoever_calls_the_work_order_off_calls_the_visit_off(home, rice):
    accepted(home)
    order = paid(home, rice)
    work.cancel_work(home.scope, order=visit(home).visit, at=order.at)
    climb(order.at)
    assert visit(home).state is rules.RefillState.CALLED_OFF
    assert ordered.order_page(home.scope, order=order.id).state == "paid"


def test_a_price_that_rose_meanwhile_sends_nobody_and_says_so(home, rice, crew):
    accepted(home)
    card = next(each for each in works.types_of_company(crew.desk.scope) if each.word == "refill")
    work.keep_type(
        crew.desk.scope, word="refill", name=card.name, kind=card.kind, skill=card.skill, minutes=card.minutes,
        under=card.under, price=Money(900), at=AT,
    )  # fmt: skip
    paid(home, rice)
    assert visit(home).state is rules.RefillState.CALLED_OFF
    assert (works.my_orders(home.scope), messages()) == ((), 1)


def test_goods_for_another_home_or_of_another_kind_bring_nobody(home, rice, crew):
    accepted(home)
    neighbour = crew.desk.a_home("3-2-502")
    paid(neighbour, rice)
    paid(home, a_good("洗衣液 2kg", community=home.community))
    assert visit(home).state is rules.RefillState.ASKED


def test_a_visit_whose_goods_nobody_orders_lapses(home):
    accepted(home)
    assert tasks.lapse_refills(at=DUE + timedelta(days=5) - timedelta(seconds=1)) == 0
    assert [tasks.lapse_refills(at=DUE + timedelta(days=5)) for _ in range(2)] == [1, 0]
    assert visit(home).state is rules.RefillState.LAPSED
    assert [row.after for row in models.RefillMove.objects.inside().order_by("id")] == ["asked", "lapsed"]


def test_a_standing_order_that_orders_itself_has_the_bin_filled_each_time(home, rice):
    shops.set_cash(rice.shop.scope, shop=rice.shop.id, takes_cash=True, at=AT)
    actions.begin_standing(
        home.scope, home=home.id, commodity="rice", every_days=20, pays=rules.Pays.DOOR, refill=PRICE, at=AT
    )
    for turns in (1, 2):
        at = AT + timedelta(days=20 * turns)
        assert tasks.place_standing(at=at) == 1
        climb(at)
        assert len(works.my_orders(home.scope)) == turns
    (card,) = queries.my_page(home.scope).standing
    assert (card.refill.state, card.refill.visit) == (rules.RefillState.COMING, works.my_orders(home.scope)[0].order)


def test_a_turn_that_asks_for_a_yes_has_it_ticked_and_agrees_to_the_price_of_the_day(home):
    card = turn(home, refill=PRICE)
    assert (card.wants_refill, card.refill, rows("id")) == (True, None, [])


def test_a_paid_order_of_somebody_else_costs_one_look_up(home, rice):
    other = a_home(community=home.community).with_owner()
    order: Order = an_order(rice, 1, home=other, at=DUE)
    with statements() as asked_for:
        actions.send_refills(SYSTEM, paid=[(order.id, other.owner)], at=DUE)
    assert len([each for each in asked_for if "replenish_refill" in str(each)]) == 1


def test_it_goes_with_the_consent_and_what_the_company_was_asked_for_stays_with_the_company(home, rice):
    accepted(home)
    order = paid(home, rice)
    actions.end(home.scope, home=home.id, at=order.at)
    assert rows("id") == []
    (raised,) = works.my_orders(home.scope)
    work.cancel_work(home.scope, order=raised.order, at=order.at)
    climb(order.at)
