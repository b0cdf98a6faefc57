"""Disputes at the desk: listed by who works on them, taken up, put back, taken over, and decided with a reason."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from builders import a_listing, a_person
from builders.orders import an_order
from harness.budget import budget
from linli.kernel.ids import RefundId
from linli.spine.scope import Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as ordered
from linli.trade.orders import rules, tasks
from linli.trade.orders.queries.order import BY_ITSELF

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold():
    return an_order(a_listing(stock=9)).paid().accepted()


@pytest.fixture
def refund(sold) -> RefundId:
    asked = [rules.RefundAsk(line=sold.lines[0].line, quantity=1)]
    asked_for = orders.request_refund(sold.buyer, order=sold.id, lines=asked, reason="Weevils", at=sold.at)
    orders.answer_refund(sold.shop.scope, refund=asked_for, grant=False, reason="It left us whole", at=sold.at)
    return asked_for


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person("陈运营"))


@pytest.fixture
def colleague() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person("林运营"))


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def text(response) -> str:
    return response.content.decode()


def taken_by(refund: RefundId, operator: Scope):
    return ordered.dispute(operator, refund=refund).taken_by


def test_the_pages_keep_their_budgets_in_both_languages(visitor, operator, refund):
    orders.take_up_refund(operator, refund=refund, at=ordered.dispute(operator, refund=refund).asked_at)
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        for where, statements in {"/platform/disputes/": 3, f"/platform/disputes/{refund}/": 5}.items():
            client.get(where)
            with budget(statements):
                assert client.get(where).status_code == 200, where


def test_one_is_read_with_what_both_sides_said(desk, sold, refund):
    page = text(desk.get("/platform/disputes/"))
    assert "Weevils" in page
    assert f"/platform/disputes/{refund}/" in page
    page = text(desk.get(f"/platform/disputes/{refund}/"))
    assert all(words in page for words in ("Weevils", "It left us whole", sold.page.number))


@pytest.mark.parametrize(("verdict", "state"), [("grant", "granted"), ("reject", "rejected")])
def test_it_is_decided_with_a_reason(desk, sold, refund, verdict, state):
    where = f"/platform/disputes/{refund}/decision/"
    refused = desk.post(where, {"verdict": verdict, "reason": ""})
    assert refused.status_code == 422
    assert 'id="reason-wrong"' in text(refused)
    assert desk.post(where, {"verdict": verdict, "reason": "Seen the pictures"}).status_code == 303
    (card,) = ordered.order_page(sold.buyer, order=sold.id).refunds
    assert card.state == state
    page = desk.get(f"/platform/disputes/{refund}/")
    assert page.status_code == 200
    assert "decision/" not in text(page)


@pytest.mark.parametrize(("verdict", "state"), [("grant", "granted"), ("reject", "rejected")])
def test_both_sides_read_why_it_was_decided_and_the_buyer_what_the_shop_said(
    desk, visitor, sold, refund, verdict, state
):
    desk.post(f"/platform/disputes/{refund}/decision/", {"verdict": verdict, "reason": "Seen the pictures"})
    found = ordered.order_page(sold.buyer, order=sold.id)
    assert [(each.state, each.why) for each in found.moments if each.refund] == [
        ("asked", "Weevils"),
        ("disputed", "It left us whole"),
        (state, "Seen the pictures"),
    ]
    bought = text(visitor(sold.buyer).get(f"/o/orders/{sold.id}/"))
    assert all(words in bought for words in ("It left us whole", "Seen the pictures"))
    assert "Seen the pictures" in text(visitor(sold.shop.scope).get(f"/m/orders/{sold.id}/"))


def test_what_the_clock_wrote_down_is_told_in_words(desk, visitor, sold):
    asked = [rules.RefundAsk(line=sold.lines[0].line, quantity=1)]
    waiting = orders.request_refund(sold.buyer, order=sold.id, lines=asked, reason="Weevils", at=sold.at)
    tasks.settle_refund_requests(at=sold.at + timedelta(days=1))
    for client, where in (
        (desk, f"/platform/disputes/{waiting}/"),
        (visitor(sold.buyer), f"/o/orders/{sold.id}/"),
        (visitor(sold.shop.scope), f"/m/orders/{sold.id}/"),
    ):
        assert "Nobody answered in time" in text(client.get(where)), where


def test_every_reason_that_the_house_writes_down_itself_has_its_words():
    source = "".join(each.read_text("utf-8") for each in Path(orders.__file__).parent.glob("*.py"))
    written = set(re.findall(r'(?:why=|why = |Verb\.[A-Z]+, )"([a-z_]+)"', source))
    assert written == set(BY_ITSELF)


def test_it_is_taken_up_listed_by_whose_it_is_and_put_back(desk, visitor, operator, colleague, refund):
    lists = {whose: f"/platform/disputes/?whose={whose}" for whose in ("mine", "nobodys")}
    listed = lambda client: {w for w, where in lists.items() if str(refund) in text(client.get(where))}  # noqa: E731
    assert listed(desk) == {"nobodys"}
    assert desk.post(f"/platform/disputes/{refund}/taking-up/").status_code == 303
    assert taken_by(refund, operator) == operator.person
    assert listed(desk) == {"mine"}
    assert listed(visitor(colleague)) == set()
    assert "陈运营" in text(visitor(colleague).get("/platform/disputes/"))
    assert desk.post(f"/platform/disputes/{refund}/leaving/").status_code == 303
    assert listed(desk) == {"nobodys"}


def test_a_colleague_decides_only_after_taking_it_over(visitor, operator, colleague, sold, refund):
    orders.take_up_refund(operator, refund=refund, at=sold.at)
    client, where = visitor(colleague), f"/platform/disputes/{refund}/"
    refused = client.post(where + "decision/", {"verdict": "grant", "reason": "Seen"})
    assert refused.status_code == 409
    assert sold.page.refunds[0].state == "disputed"
    assert client.post(where + "leaving/").status_code == 409
    assert client.post(where + "taking-up/").status_code == 409
    assert taken_by(refund, operator) == operator.person
    assert client.post(where + "taking-up/", {"instead_of": operator.person}).status_code == 303
    assert client.post(where + "decision/", {"verdict": "grant", "reason": "Seen"}).status_code == 303
    assert sold.page.refunds[0].state == "granted"


def test_what_was_never_disputed_or_is_over_is_not_taken_up(desk, operator, sold):
    asked = [rules.RefundAsk(line=sold.lines[0].line, quantity=1)]
    waiting = orders.request_refund(sold.buyer, order=sold.id, lines=asked, reason="Weevils", at=sold.at)
    assert desk.get(f"/platform/disputes/{waiting}/").status_code == 404
    orders.answer_refund(sold.shop.scope, refund=waiting, grant=False, reason="No", at=sold.at)
    orders.decide_refund(operator, refund=waiting, grant=False, reason="No", at=sold.at)
    assert desk.post(f"/platform/disputes/{waiting}/taking-up/").status_code == 409
    assert taken_by(waiting, operator) is None


def test_strangers_find_nothing_and_take_nothing_up(visitor, operator, sold, refund):
    for scope in (sold.shop.scope, sold.buyer, Scope(role=Role.PROPERTY, person=a_person())):
        client = visitor(scope)
        assert client.get(f"/platform/disputes/{refund}/").status_code == 404
        assert client.post(f"/platform/disputes/{refund}/taking-up/").status_code == 404
    assert taken_by(refund, operator) is None
