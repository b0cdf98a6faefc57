"""What pages ask: one order with its moments, a buyer's list, a shop's board, and cheap words for what has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_listing, a_shop
from builders.orders import an_order
from harness.budget import budget
from linli.kernel.refusals import NotFound
from linli.spine.scope import GUEST
from linli.trade.orders import actions, queries
from linli.trade.orders.rules import Fulfilment, OrderState, OrderVerb, RefundAsk, WaitsFor

pytestmark = pytest.mark.django_db


@pytest.fixture
def rice():
    return a_listing("东北大米", price="29.00", shop=a_shop().open_around_the_clock().delivering(minutes=45), stock=50)


def test_an_order_is_one_statement_and_tells_promised_and_real_times(rice):
    order = an_order(rice, 2).paid().accepted().ready()
    with budget(2):  # walls, page
        page = order.page
    assert page.promised_at == AT + timedelta(minutes=45)
    assert page.reached_at(OrderState.ACCEPTED) == AT + timedelta(minutes=1)
    assert page.reached_at(OrderState.COMPLETED) is None
    assert (page.waits_for, page.allows(OrderVerb.DISPATCH), page.allows(OrderVerb.ACCEPT)) == (
        WaitsFor.SHOP,
        True,
        False,
    )
    assert [(m.verb, m.role) for m in page.moments] == [
        ("place", "resident"),
        ("pay", "system"),
        ("accept", "merchant"),
        ("finish", "merchant"),
    ]
    assert page.code is not None
    assert len(page.code) == 6
    (line,) = page.lines
    assert [(s.name, str(s.amount)) for s in line.stages] == [("list_price", "29.00"), ("quantity", "29.00")]


def test_every_step_raises_the_version_also_a_request_for_a_refund(rice):
    order = an_order(rice).paid()
    seen = [queries.order_version(order.buyer, order=order.id)]
    order.accepted()
    seen.append(queries.order_version(order.shop.scope, order=order.id))
    ask = RefundAsk(line=order.lines[0].line, quantity=1)
    actions.request_refund(order.buyer, order=order.id, lines=[ask], reason="少了", at=order.at)
    seen.append(queries.order_version(order.buyer, order=order.id))
    assert seen == sorted(set(seen))
    assert queries.order_version(order.buyer, order=order.id) == seen[-1]


def test_a_buyers_orders_page_by_page(rice):
    home = a_home(community=rice.shop.community).with_owner()
    mine = [an_order(rice, n, home=home) for n in (1, 2, 3)]
    an_order(rice)
    with budget(2):  # walls, list
        first = queries.my_orders(home.scope, limit=2)
    assert [card.order for card in first] == [mine[2].id, mine[1].id]
    assert (first[0].pieces, str(first[0].total), first[0].titles[0]["zh"]) == (3, "91.00", "东北大米")
    assert [card.order for card in queries.my_orders(home.scope, after=first[-1].order)] == [mine[0].id]
    assert queries.my_orders(GUEST) == ()


def test_the_board_has_a_column_for_each_thing_to_do_and_a_version(rice):
    shop = rice.shop.scope
    empty = queries.board_version(shop)
    new = an_order(rice).paid()
    begun, packed, out = (an_order(rice).paid().accepted() for _ in range(3))
    packed.ready()
    out.ready().dispatched()
    an_order(rice)  # not paid: not the shop's business yet
    an_order(rice).paid().accepted().ready().handed_over()
    with budget(3):  # walls, version, cards
        board = queries.shop_board(shop)
    columns = [
        [card.order for card in column] for column in (board.new, board.preparing, board.ready, board.on_its_way)
    ]
    assert columns == [[new.id], [begun.id], [packed.id], [out.id]]
    card = board.new[0]
    assert (card.fulfilment, card.lines[0].quantity, card.due_at) == (
        Fulfilment.SHOP_DELIVERY,
        1,
        AT + timedelta(minutes=15),
    )
    assert board.version == queries.board_version(shop) != empty
    new.accepted()
    assert queries.board_version(shop) != board.version


def test_a_board_is_its_shops_alone(rice):
    an_order(rice).paid()
    rival = a_shop(community=rice.shop.community).scope
    assert queries.shop_board(rival).new == ()
    with pytest.raises(NotFound):
        queries.shop_board(GUEST)
    with pytest.raises(NotFound):
        queries.refund_requests(GUEST)
