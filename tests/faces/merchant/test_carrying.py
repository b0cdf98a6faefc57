"""What to carry and customers in numbers: the list, the sheet, and nothing of another shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_shop
from builders.orders import an_order, climb
from harness.budget import budget
from linli.spine.scope import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(monkeypatch):
    """Rice with a purchase price, bought by a home a week ago; and salt that nobody buys."""
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT + timedelta(days=7))
    shop = a_shop().open_around_the_clock()
    rice = a_listing("大米", en="Rice", shop=shop, price="10.00").with_stock(100, cost="6.00")
    a_listing("盐", en="Salt", shop=shop, price="2.00").with_stock(10, cost="1.11")
    home = a_home(community=shop.community).with_owner()
    climb(an_order(rice, 3, home=home, at=AT).completed().at)
    return rice


def text(response) -> str:
    return response.content.decode()


def test_each_good_is_shown_with_what_it_leaves_and_why(visitor, sold):
    page = text(visitor(sold.shop.scope, locale="en").get("/m/carry/"))
    assert "Rice" in page
    assert "here for less than four weeks" in page
    assert "18.00" in page
    assert "fewer than 5" in page


def test_a_community_and_a_verdict_can_be_chosen(visitor, sold):
    client = visitor(sold.shop.scope, locale="en")
    where = f"/m/carry/?community={sold.shop.community.id}&trip=9.00"
    assert "Rice" in text(client.get(where))
    assert "Rice" not in text(client.get(where + "&verdict=carry"))


@pytest.mark.parametrize("form", ["csv", ""])
def test_all_of_it_can_be_taken_along(visitor, sold, form):
    answer = visitor(sold.shop.scope, locale="en").get(f"/m/carry/sheet/?form={form}")
    assert answer.status_code == 200
    if form == "csv":
        rows = text(answer).splitlines()
        assert rows[0].endswith("Loss,Margin")
        assert any(row.startswith("Rice,") and ",18.00," in row for row in rows)


@pytest.mark.parametrize("wish", ["trip=abc", "trip=-1", "community=no", "from=-3", "verdict=none"])
def test_a_strange_wish_is_no_defect(visitor, sold, wish):
    assert visitor(sold.shop.scope).get(f"/m/carry/?{wish}").status_code in (200, 404, 422)


def test_customers_are_counts_with_their_definitions(visitor, sold):
    page = text(visitor(sold.shop.scope, locale="zh-CN").get("/m/customers/"))
    assert "不显示" in page
    assert "少于 5 户" in page


def test_the_pages_keep_their_budgets(visitor, sold):
    client = visitor(sold.shop.scope)
    for where, most in (("/m/carry/", 9), ("/m/customers/", 5)):
        client.get(where)
        with budget(most):
            client.get(where)


def test_what_goods_were_bought_for_is_on_nobody_elses_page(visitor, sold, strangers):
    for scope in strangers:
        for where in ("/m/carry/", "/m/carry/sheet/?form=csv", "/m/customers/"):
            answer = visitor(scope).get(where)
            assert answer.status_code in ((200, 404) if scope.role is Role.MERCHANT else (404,))
            assert "Rice" not in text(answer)
            assert "大米" not in text(answer)
