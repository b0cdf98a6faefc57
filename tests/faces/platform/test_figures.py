"""Communities in numbers: the list, one community, and what a merchant alone may know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from builders import a_home, a_listing, a_shop
from builders.couriers import OPERATOR
from builders.delivery import a_zone
from builders.orders import an_order, climb
from harness.budget import budget
from linli.ground.places import queries as places
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
LATELY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def sold():
    shop = a_shop().open_around_the_clock()
    rice = a_listing("大米", en="Rice", shop=shop, price="10.00").with_stock(100, cost="6.66")
    for _ in range(5):
        climb(an_order(rice, 3, home=a_home(community=shop.community).with_owner(), at=LATELY).completed().at)
    return rice


def text(response) -> str:
    return response.content.decode()


def test_a_city_lists_its_communities_with_their_figures(visitor, sold):
    page = text(visitor(OPERATOR, locale="en").get("/platform/figures/"))
    assert f"/platform/figures/{sold.shop.community.id}/" in page
    assert "30.00" in page  # the basket


def test_a_community_tells_who_buys_and_what_a_neighbour_would_change(visitor, sold):
    a_zone(sold.shop.community)
    page = text(visitor(OPERATOR, locale="zh-CN").get(f"/platform/figures/{sold.shop.community.id}/"))
    assert "如果邻近小区一起拼送" in page
    assert "新客户" in page
    assert "6.66" not in page


def test_the_figures_can_be_taken_along(visitor, sold):
    answer = visitor(OPERATOR, locale="en").get("/platform/figures/sheet/?form=csv")
    assert text(answer).splitlines()[0].endswith('"Thrown away, %"')
    assert "30.00" in text(answer)


def test_a_community_of_another_city_is_not_there(visitor, sold):
    elsewhere = Scope(role=Role.PLATFORM, city=a_home().community.id)  # type: ignore[arg-type]
    assert visitor(elsewhere).get(f"/platform/figures/{sold.shop.community.id}/").status_code == 404
    own = Scope(role=Role.PLATFORM, city=places.community(sold.shop.community.id).city)
    assert visitor(own).get(f"/platform/figures/{sold.shop.community.id}/").status_code == 200


def test_the_pages_keep_their_budgets(visitor, sold):
    client = visitor(OPERATOR)
    for where, most in (("/platform/figures/", 7), (f"/platform/figures/{sold.shop.community.id}/", 21)):
        client.get(where)
        with budget(most):
            client.get(where)


def test_strangers_see_nothing(visitor, sold):
    for scope in (sold.shop.scope, a_home(community=sold.shop.community).with_owner().scope, Scope(role=Role.GUEST)):
        for where in ("/platform/figures/", "/platform/figures/sheet/", f"/platform/figures/{sold.shop.community.id}/"):
            assert visitor(scope).get(where).status_code in (302, 404)
