"""The merchant's money: each line explained by its shares, and the bank account that it goes to."""

from __future__ import annotations

import re

import pytest

from builders import AT, a_person
from builders.orders import an_order, climb
from harness.budget import budget
from linli.kernel.money import Money
from linli.money.payouts import actions as paying
from linli.money.payouts import queries as payouts
from linli.reach.notify.models import Message
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
WHERE = "/m/statement/receiver/"
ACCOUNT = {"name": "王小明", "account": "6222 0200 1234 5678", "bank": "工商银行滨江支行"}


@pytest.fixture
def shop(rice):
    return rice.shop


@pytest.fixture
def desk(visitor, shop):
    return visitor(shop.scope)


@pytest.fixture
def earned(rice):
    return an_order(rice, 2).completed()


def text(response) -> str:
    return response.content.decode()


def card(shop):
    return payouts.payee(SYSTEM, payee=shop.merchant)


def sealed(page: str) -> str:
    return re.findall(r'name="sealed" value="([^"]+)"', page)[0]


def test_the_shares_of_an_order_explain_what_the_shop_has(desk, earned):
    climb(earned.at)
    assert f"/m/statement/orders/{earned.id}/" in text(desk.get(f"/m/statement/?month={earned.at:%Y-%m}"))
    page = text(desk.get(f"/m/statement/orders/{earned.id}/"))
    # 58.00 at 8% commission, of which 40% is the property company's: 4.64 = 1.86 + 2.78.
    for amount in ("¥58.00", "¥53.36", "¥4.64", "¥1.86", "¥2.78"):
        assert amount in page


def test_the_pages_open_in_both_languages_within_their_budgets(visitor, shop, earned):
    budgets = {f"/m/statement/orders/{earned.id}/": 3, WHERE: 7, "/m/statement/": 7}
    for locale in ("zh-CN", "en"):
        client = visitor(shop.scope, locale=locale)
        for where, statements in budgets.items():
            client.get(where)
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_an_account_is_looked_at_twice_set_and_told(desk, shop):
    assert "until you name a bank account" in text(desk.get("/m/statement/"))
    again = text(desk.post(WHERE, ACCOUNT))
    assert "6222020012345678" in again
    assert not card(shop).has_receiver
    form = {"sealed": sealed(again), "tail": "5678"}
    assert desk.post(f"{WHERE}confirmation/", form).status_code == 303
    assert (card(shop).receiver_name, card(shop).receiver_account) == ("王小明", "•••• 5678")
    page = text(desk.get(WHERE))
    assert "•••• 5678" in page
    assert "6222020012345678" not in page
    (told,) = Message.objects.filter(party=shop.merchant, template="receiver_changed")
    assert told.values["tail"] == "5678"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"account": "123"}, "account"),
        ({"account": "六二二二"}, "account"),
        ({"bank": ""}, "bank"),
    ],
)
def test_an_account_that_cannot_be_one_is_refused_at_its_field(desk, shop, change, field):
    answer = desk.post(WHERE, ACCOUNT | change)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in text(answer)
    assert not card(shop).has_receiver


@pytest.mark.parametrize("form", [{"tail": "9999"}, {"sealed": "forged"}])
def test_what_was_not_looked_at_is_not_set(desk, shop, form):
    good = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    answer = desk.post(f"{WHERE}confirmation/", good | form)
    assert answer.status_code == 422
    assert 'id="account-wrong"' in text(answer)
    assert not card(shop).has_receiver


def test_staff_see_the_account_and_do_not_change_it(visitor, desk, shop):
    staff = visitor(Scope(role=Role.MERCHANT, person=a_person(), shop=shop.id, company=shop.merchant))
    assert "Only who applied" in text(staff.get(WHERE))
    form = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    assert staff.post(f"{WHERE}confirmation/", form).status_code == 403
    assert not card(shop).has_receiver


def test_a_held_payout_says_why(desk, shop):
    paying.hold_payee(SYSTEM, payee=shop.merchant, why="The bank returned a payout", at=AT)
    for where in ("/m/statement/", WHERE):
        assert "The bank returned a payout" in text(desk.get(where))


def test_strangers_read_no_shares_and_set_no_account(visitor, desk, shop, earned, strangers):
    form = {"sealed": sealed(text(desk.post(WHERE, ACCOUNT))), "tail": "5678"}
    for scope in (*strangers, earned.buyer):
        client = visitor(scope)
        assert client.get(f"/m/statement/orders/{earned.id}/").status_code == 404
        assert client.post(f"{WHERE}confirmation/", form).status_code == (422 if scope.role is Role.MERCHANT else 404)
    assert not card(shop).has_receiver
    assert card(shop).free == Money.zero
