"""Orders in numbers, for the platform and the works."""

from __future__ import annotations

import pytest

from builders import a_listing, a_shop
from builders.orders import an_order
from harness.budget import budget
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.money.payouts import queries as payouts
from linli.money.payouts.rules import Kind
from linli.spine.scope import SYSTEM
from linli.trade.orders import actions, queries
from linli.trade.orders.rules import CheckoutState, OrderState, RefundAsk
from linli.trade.stock import queries as stock

pytestmark = pytest.mark.django_db


def test_what_was_served_and_what_went_back_of_it_and_who_earned_the_rest():
    rice = a_listing("东北大米", price="29.00", shop=a_shop().open_around_the_clock(), stock=50)
    served = an_order(rice, 3).completed()
    an_order(rice)
    an_order(rice, 2).paid()
    ask = RefundAsk(line=served.lines[0].line, quantity=1)
    actions.grant_refund(served.shop.scope, order=served.id, lines=[ask], reason="洒了", at=served.at)

    with budget(2):  # walls, tally
        tally = queries.tally(SYSTEM)

    assert tally.checkouts == {CheckoutState.PAYING: 1, CheckoutState.PLACED: 2}
    assert tally.orders == {OrderState.COMPLETED: 1, OrderState.PLACED: 1, OrderState.PAID: 1}
    assert sum(tally.refunds.values()) == 1
    assert (tally.served, tally.refunded) == (Money(8700), Money(2900))
    assert payouts.earned(SYSTEM)[Kind.MERCHANT] < Money(5800)
    assert stock.oversold(SYSTEM) == 0


def test_nobody_else_counts_everybodys_orders():
    order = an_order(a_listing("米", price="1.00", shop=a_shop().open_around_the_clock(), stock=5))

    with pytest.raises(Denied):
        queries.tally(order.buyer)
    with pytest.raises(Denied):
        stock.oversold(order.shop.scope)
