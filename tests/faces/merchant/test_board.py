"""The board and the order page, as a merchant's browser asks for them."""

from __future__ import annotations

import pytest

from builders import a_home
from builders.orders import an_order
from harness.budget import budget
from harness.visitors import part
from linli.kernel import ids
from linli.spine.scope import Role
from linli.trade.orders import actions, queries, rules
from linli.trade.orders.rules import OrderState

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(rice):
    return an_order(rice, 2, fulfilment=rules.Fulfilment.PICK_UP).paid()


@pytest.fixture
def desk(visitor, order):
    return visitor(order.shop.scope)


def text(response) -> str:
    return response.content.decode()


def test_a_new_order_stands_on_the_board_with_its_goods_and_its_buttons(desk, order):
    page = text(desk.get("/m/"))
    assert order.page.number.removeprefix("LO-") in page
    assert "2 × Rice" in page
    assert f"/m/orders/{order.id}/acceptance/" in page
    assert "Pick-up" in page


def test_the_board_speaks_chinese(visitor, order):
    page = text(visitor(order.shop.scope, locale="zh-CN").get("/m/"))
    for words in ("订单看板", "新订单", "备货中", "接单", "东北大米"):
        assert words in page


def test_the_board_keeps_itself_up_to_date_and_is_silent_while_nothing_changes(desk, order):
    first = desk.get("/m/", headers=part("board"))
    assert text(first).lstrip().startswith('<div class="board">')
    assert desk.get("/m/", headers=part("board", first["HX-PTag"])).status_code == 304
    order.accepted()
    assert desk.get("/m/", headers=part("board", first["HX-PTag"])).status_code == 200


def test_the_budgets_of_the_board_and_of_an_order(desk, order):
    desk.get("/m/")
    with budget(4):  # begin, version, cards, the shop's name; nobody on this board is delivered to
        desk.get("/m/")
    with budget(3):  # begin, version, cards
        desk.get("/m/", headers=part("board"))
    with budget(4):  # begin, order, home, the shop's name
        desk.get(f"/m/orders/{order.id}/")


def test_one_press_leads_to_the_next_column_until_the_code_completes_it(desk, order):
    for step, state in [
        ("acceptance", OrderState.ACCEPTED),
        ("preparation", OrderState.PREPARING),
        ("readiness", OrderState.READY),
    ]:
        answer = desk.post(f"/m/orders/{order.id}/{step}/")
        assert (answer.status_code, answer["Location"]) == (303, "/m/")
        assert order.state is state
    code = order.page.code
    wrong = "000000" if code != "000000" else "111111"
    refused = desk.post(f"/m/orders/{order.id}/handover/", {"code": wrong})
    assert refused.status_code == 422
    assert "This is not the code of this order" in text(refused)
    assert order.state is OrderState.READY
    assert desk.post(f"/m/orders/{order.id}/handover/", {"code": code}).status_code == 303
    assert order.state is OrderState.COMPLETED


def test_a_delivery_goes_out_comes_back_and_goes_out_again(visitor, rice):
    order = an_order(rice, fulfilment=rules.Fulfilment.SHOP_DELIVERY).paid().accepted().ready()
    desk = visitor(order.shop.scope)
    door = text(desk.get("/m/"))
    assert f"/m/orders/{order.id}/dispatch/" in door
    assert desk.post(f"/m/orders/{order.id}/dispatch/").status_code == 303
    assert order.state is OrderState.IN_DELIVERY
    refused = desk.post(f"/m/orders/{order.id}/return/", {"return_reason": " "})
    assert refused.status_code == 422
    assert "Please fill this in." in text(refused)
    assert order.state is OrderState.IN_DELIVERY
    assert desk.post(f"/m/orders/{order.id}/return/", {"return_reason": "Nobody at home"}).status_code == 303
    assert order.state is OrderState.READY


def test_a_refusal_needs_a_reason_and_says_so_at_its_field(desk, order):
    refused = desk.post(f"/m/orders/{order.id}/refusal/", {"refusal_reason": ""})
    assert refused.status_code == 422
    assert 'id="refusal_reason-wrong"' in text(refused)
    assert order.state is OrderState.PAID
    assert desk.post(f"/m/orders/{order.id}/refusal/", {"refusal_reason": "Sold out"}).status_code == 303
    assert order.state is OrderState.REFUSED
    assert "Sold out" in text(desk.get(f"/m/orders/{order.id}/"))


