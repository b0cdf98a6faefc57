"""The numbers of a shop's days are counted from what happened, and are the shop's own."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import AT, a_listing, a_person, a_shop
from builders.orders import an_order
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine.scope import Role, Scope
from linli.trade.orders import actions, queries, rules

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"


@pytest.fixture
def rice():
    shop = a_shop().open_around_the_clock().delivering(fee="4.00")
    return a_listing("东北大米", en="Rice", shop=shop, price="29.00", stock=50)


def hours(scope: Scope, *, since: timedelta = timedelta(days=1)) -> tuple[queries.ShopHour, ...]:
    return queries.shop_hours(scope, timezone=ZONE, start=AT - since, end=AT + timedelta(days=1))


def test_orders_are_counted_in_the_hour_they_were_placed_with_what_was_packed_in_time(rice):
    scope = rice.shop.scope
    packed = an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid().accepted()
    actions.finish_order(scope, order=packed.id, at=AT + timedelta(minutes=5))
    an_order(rice, 1, fulfilment=rules.Fulfilment.PICK_UP).paid()
    refused = an_order(rice, 1, fulfilment=rules.Fulfilment.PICK_UP).paid()
    actions.refuse_order(scope, order=refused.id, reason="Sold out", at=AT + timedelta(minutes=2))
    an_order(rice, 1, fulfilment=rules.Fulfilment.PICK_UP)  # never paid: nobody's order yet
    (only,) = hours(scope)
    local = AT.astimezone(ZoneInfo(ZONE))
    in_time = packed.page.promised_at is None or AT + timedelta(minutes=5) <= packed.page.promised_at
    assert (only.day, only.hour) == (local.date(), local.hour)
    assert (only.orders, only.turnover) == (2, Money.parse("87.00"))
    assert (only.packed, only.punctual, only.lost) == (1, int(in_time), 1)


def test_what_is_packed_after_the_promise_is_not_punctual(rice):
    late = an_order(rice, 1, fulfilment=rules.Fulfilment.PICK_UP).paid().accepted()
    promised = late.page.promised_at
    assert promised is not None
    actions.finish_order(rice.shop.scope, order=late.id, at=promised + timedelta(seconds=1))
    (only,) = hours(rice.shop.scope)
    assert (only.packed, only.punctual) == (1, 0)


def test_another_shop_sees_nothing_and_who_keeps_none_is_refused(rice):
    an_order(rice, 1, fulfilment=rules.Fulfilment.PICK_UP).paid()
    assert hours(a_shop().scope) == ()
    assert hours(rice.shop.scope, since=timedelta(0)) != ()
    with pytest.raises(Denied):
        hours(Scope(role=Role.RESIDENT, person=a_person()))
