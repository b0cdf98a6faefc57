"""The shop's kitchen: its terms, what the next hours hold, and the breath it takes."""

from __future__ import annotations

import pytest

from builders import AT, a_shop
from builders.delivery import a_zone
from harness.budget import budget
from linli.faces.shell import dispatch, doorway
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, rules

pytestmark = pytest.mark.django_db
PAGE = "/m/settings/kitchen/"


@pytest.fixture(autouse=True)
def now(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.mark.parametrize(("locale", "word"), [("en", "Kitchen"), ("zh-CN", "厨房")])
def test_a_shop_says_what_its_kitchen_can_do_and_sees_what_is_ordered(visitor, locale, word):
    shop = a_shop().open_around_the_clock()
    zone = a_zone(shop.community)
    desk = visitor(shop.scope, locale=locale)
    assert word in desk.get(PAGE).content.decode()
    sent = {"value": "60.00", "minutes": "12", "queue_minutes": "45", "pauses_by_itself": "1"}
    assert desk.post(PAGE, sent).status_code == 303
    kept = queries.kitchen(shop.scope, shop=shop.id, at=AT).terms
    assert kept == rules.KitchenTerms(value=Money(6000), minutes=12, pauses_by_itself=True, queue_minutes=45)
    actions.hold_slots(SYSTEM, held=zone.holding(now=True, value={shop.id: Money(4500)}), at=AT)
    assert "¥45.00" in desk.get(PAGE).content.decode()
    with budget(10):
        desk.get(PAGE)
    assert desk.post(PAGE, {"minutes": "12", "queue_minutes": "45"}).status_code == 303
    assert queries.kitchen(shop.scope, shop=shop.id, at=AT).terms is None


def test_nonsense_is_told_beside_its_field_and_nothing_is_set(visitor):
    shop = a_shop().open_around_the_clock()
    answer = visitor(shop.scope).post(PAGE, {"value": "60", "minutes": "12", "queue_minutes": "500"})
    assert "Between 15 and 120 minutes" in answer.content.decode()
    assert queries.kitchen(shop.scope, shop=shop.id, at=AT).terms is None


def test_another_shop_sees_nothing_of_it():
    shop, stranger = a_shop(), a_shop()
    with pytest.raises(NotFound):
        queries.kitchen(stranger.scope, shop=shop.id, at=AT)
