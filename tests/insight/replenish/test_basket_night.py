"""The night of next baskets: a city learns once, each home's goods stand in the order learnt, and all of it can go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from builders import AT, a_home, a_listing, a_shop
from builders.orders import an_order
from builders.replenish import a_good, asked, bought, habits_of
from harness.databases import OwnDatabase
from harness.killed import killed
from harness.payments_words import as_the_house
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places_
from linli.ground.places import queries as places
from linli.ground.places.actions import HomeRow
from linli.insight.replenish import actions, models, queries, tasks
from linli.insight.replenish.rules.basket_asking import BASKET_VERSION, Ranks
from linli.spine import walls
from linli.spine.scope import SYSTEM
from linli.trade.shops.rules import ShopKind

NOW = AT + timedelta(days=120)
HOMES, THINGS = 500, 20


def proposed(home):
    return queries.next_basket(home.scope, home=home.id, at=NOW)


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    return asked(a_home(community=rice.shop.community).with_owner())


def today_of(home):
    return places.day_in(home.community.id, NOW)


def neighbours_of(community):
    """As many homes with an owner each: whoever lives nowhere is let go before anything is learnt."""
    places_.add_buildings(SYSTEM, community=community, rows=[places_.BuildingRow("大", 30.2, 120.2)], at=AT)
    rows = [HomeRow("大", "1", f"{nth}", None) for nth in range(HOMES)]
    homes = places_.add_homes(SYSTEM, community=community, rows=rows, at=AT)
    owners = [PersonRow("李", f"{19_700_000_000 + nth}", where, "owner", AT.date()) for nth, where in enumerate(homes)]
    return list(zip(people.register_people(SYSTEM, rows=owners, at=AT), homes, strict=True))


def a_town_that_asked(home, things):
    """As many homes as teach, and `home` among them, all of which told what they bought of some things."""
    day = today_of(home)
    community = home.community.id
    lived_in = neighbours_of(community)
    walls.raise_for(SYSTEM)
    households = [
        models.Household(home=where, building="", community=community, private_of=who) for who, where in lived_in
    ]
    models.Household.objects.bulk_create(households)
    consents = [
        models.Consent(person=each.private_of, home=each.home, household=each, shares=False, given_at=AT)
        for each in households
    ]
    models.Consent.objects.bulk_create(consents)
    consents[0] = models.Consent.objects.inside().get(home=home.id)
    models.Elsewhere.objects.bulk_create(
        models.Elsewhere(
            consent=consents[nth],
            commodity=f"thing-{thing}",
            bought_on=day - timedelta(days=ago),
            variant=things[thing],
        )
        for nth, thing, ago in habits_of(HOMES, len(things))
    )
    models.State.objects.bulk_create(
        models.State(household=each, commodity="", purchases=17, first_on=AT.date(), last_on=AT.date())
        for each in (consents[0].household, households[1])
    )


def things_of(shop):
    return [a_listing(f"东西 {nth}", shop=shop, stock=1000).variant for nth in range(THINGS)]


def ranked(home, variants, **how):
    """A night has put these in order for a home."""
    (household,) = models.Household.objects.inside().filter(home=home.id)
    how = {"homes": 700, "ranked_on": today_of(home)} | how
    actions.keep_basket_ranks(
        SYSTEM,
        households=[household.id],
        variants=variants,
        ranks=Ranks([list(range(len(variants)))]),
        at=NOW,
        **how,
    )


@pytest.mark.django_db
def test_a_city_learns_at_night_and_the_page_stands_in_the_order_learnt(home, rice):
    a_town_that_asked(home, things_of(rice.shop))
    by_habit = [slot.variant for slot in proposed(home).repeat]
    assert proposed(home).learnt_from == 0

    assert tasks.learn_baskets(at=NOW) == 2

    page, rank = proposed(home), models.BasketRank.objects.inside().get(household__home=home.id)
    usual = [slot.variant for slot in page.repeat]
    assert page.learnt_from == HOMES
    assert usual == [each for each in rank.variants if each in usual]
    assert (len(usual), len(set(usual) - set(by_habit)) > 0) == (10, True)

    (lesson,) = models.BasketLesson.objects.all()
    assert tasks.learn_baskets(at=NOW + timedelta(minutes=5)) == 0
    assert list(models.BasketLesson.objects.values_list("learnt_at", "body")) == [(lesson.learnt_at, lesson.body)]


@pytest.mark.django_db
def test_too_few_homes_teach_nothing_and_what_was_learnt_before_goes(home, rice):
    bought(rice, home, [0, 34, 68])
    ranked(home, [rice.variant])
    assert tasks.learn_baskets(at=NOW) == 0
    assert queries.basket_lesson(SYSTEM, city=places.market_of(home.community.id).city).learner is None
    assert models.BasketRank.objects.inside().count() == 0
    assert (proposed(home).learnt_from, len(proposed(home).repeat)) == (0, 1)

    actions.end(home.scope, home=home.id, at=NOW)
    tasks.learn_baskets(at=NOW + timedelta(days=1))
    assert models.BasketLesson.objects.count() == 0


@pytest.fixture
def two_habits(home, rice):
    oil = a_listing("花生油 5L", shop=rice.shop, stock=1000)
    bought(oil, home, [0, 34, 68])
    bought(rice, home, [1, 35, 36, 69])
    return rice.variant, oil.variant


@pytest.mark.django_db
def test_what_was_bought_since_and_what_the_night_left_lying_is_ranked_by_habit(home, rice, two_habits):
    other_way = two_habits[::-1]
    ranked(home, other_way)
    assert [slot.variant for slot in proposed(home).repeat] == list(other_way)

    for how in ({"ranked_on": today_of(home) - timedelta(days=8)}, {"ranked_on": today_of(home) - timedelta(days=60)}):
        ranked(home, other_way, **how)
        assert ([slot.variant for slot in proposed(home).repeat], proposed(home).learnt_from) == (list(two_habits), 0)

    ranked(home, other_way)
    an_order(rice, 1, home=home, at=NOW - timedelta(hours=2)).completed()
    assert proposed(home).learnt_from == 0


@pytest.mark.django_db
def test_an_order_of_another_version_is_not_used(home, two_habits):
    ranked(home, two_habits[::-1])
    models.BasketRank.objects.inside().update(version=BASKET_VERSION + 1)
    assert ([slot.variant for slot in proposed(home).repeat], proposed(home).learnt_from) == (list(two_habits), 0)


@pytest.mark.django_db
def test_what_was_put_in_order_goes_with_the_wish_and_when_goods_come_back(home, rice, two_habits):
    ranked(home, two_habits)
    actions.rebuild(SYSTEM, households=[models.Household.objects.inside().get(home=home.id).id], at=NOW)
    assert models.BasketRank.objects.inside().count() == 0

    ranked(home, two_habits)
    actions.end(home.scope, home=home.id, at=NOW)
    assert models.BasketRank.objects.inside().count() == 0


@pytest.mark.django_db
def test_a_night_keeps_nothing_for_a_home_that_ended_it_meanwhile(home, two_habits):
    (household,) = models.Household.objects.inside().filter(home=home.id)
    actions.end(home.scope, home=home.id, at=NOW)
    kept = actions.keep_basket_ranks(
        SYSTEM,
        households=[household.id],
        variants=two_habits,
        ranks=Ranks([[0, 1]]),
        homes=700,
        ranked_on=today_of(home),
        at=NOW,
    )
    assert (kept, models.BasketRank.objects.inside().count()) == (0, 0)


@pytest.mark.django_db
def test_medicine_and_what_a_pharmacy_sells_teach_nothing(home, rice):
    pharmacy = a_shop(community=rice.shop.community, kind=ShopKind.PHARMACY).open_around_the_clock()
    for thing in (a_listing("棉签 100支", shop=pharmacy, stock=10), a_listing("婴儿纸尿裤", shop=rice.shop, stock=10)):
        bought(thing, home, [0, 34])
    bought(rice, home, [36])
    city = places.market_of(home.community.id)
    material = queries.basket_material(
        SYSTEM, communities=[home.community.id], timezone=city.timezone, today=today_of(home), at=NOW
    )
    assert material.bought.products == (str(rice.variant),)


@pytest.mark.django_db
def test_whose_order_is_new_and_who_bought_nothing_since_is_passed_over(home, rice, two_habits):
    tasks.learn_baskets(at=NOW)
    city = places.market_of(home.community.id)
    lesson = queries.basket_lesson(SYSTEM, city=city.city)

    def to_rank(today):
        found = queries.baskets_to_rank(
            SYSTEM,
            community=home.community.id,
            after=None,
            timezone=city.timezone,
            today=today,
            lesson=lesson,
            at=NOW,
        )
        return found.households if found else ()

    today = today_of(home)
    assert len(to_rank(today)) == 1
    ranked(home, two_habits)
    assert (to_rank(today), to_rank(today + timedelta(days=2))) == ((), ())
    assert len(to_rank(today + timedelta(days=3))) == 1
    models.State.objects.inside().filter(commodity="").update(last_on=today)
    assert len(to_rank(today)) == 1


@pytest.mark.slow
def test_a_night_that_is_killed_is_finished_when_it_is_run_again(own_database: OwnDatabase):
    rice = a_good()
    home = asked(a_home(community=rice.shop.community).with_owner())
    things = things_of(rice.shop)
    with transaction.atomic():
        walls.raise_for(SYSTEM)
        a_town_that_asked(home, things)

    deaths = sum(killed(after, lambda: tasks.learn_baskets(at=NOW)) for after in (4, 20, 34, 37, 40, 6, 12))
    tasks.learn_baskets(at=NOW)

    assert deaths >= 4
    assert as_the_house("SELECT count(*), min(households) FROM replenish_basket_lesson") == [(1, HOMES)]
    assert as_the_house("SELECT count(*), min(homes) FROM replenish_basket_rank") == [(2, HOMES)]