def test_an_accepted_order_can_be_called_off(desk, order):
    order.accepted()
    assert desk.post(f"/m/orders/{order.id}/calling-off/", {"calling_off_reason": "Oven broke"}).status_code == 303
    assert order.state is OrderState.CANCELLED


def test_a_step_that_is_not_open_changes_nothing(desk, order):
    answer = desk.post(f"/m/orders/{order.id}/readiness/")
    assert answer.status_code == 409
    assert order.state is OrderState.PAID


def test_money_goes_back_by_units_once_however_often_it_is_pressed(desk, order):
    order.accepted()
    (line,) = order.lines
    form = {f"quantity.{line.line}": "1", "refund_reason": "One bag was torn", "once": str(ids.new())}
    for _press in range(2):
        assert desk.post(f"/m/orders/{order.id}/refund/", form).status_code == 303
    (line,) = order.lines
    assert (line.refunded_quantity, line.refunded.minor) == (1, 2900)


@pytest.mark.parametrize(("units", "reason", "words"), [("0", "x", "Say what"), ("1", "", "Please fill this in.")])
def test_a_refund_of_nothing_or_without_a_reason_is_refused_on_the_page(desk, order, units, reason, words):
    order.accepted()
    (line,) = order.lines
    form = {f"quantity.{line.line}": units, "refund_reason": reason}
    refused = desk.post(f"/m/orders/{order.id}/refund/", form)
    assert refused.status_code == 422
    assert words in text(refused)
    assert order.page.refunded.minor == 0


@pytest.fixture
def request_for_money(order):
    done = order.accepted().ready().handed_over()
    asked = [rules.RefundAsk(line=done.lines[0].line, quantity=1)]
    return actions.request_refund(done.buyer, order=done.id, lines=asked, reason="Weevils", at=done.at)


def test_a_request_for_money_is_granted(desk, order, request_for_money):
    page = text(desk.get("/m/refund-requests/"))
    assert "Weevils" in page
    assert "¥29.00" in page
    answer = desk.post(f"/m/refund-requests/{request_for_money}/grant/")
    assert answer.status_code == 303
    assert order.page.refunded.minor == 2900
    assert "Nobody asks for money back" in text(desk.get("/m/refund-requests/"))


def test_a_request_for_money_is_declined_only_with_a_reason(desk, order, request_for_money):
    where, field = f"/m/refund-requests/{request_for_money}/no/", f"reason.{request_for_money}"
    refused = desk.post(where, {field: ""})
    assert refused.status_code == 422
    assert f'id="{field}-wrong"' in text(refused)
    assert order.page.refunds[0].state is rules.RefundState.ASKED
    assert desk.post(where, {field: "They were fresh"}).status_code == 303
    assert order.page.refunds[0].state is rules.RefundState.DISPUTED


def test_strangers_find_no_order_and_no_step(visitor, order, strangers):
    steps = ("", "acceptance/", "preparation/", "readiness/", "dispatch/", "refusal/", "handover/", "return/")
    before = order.page
    for scope in (*strangers, order.buyer):
        client = visitor(scope)
        assert client.get(f"/m/orders/{order.id}/").status_code == 404
        for step in steps[1:]:
            form = {"refusal_reason": "x", "return_reason": "x", "code": "123456"}
            assert client.post(f"/m/orders/{order.id}/{step}", form).status_code == 404, (scope.role, step)
    assert order.page == before


def test_strangers_see_no_board_and_another_shop_sees_its_own(visitor, order, request_for_money, strangers):
    for scope in (*strangers, order.buyer):
        client = visitor(scope)
        expected = 200 if scope.role is Role.MERCHANT else 404
        for where in ("/m/", "/m/refund-requests/"):
            page = client.get(where)
            assert page.status_code == expected
            assert order.page.number.removeprefix("LO-") not in text(page)
        assert client.post(f"/m/refund-requests/{request_for_money}/grant/").status_code == 404
    assert queries.order_page(order.buyer, order=order.id).refunds[0].state is rules.RefundState.ASKED


def test_a_delivery_shows_its_door(visitor, rice):
    home = a_home("3-2-1203", community=rice.shop.community).with_owner()
    an_order(rice, home=home, fulfilment=rules.Fulfilment.SHOP_DELIVERY).paid()
    assert "3-2-1203" in text(visitor(rice.shop.scope).get("/m/"))
