"""What a home, a shop or a night may bring that nobody meant: told by rule, refused or left out, and never broken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from builders import AT, a_city, a_community, a_home, a_listing
from builders.orders import an_order, climb
from builders.replenish import a_good, asked, bought
from linli.ground.people import actions as people
from linli.ground.places import queries as places
from linli.insight.replenish import actions, models, queries, rules, tasks
from linli.insight.replenish.actions import Told
from linli.insight.replenish.rules.asking import VERSION
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.orders.rules import RefundAsk

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    return asked(a_home(community=rice.shop.community).with_owner())


def kept(home, commodity="rice"):
    return models.State.objects.inside().filter(household__home=home.id, commodity=commodity).first()


def night(days: int) -> int:
    return tasks.propose_due(at=AT + timedelta(days=days))


def told(home, rice, days) -> None:
    today = places.day_in(home.community.id, AT)
    each = [Told("rice", today - timedelta(days=day), rice.variant) for day in days]
    for start in range(0, len(each), 200):
        actions.tell_bought(home.scope, home=home.id, told=each[start : start + 200], at=AT)


@pytest.mark.parametrize("purchases", [0, 1, 2])
def test_a_home_with_few_purchases_or_none_is_told_nothing_and_its_page_says_so(home, rice, purchases):
    bought(rice, home, [20 * n for n in range(purchases)])

    assert [night(day) for day in (20, 41, 60, 90)] == [0, 0, 0, 0]

    page = queries.my_page(home.scope)
    assert page.proposals == ()
    assert [card.purchases for card in page.known] == ([purchases] if purchases else [])


def test_a_home_that_buys_on_every_day_of_two_years_is_one_state_and_one_proposal(home, rice):
    told(home, rice, range(729))

    assert kept(home).purchases == 729
    assert rules.usual_days(kept(home).log_gaps, 729) == 1
    assert night(1) == 1
    assert night(1) == 0


def test_ten_thousand_lines_of_one_home_are_states_of_days(home, rice, monkeypatch):
    """As many lines as orders give at once: what is bought again on a day is no second purchase of it."""
    (order,) = bought(rice, home, [0])
    (line,) = ordered.bought_lines(SYSTEM, orders=[order.id])
    monkeypatch.setattr(ordered, "bought_in_homes", lambda *_scope, **_how: (line,) * 10_000)

    actions.rebuild(SYSTEM, households=[kept(home).household_id], at=order.at)

    assert (kept(home).purchases, kept(home, "").purchases) == (1, 1)


def test_a_part_that_came_back_leaves_the_purchase_and_an_amount_that_did_changes_nothing(home, rice):
    first, second = bought(rice, home, [0, 20], quantity=3)
    for order, ask in ((first, {"quantity": 1}), (second, {"amount": Money(1_00)})):
        line = ordered.order_page(home.scope, order=order.id).lines[0].line
        orders.grant_refund(
            rice.shop.scope, order=order.id, lines=(RefundAsk(line=line, **ask),), reason="破了", at=order.at
        )
    climb(second.at)

    assert (kept(home).purchases, kept(home).usual_quantity) == (2, 3)


def test_what_is_sold_by_weight_is_bought_on_a_day_however_many_portions_it_is(home, rice):
    loose = a_listing("散装大米 一斤", shop=rice.shop, stock=100)
    bought(loose, home, [0], quantity=7)

    assert (kept(home).purchases, kept(home).usual_quantity, kept(home).usual_variant) == (1, 7, loose.variant)
    (card,) = [each for each in queries.mapped_listings(commodities=queries.taxonomy()) if each.listing == loose.id]
    assert (card.commodity, card.pack.amount, card.pack.measure) == ("rice", 500, rules.Measure.GRAM)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_purchase_on_the_night_of_a_clock_change_is_of_its_own_day(change):
    """Half an hour before midnight and half an hour after, where a day has 23 or 25 hours."""
    community = a_community(city=a_city(timezone="Europe/Berlin"))
    rice = a_good(community=community)
    home = asked(a_home(community=community).with_owner())
    midnight = datetime(change.year, change.month, change.day, 23 if change.month == 3 else 22, tzinfo=UTC)
    midnight -= timedelta(days=1)
    for at in (midnight - timedelta(minutes=30), midnight + timedelta(minutes=30), midnight + timedelta(hours=22)):
        climb(an_order(rice, home=home, at=at).completed().at)

    state = kept(home)
    assert (state.first_on, state.last_on, state.purchases) == (change - timedelta(days=1), change, 2)
    assert state.log_gaps == 0.0  # one day


def test_a_commodity_that_nobody_buys_is_studied_and_foretold_without_it(home, rice):
    actions.keep_commodity(
        SYSTEM,
        key="saffron",
        zh="藏红花",
        en="Saffron",
        measure=rules.Measure.GRAM,
        usual_days=90,
        words=["藏红花"],
        at=AT,
    )
    bought(rice, home, range(0, 160, 20))

    assert tasks.study_week(at=AT + timedelta(days=150)) == 8
    assert night(157) == 1
    assert {card.commodity for card in queries.my_page(home.scope).known} == {"rice"}


def test_a_good_that_becomes_another_commodity_takes_what_was_proposed_of_it_along(home, rice):
    bought(rice, home, range(0, 160, 20))
    assert night(157) == 1

    actions.map_listing(SYSTEM, listing=rice.id, commodity="flour", at=AT + timedelta(days=157))
    tasks.rebuild_stale(at=AT + timedelta(days=157))

    assert (kept(home), kept(home, "flour").purchases) == (None, 8)
    actions.map_listing(SYSTEM, listing=rice.id, commodity="", at=AT + timedelta(days=158))
    tasks.rebuild_stale(at=AT + timedelta(days=158))
    assert kept(home, "flour") is None
    assert night(158) == 0


def studied(**changed: object) -> None:
    newest = models.Study.objects.order_by("-id").first()
    body = dict(newest.body) | changed
    models.Study(version=int(str(changed.get("version", VERSION))), households=1, body=body, studied_at=AT).save(
        force_insert=True
    )


@pytest.mark.parametrize(
    "broken",
    [{"commodities": ["rice"]}, {"mean": "lost"}, {"slope": None}],
    ids=["other commodities", "no numbers", "nothing where a number was"],
)
def test_a_study_that_does_not_fit_or_is_broken_is_not_used_and_the_page_says_so(home, rice, broken):
    bought(rice, home, range(0, 160, 20))
    tasks.study_week(at=AT + timedelta(days=150))
    assert not queries.my_page(home.scope).is_simple

    studied(**broken)

    assert queries.my_page(home.scope).is_simple
    assert night(157) == 1
    assert not queries.my_page(home.scope).proposals[0].is_learnt


def test_without_any_study_the_simple_rule_serves_and_the_page_says_so(home, rice):
    bought(rice, home, range(0, 160, 20))
    assert queries.my_page(home.scope).is_simple
    assert night(157) == 1


def test_of_a_study_of_another_version_alone_the_simple_rule_serves_and_the_page_says_so(home, rice):
    bought(rice, home, range(0, 160, 20))
    body = {"version": VERSION + 1, "mean": [1.0]}
    models.Study(version=VERSION + 1, households=9, body=body, studied_at=AT).save(force_insert=True)

    assert queries.my_page(home.scope).is_simple
    assert night(157) == 1
    assert not queries.my_page(home.scope).proposals[0].is_learnt


def test_whoever_has_left_teaches_nothing_even_before_the_morning_lets_them_go(home, rice):
    """The residency ends with a day to come; the night learns before the next morning's proposals are made."""
    bought(rice, home, range(0, 80, 20))
    last = places.day_in(home.community.id, AT + timedelta(days=90))
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=last, at=AT + timedelta(days=80))
    climb(AT + timedelta(days=80))
    assert kept(home).purchases == 4

    after = AT + timedelta(days=91)
    assert tasks.study_week(at=after) == 0
    assert models.Household.objects.inside().count() == 0
    assert models.Study.objects.count() == 0


