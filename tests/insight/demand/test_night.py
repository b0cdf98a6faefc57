"""The night: what was sold is counted, foretold, and proposed to its shop alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from builders import AT, a_community, a_listing, a_shop
from builders.orders import an_order
from harness.budget import budget
from linli.ground.policies import actions as policies
from linli.ground.policies.queries import policy
from linli.ground.policies.rules import Level
from linli.insight.demand import actions, models, queries, rules, tasks
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions as catalogue
from linli.trade.catalogue.rules import Kind
from linli.trade.orders import queries as orders
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"
OTHER = UUID("01930000-0000-7000-8000-0000000000aa")


@pytest.fixture
def greens():
    shop = a_shop().open_around_the_clock()
    return a_listing("小青菜", en="Greens", shop=shop, price="3.00", kind=Kind.FRESH, stock=100)


def sold_before(greens, *, days: int = 30, each: int = 4, community: UUID | None = None) -> list[rules.Sold]:
    """The same number on every day up to yesterday, as if counted."""
    today = AT.date()
    return [
        rules.Sold(
            greens.shop.id, greens.variant, community or greens.shop.community.id, "fresh", today - timedelta(n), each
        )
        for n in range(1, days + 1)
    ]


def foretold(greens, *more: rules.Sold) -> None:
    yesterday = AT.date() - timedelta(days=1)
    told = rules.tell([*sold_before(greens), *more], yesterday)
    actions.keep_forecasts(SYSTEM, shops=[greens.shop.id], told=told, told_on=yesterday, at=AT)


def lines(greens):
    return queries.order_lines(greens.shop.scope, shop=greens.shop.id, timezone=ZONE, at=AT)


def test_completed_orders_are_counted_once_however_often_the_night_comes(greens):
    order = an_order(greens, 3).completed()
    an_order(greens, 2).paid()
    night = order.at + timedelta(days=1)
    for _ in range(2):
        tasks.foretell_demand(at=night)
        rows = models.SoldDay.objects.inside().values_list("shop", "variant", "quantity")
        assert list(rows) == [(greens.shop.id, greens.variant, 3)]


def test_the_first_night_counts_the_half_year_before_and_a_silent_community_costs_little(greens, monkeypatch):
    an_order(greens, 3).completed()
    an_order(greens, 2, at=AT + timedelta(days=58)).completed()
    a_community()
    asked = []
    note = actions.note_sold

    def counted(scope, **how):
        asked.append(how["community"])
        return note(scope, **how)

    monkeypatch.setattr(actions, "note_sold", counted)
    tasks.foretell_demand(at=AT + timedelta(days=60))
    rows = models.SoldDay.objects.inside().order_by("day").values_list("quantity", flat=True)
    assert list(rows) == [3, 2]
    assert sorted(asked.count(each) for each in set(asked)) == [1, 8]


def test_what_hardly_ever_sold_is_not_foretold(greens):
    yesterday = AT.date() - timedelta(days=1)
    assert rules.tell(sold_before(greens, days=1), yesterday) == ()


def test_the_shop_reads_its_own_proposal_and_another_one_does_not(greens):
    foretold(greens)
    (line,) = lines(greens)
    assert (line.variant, line.usual, line.life_d) == (greens.variant, 3.0, 3)
    other = a_shop().scope
    with pytest.raises(NotFound):
        queries.order_lines(other, shop=greens.shop.id, timezone=ZONE, at=AT)
    assert queries.order_lines(other, shop=other.shop, timezone=ZONE, at=AT) == ()
    with pytest.raises(Denied):
        queries.sales(other, shops=[greens.shop.id], last_on=AT.date())


def test_the_wall_stands_behind_the_first_one(greens):
    foretold(greens)
    from linli.spine import sql
    from linli.spine.action import query

    @query
    def rows(scope):  # type: ignore[no-untyped-def]
        return sql.fetch_one("SELECT count(*) FROM demand_forecast")[0]

    assert rows(greens.shop.scope) == 1
    assert rows(a_shop().scope) == 0


def test_a_batch_that_will_be_left_is_proposed_for_markdown_with_its_last_day(greens):
    stock.receive_batch(
        greens.shop.scope, variant=greens.variant, quantity=40, expires_at=AT + timedelta(days=1), at=AT
    )
    foretold(greens)
    (line,) = lines(greens)
    soon = [batch for batch in line.batches if batch.expires_on is not None]
    assert [(batch.quantity, batch.markdown_bp > 0) for batch in soon] == [(40, True)]


def test_a_forecast_of_two_weeks_ago_is_not_shown(greens):
    foretold(greens)
    later = AT + timedelta(days=20)
    assert queries.order_lines(greens.shop.scope, shop=greens.shop.id, timezone=ZONE, at=later) == ()
    with pytest.raises(NotFound):
        queries.item_page(
            greens.shop.scope,
            shop=greens.shop.id,
            variant=greens.variant,
            timezone=ZONE,
            life_d=None,
            fill=0.9,
            at=later,
        )


def test_communities_alone_would_have_to_order_more_than_together(greens):
    foretold(greens, *sold_before(greens, community=a_community().id))
    page = queries.item_page(
        greens.shop.scope, shop=greens.shop.id, variant=greens.variant, timezone=ZONE, life_d=1, fill=0.9, at=AT
    )
    assert len(page.alone) == 2
    assert sum(point.order for point in page.alone) > page.together.order
    assert page.line.usual == 6.0


def test_forecasts_of_one_shop_leave_those_of_others_alone(greens):
    foretold(greens)
    actions.keep_forecasts(SYSTEM, shops=[OTHER], told=(), told_on=AT.date(), at=AT)
    assert len(lines(greens)) == 1


def test_old_days_are_let_go(greens):
    order = an_order(greens, 3).completed()
    tasks.foretell_demand(at=order.at + timedelta(days=1))
    assert actions.forget_old_sales(SYSTEM, before=order.at.date(), at=AT) == 0
    assert actions.forget_old_sales(SYSTEM, before=order.at.date() + timedelta(days=2), at=AT) == 1


def test_thirty_things_are_proposed_in_three_statements(greens):
    foretold(greens)
    with budget(3):
        lines(greens)


def brought(greens, *days: int, quantity: int = 5) -> list[actions.Brought]:
    return [actions.Brought(greens.variant, AT.date() - timedelta(days=ago), quantity) for ago in days]


def test_what_went_over_the_counter_is_foretold_with_what_was_ordered_and_no_night_counts_it_away(greens):
    assert actions.bring_sales(greens.shop.scope, sold=brought(greens, *range(1, 31)), at=AT) == 30
    assert actions.bring_sales(greens.shop.scope, sold=brought(greens, 1, quantity=7), at=AT) == 1
    tasks.foretell_demand(at=AT)
    assert models.SoldDay.objects.inside().filter(is_brought=True).count() == 30
    (line,) = lines(greens)
    assert line.usual >= 4
    asked = queries.sales(SYSTEM, shops=[greens.shop.id], last_on=AT.date())
    assert sum(asked.sold[0].quantities) == 29 * 5 + 7


@pytest.mark.parametrize(("ago", "quantity"), [(-1, 5), (400, 5), (1, 0)])
def test_counter_sales_that_cannot_have_been_are_refused_and_nothing_is_kept(greens, ago, quantity):
    with pytest.raises(Invalid):
        actions.bring_sales(greens.shop.scope, sold=brought(greens, 1, ago, quantity=quantity), at=AT)
    assert models.SoldDay.objects.inside().count() == 0


def test_a_shop_brings_nothing_of_another_shops_goods(greens):
    other = a_shop(community=greens.shop.community).open_around_the_clock()
    assert actions.bring_sales(other.scope, sold=brought(greens, 1), at=AT) == 0


def test_more_sales_than_one_page_holds_are_all_counted(greens, monkeypatch):
    others = [a_listing(f"菜{n}", shop=greens.shop, kind=Kind.FRESH, stock=100) for n in range(3)]
    done = [an_order(each, 2).completed() for each in (greens, *others)]
    ask = orders.sold_goods
    monkeypatch.setattr(orders, "MOST_SOLD", 2)
    monkeypatch.setattr(orders, "sold_goods", lambda scope, **how: ask(scope, **how, limit=2))
    tasks.foretell_demand(at=done[-1].at + timedelta(days=1))
    assert models.SoldDay.objects.inside().count() == 4


def test_every_series_of_a_portion_is_read_however_many_there_are(greens, monkeypatch):
    others = [a_listing(f"菜{n}", shop=greens.shop, kind=Kind.FRESH, stock=100) for n in range(4)]
    done = [an_order(each, 2).completed() for each in (greens, *others)]
    night = done[-1].at + timedelta(days=1)
    tasks.foretell_demand(at=night)
    monkeypatch.setattr(queries, "SERIES", 2)

    asked = queries.sales(SYSTEM, shops=[greens.shop.id], last_on=night.date())

    assert {each.variant for each in asked.sold} == {greens.variant, *(each.variant for each in others)}
    assert len(asked.sold) == 5


def test_the_night_reads_the_category_of_what_was_sold(greens):
    leaves = catalogue.add_category(SYSTEM, name={"zh": "叶菜", "en": "Leaves"}, at=AT)
    name = {"zh": "小青菜", "en": "Greens"}
    catalogue.edit_listing(
        greens.shop.scope, listing=greens.id, name=name, description={}, category=leaves, picture=None, at=AT
    )
    loose = a_listing("散装菜", shop=greens.shop, kind=Kind.FRESH, stock=100)
    done = [an_order(each, 2).completed() for each in (greens, loose)]
    tasks.foretell_demand(at=done[-1].at + timedelta(days=1))

    asked = queries.sales(SYSTEM, shops=[greens.shop.id], last_on=done[-1].at.date() + timedelta(days=1))

    assert {each.variant: each.category for each in asked.sold} == {greens.variant: leaves, loose.variant: None}


def test_a_thing_learns_its_weekdays_from_its_category_not_from_all_of_its_kind():
    """Both categories sell seventy a week; what is new has sold its first few pieces on a Monday, and no more."""
    monday = AT.date() - timedelta(days=AT.date().weekday())
    shop, community, meat, leaves = (UUID(int=each) for each in range(1, 5))

    def weeks(variant: int, category: UUID, by_day: dict[int, int], past: range) -> list[rules.Sold]:
        return [
            rules.Sold(shop, UUID(int=variant), community, "fresh", monday + timedelta(day - 7 * week), sold, category)
            for week in past
            for day, sold in by_day.items()
        ]

    busy = range(1, 30)
    sold = weeks(10, meat, {5: 30, 6: 30, 0: 2, 1: 2, 2: 2, 3: 2, 4: 2}, busy)
    sold += weeks(11, leaves, {0: 12, 1: 12, 2: 12, 3: 12, 4: 12, 5: 5, 6: 5}, busy)
    sold += weeks(12, meat, {0: 9}, range(1, 2)) + weeks(13, leaves, {0: 9}, range(1, 2))

    told = {each.variant.int: each.days[:7] for each in rules.tell(sold, monday - timedelta(days=1))}

    of_meat, of_leaves = (sum(day[1] for day in told[variant][5:]) for variant in (12, 13))
    assert of_meat > of_leaves


def test_a_citys_feast_changes_what_the_night_foretells(greens):
    today = AT.date()
    feast = f"{today + timedelta(days=2)} -1=2.5 0=0.2 x=9 1=nan 99=3"
    policies.set_policy(
        SYSTEM,
        level=Level.CITY.value,
        place=greens.shop.community.city,
        word="demand",
        values={"feasts": [feast, "no day", "2026-13-01 0=2", ""]},
        start_at=AT,
        at=AT,
    )
    rule = policy(SYSTEM, rules.DemandPolicy, at=AT, city=greens.shop.community.city)
    assert rule.dated() == (rules.Feast(today + timedelta(days=2), ((-1, 2.5), (0, 0.2))),)

    yesterday = today - timedelta(days=1)
    plain, dated = (
        rules.tell(sold_before(greens, days=60, each=20), yesterday, feasts)[0].days for feasts in ((), rule.dated())
    )
    assert dated[1][0] > 1.5 * plain[1][0]
    assert dated[2][0] < 0.5 * plain[2][0]
    assert dated[6] == plain[6]
