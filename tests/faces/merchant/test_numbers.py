"""The numbers of the day: sums that are worked out by hand here, and a page within its budget."""

from __future__ import annotations

from datetime import date

import pytest

from builders.orders import an_order
from harness.budget import budget
from linli.faces.merchant.numbers import DAYS, by_hour, summed, usual_by_hour
from linli.kernel.money import Money
from linli.trade.orders import rules
from linli.trade.orders.queries import ShopHour

TODAY, BEFORE = date(2026, 3, 2), date(2026, 3, 1)


def an_hour(day: date, hour: int, orders: int, *, packed: int = 0, punctual: int = 0, lost: int = 0) -> ShopHour:
    return ShopHour(day, hour, orders, Money(1000 * orders), packed, punctual, lost)


def test_hours_are_added_up_and_punctuality_is_a_part_of_what_was_packed():
    hours = [an_hour(TODAY, 9, 2, packed=2, punctual=1), an_hour(TODAY, 18, 3, packed=1, punctual=1, lost=1)]
    day = summed(hours)
    assert (day.orders, day.turnover, day.packed, day.lost) == (5, Money(5000), 3, 1)
    assert day.punctual_bp == 6666
    assert summed([]).punctual_bp is None


def test_an_average_day_leaves_today_out():
    hours = [an_hour(BEFORE, 9, 13), an_hour(TODAY, 9, 100)]
    assert usual_by_hour(hours, TODAY)[9] == round(13 / (DAYS - 1), 1)
    assert by_hour(hours, TODAY)[9] == 100
    assert sum(by_hour(hours, TODAY)) == 100


@pytest.mark.django_db
def test_the_page_shows_today_and_keeps_its_budget(visitor, rice):
    an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid()
    desk = visitor(rice.shop.scope)
    page = desk.get("/m/numbers/").content.decode()
    assert "¥58.00" in page
    assert page.count('<svg viewBox="0 0 320 120"') == 3
    with budget(3):  # begin, the hours, the shop's name
        desk.get("/m/numbers/")
    assert "今日数据" in visitor(rice.shop.scope, locale="zh-CN").get("/m/numbers/").content.decode()


@pytest.mark.django_db
def test_strangers_find_no_numbers(visitor, strangers):
    other, *rest = strangers
    assert "¥58.00" not in visitor(other).get("/m/numbers/").content.decode()
    for scope in rest:
        assert visitor(scope).get("/m/numbers/").status_code == 404
