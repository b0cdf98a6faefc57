"""Cash at the shop's desk: whether it is taken, who brings the goods, what is owed, and what is given back by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_person
from builders.orders import an_order, climb
from harness.budget import budget
from harness.payments_words import as_the_house, balance
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.ground.policies import actions as policies
from linli.kernel import ids
from linli.spine.scope import SYSTEM, Role
from linli.trade.orders import actions as orders
from linli.trade.orders.rules import RefundAsk
from linli.trade.shops import queries as shops

pytestmark = pytest.mark.django_db
WHERE = "/m/statement/cash/"


@pytest.fixture
def shop(rice):
    return rice.shop


@pytest.fixture
def desk(visitor, shop):
    return visitor(shop.scope)


@pytest.fixture
def account():
    values = {"transfer_account_name": "邻里托管", "transfer_account": "6200 0001", "transfer_bank": "ICBC"}
    policies.set_policy(SYSTEM, word="payments", level="platform", values=values, start_at=AT, at=AT)


@pytest.fixture
def courier(shop):
    found = a_person("赵骑手")
    people.grant_role(SYSTEM, party=found, role=Role.COURIER, level=Level.CITY, place=shop.community.city, at=AT)
    return found


@pytest.fixture
def taken(rice):
    """An order of 62.00 whose cash the shop took at the door."""
    rice.shop.taking_cash()
    return an_order(rice, 2).promised().accepted().ready().handed_over()


def text(response) -> str:
    return response.content.decode()


def kept(shop):
    return shops.shop(SYSTEM, shop=shop.id)


def owed(shop) -> int:
    return balance(shop.community.city, f"cash_due:{shop.merchant}")


def test_cash_at_the_door_is_switched_on_and_off(desk, shop):
    assert not kept(shop).takes_cash
    assert desk.post("/m/settings/cash/", {"takes_cash": "1"}).status_code == 303
    assert kept(shop).takes_cash
    assert 'name="takes_cash" value="1" checked' in text(desk.get("/m/settings/"))
    assert desk.post("/m/settings/cash/", {}).status_code == 303
    assert not kept(shop).takes_cash


def test_a_courier_of_the_city_is_chosen_and_let_go(desk, shop, courier):
    assert "赵骑手" in text(desk.get("/m/settings/"))
    assert desk.post("/m/settings/courier/", {"courier": str(courier)}).status_code == 303
    assert kept(shop).courier == courier
    assert desk.post("/m/settings/courier/", {"courier": ""}).status_code == 303
    assert kept(shop).courier is None


@pytest.mark.parametrize(("who", "says_it"), [("a passer-by", "no courier here"), ("nonsense", "")])
def test_who_is_no_courier_is_refused_at_the_field(desk, shop, who, says_it):
    form = {"courier": str(a_person()) if who == "a passer-by" else who}
    answer = desk.post("/m/settings/courier/", form)
    assert answer.status_code == 422
    assert says_it in text(answer).partition('id="courier-wrong"')[2].partition("</p>")[0]
    assert 'id="courier-wrong"' in text(answer)
    assert kept(shop).courier is None


def test_what_is_owed_is_shown_in_both_languages_within_the_budget(visitor, shop, taken, account):
    for locale, says_it in (("zh-CN", "手头现金"), ("en", "Cash in hand")):
        client = visitor(shop.scope, locale=locale)
        page = text(client.get(WHERE))
        assert says_it in page
        assert "¥62.00" in page
        with budget(6):
            assert client.get(WHERE).status_code == 200
    assert WHERE in text(client.get("/m/statement/"))


def test_the_shop_gets_one_slip_however_often_it_asks(desk, shop, taken, account):
    pages = text(desk.post(f"{WHERE}slip/")), text(desk.post(f"{WHERE}slip/"))
    [(reference, holder)] = as_the_house("SELECT reference, holder FROM payments_slip")
    assert holder == shop.merchant
    for page in pages:
        assert reference in page
        assert "6200 0001" in page
    assert owed(shop) == 6200


def test_where_nothing_can_be_paid_in_there_is_no_slip(desk, taken):
    page = text(desk.get(WHERE))
    assert "cannot be paid in here" in page
    assert "Show the deposit slip" not in page
    assert desk.post(f"{WHERE}slip/").status_code == 409
    assert as_the_house("SELECT count(*) FROM payments_slip") == [(0,)]


@pytest.fixture
def refund(taken):
    asks = [RefundAsk(line=taken.lines[0].line, quantity=1)]
    return orders.grant_refund(taken.shop.scope, order=taken.id, lines=asks, reason="mouldy", at=taken.at)


def test_a_refund_of_an_order_paid_in_cash_is_given_back_by_hand(desk, shop, taken, refund):
    where = f"/m/orders/{taken.id}/"
    page = text(desk.get(where))
    assert f"/m/refunds/{refund}/cash-return/" in page
    assert "¥29.00" in page.partition("Give back in cash")[2]
    assert desk.post(f"/m/refunds/{refund}/cash-return/").status_code == 303
    climb(taken.at)
    assert owed(shop) == 3300
    assert "Give back in cash" not in text(desk.get(where))


def test_what_was_paid_at_the_provider_is_not_given_back_by_hand(desk, rice):
    order = an_order(rice, 2).completed()
    asks = [RefundAsk(line=order.lines[0].line, quantity=1)]
    refund = orders.grant_refund(order.shop.scope, order=order.id, lines=asks, reason="mouldy", at=order.at)
    assert "Give back in cash" not in text(desk.get(f"/m/orders/{order.id}/"))
    assert desk.post(f"/m/refunds/{refund}/cash-return/").status_code == 404


def test_strangers_change_no_cash_and_hand_nothing_back(visitor, shop, courier, taken, refund, account, strangers):
    before = kept(shop)
    for scope in (*strangers, taken.buyer, replace(shop.scope, shop=ids.new())):
        client = visitor(scope)
        assert client.post(f"/m/refunds/{refund}/cash-return/").status_code == 404
        if scope.role is not Role.MERCHANT:
            assert client.get(WHERE).status_code == 404
            for where in ("settings/cash/", "settings/courier/", "statement/cash/slip/"):
                assert client.post(f"/m/{where}", {"courier": str(courier)}).status_code == 404
    assert (kept(shop), owed(shop)) == (before, 6200)
    assert as_the_house("SELECT count(*) FROM payments_slip") == [(0,)]