def test_nor_do_their_baskets(home, rice):
    bought(rice, home, range(0, 80, 20))
    last = places.day_in(home.community.id, AT + timedelta(days=90))
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=last, at=AT + timedelta(days=80))
    climb(AT + timedelta(days=80))

    tasks.learn_baskets(at=AT + timedelta(days=91))

    assert (models.Household.objects.inside().count(), models.BasketLesson.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "name", ["感冒灵 胶囊", "布洛芬 缓释片", "避孕套 12只", "成人纸尿裤 L", "婴儿奶粉 900g", "婴儿纸尿裤 M 大米香"]
)
def test_medicine_adult_and_infants_goods_leave_no_trace_but_a_day(home, name):
    bought(a_good(name, community=home.community), home, [0, 20, 40, 60])

    states = models.State.objects.inside().filter(household__home=home.id)
    assert list(states.values_list("commodity", "usual_variant")) == [("", None)]
    assert night(77) == 0
    assert queries.my_page(home.scope).known == ()


def test_what_was_told_and_what_stands_goes_with_the_residency_too(home, rice):
    told(home, rice, [0, 20, 40])
    actions.begin_standing(home.scope, home=home.id, commodity="rice", every_days=20, pays=rules.Pays.ASK, at=AT)
    tasks.place_standing(at=AT + timedelta(days=20))
    assert models.Turn.objects.inside().count() == 1

    actions.end_for_leaver(
        SYSTEM, person=home.owner, home=home.id, end_on=places.day_in(home.community.id, AT), at=AT + timedelta(days=21)
    )

    for table in (models.Household, models.Elsewhere, models.Standing, models.StandingMove, models.Turn, models.State):
        assert table.objects.inside().count() == 0, table
    assert len(ordered.my_orders(home.scope)) == 1  # the order is its person's


def test_nothing_is_kept_of_who_never_asked(rice):
    silent = a_home(community=rice.shop.community).with_owner()
    bought(rice, silent, [0, 20, 40])

    assert models.Household.objects.inside().count() == 0
    assert models.State.objects.inside().count() == 0
    assert night(57) == 0
