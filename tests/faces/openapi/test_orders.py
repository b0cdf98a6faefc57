"""From the basket to the hand-over by the JSON face, and the price in the request body that nobody reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from builders import a_home, a_listing
from builders.orders import climb, collect
from builders.places import Home
from builders.shops import Listing
from harness.budget import budget
from harness.callers import Caller
from linli.kernel.ids import CollectionId
from linli.kernel.money import Money
from linli.trade.stock import queries as stock

pytestmark = pytest.mark.django_db


@dataclass
class Street:
    """A buyer, a merchant, and what is between them."""

    home: Home
    listing: Listing
    buyer: Caller
    merchant: Caller

    def order(self, quantity: int = 2, **more: object) -> dict[str, object]:
        line = {"variant": str(self.listing.variant), "quantity": quantity}
        return {"home": str(self.home.id), "lines": [line], **more}

    def left(self) -> int:
        return stock.available(variants=[self.listing.variant], at=datetime.now(UTC))[self.listing.variant]

    def paid(self, quantity: int = 2) -> str:
        """An order that is paid, by its id."""
        placed = self.buyer.post("orders", self.order(quantity)).json
        at = datetime.now(UTC)
        assert collect(CollectionId(placed["collection"]), Money(placed["total"]["minor"]), at=at) == "collected"
        climb(at)
        return placed["orders"][0]


@pytest.fixture
def street() -> Street:
    listing = a_listing(price="12.80", stock=10)
    home = a_home(community=listing.shop.community).with_owner()
    return Street(home, listing, Caller(home.scope), Caller(listing.shop.scope))


class TestOrderingInOneCall:
    def test_the_answer_says_what_to_pay_and_until_when(self, street):
        answer = street.buyer.post("orders", street.order())
        assert answer.status == 201
        assert (answer.json["total"], len(answer.json["orders"]), street.left()) == ({"minor": 2560}, 1, 8)
        order = street.buyer.get(f"orders/{answer.json['orders'][0]}").json
        assert (order["state"], order["goods"], order["lines"][0]["net"]) == (
            "placed",
            {"minor": 2560},
            {"minor": 2560},
        )

    def test_a_price_in_the_body_is_refused_and_nothing_is_held(self, street):
        body = street.order()
        body["lines"][0]["price"] = {"minor": 1}
        answer = street.buyer.post("orders", body)
        assert (answer.status, answer.code, answer.json["field"]) == (422, "kernel.Invalid", "lines.0.price")
        assert street.left() == 10

    @pytest.mark.parametrize("quantity", [0, -1, 1.5, "2", None, 10**12])
    def test_a_quantity_that_is_none_is_refused_by_its_path(self, street, quantity):
        answer = street.buyer.post("orders", street.order(quantity))
        assert (answer.status, answer.json["field"]) == (422, "lines.0.quantity")
        assert street.left() == 10

    def test_more_than_there_is_is_refused_and_nothing_is_held(self, street):
        answer = street.buyer.post("orders", street.order(11))
        assert (answer.status, answer.code) == (409, "orders.OutOfStock")
        assert street.left() == 10

    def test_somebody_elses_home_does_not_exist(self, street):
        other = a_home(community=street.home.community).with_owner()
        answer = street.buyer.post("orders", street.order() | {"home": str(other.id)})
        assert (answer.status, answer.code) == (404, "kernel.NotFound")
        assert street.left() == 10

    def test_a_repeated_key_answers_the_same_and_orders_once(self, street):
        first = street.buyer.post("orders", street.order(), key="k1")
        again = street.buyer.post("orders", street.order(), key="k1")
        assert (first.status, again.status, again.json) == (201, 201, first.json)
        assert street.left() == 8

    def test_a_key_that_comes_back_with_something_else_is_refused(self, street):
        street.buyer.post("orders", street.order(2), key="k1")
        answer = street.buyer.post("orders", street.order(3), key="k1")
        assert (answer.status, answer.code, answer.json["field"]) == (422, "spine.KeyReused", "Idempotency-Key")
        assert street.left() == 8

    def test_a_refused_request_may_come_back_under_its_key(self, street):
        assert street.buyer.post("orders", street.order(11), key="k1").status == 409
        assert street.buyer.post("orders", street.order(10), key="k1").status == 201


class TestTheBasketsWay:
    def test_from_the_basket_to_the_placed_orders(self, street):
        basket = f"communities/{street.home.community.id}/basket"
        assert street.buyer.post(f"{basket}/lines", {"variant": str(street.listing.variant)}).status == 204
        (line,) = street.buyer.get(basket).json["shops"][0]["lines"]
        assert street.buyer.put(f"{basket}/lines/{line['line']}", {"quantity": 3}).status == 204
        assert street.buyer.put("basket/home", {"home": str(street.home.id)}).status == 204
        locked = street.buyer.post(f"communities/{street.home.community.id}/checkouts")
        assert locked.status == 201
        checkout = locked.json["checkout"]
        assert street.buyer.get(f"checkouts/{checkout}/quote").json["total"] == {"minor": 3840}
        placed = street.buyer.post(f"checkouts/{checkout}/placements")
        assert (placed.status, placed.json["total"], street.left()) == (201, {"minor": 3840}, 7)
        assert street.buyer.get(f"checkouts/{checkout}").json["state"] == "paying"

    def test_a_line_can_be_taken_out_again(self, street):
        basket = f"communities/{street.home.community.id}/basket"
        street.buyer.post(f"{basket}/lines", {"variant": str(street.listing.variant)})
        (line,) = street.buyer.get(basket).json["shops"][0]["lines"]
        assert street.buyer.delete(f"{basket}/lines/{line['line']}").status == 204
        assert street.buyer.get(basket).json["shops"] == []

    def test_a_window_without_offset_is_refused(self, street):
        basket = f"communities/{street.home.community.id}/basket"
        body = {"start": "2026-03-02T10:00:00", "end": "2026-03-02T12:00:00+08:00"}
        answer = street.buyer.put(f"{basket}/window", body)
        assert (answer.status, answer.json["field"]) == (422, "start")

    def test_an_empty_basket_cannot_be_locked(self, street):
        answer = street.buyer.post(f"communities/{street.home.community.id}/checkouts")
        assert (answer.status, answer.code) == (422, "orders.NothingToOrder")


class TestWhatBelongsToOthers:
    def test_somebody_elses_order_does_not_exist(self, street):
        order = street.buyer.post("orders", street.order()).json["orders"][0]
        stranger = Caller(a_home(community=street.home.community).with_owner().scope)
        for answer in (
            stranger.get(f"orders/{order}"),
            stranger.post(f"orders/{order}/cancellations"),
            Caller(a_listing().shop.scope).post(f"orders/{order}/acceptances"),
        ):
            assert (answer.status, answer.code) == (404, "kernel.NotFound")
        assert street.buyer.get(f"orders/{order}").json["state"] == "placed"

    def test_a_buyer_finds_no_board(self, street):
        assert street.buyer.get("board").code == "shell.NoPage"

    def test_the_shop_does_not_see_the_code(self, street):
        order = street.paid()
        for verb in ("acceptances", "preparations", "readiness"):
            assert street.merchant.post(f"orders/{order}/{verb}").status == 204
        assert street.merchant.get(f"orders/{order}").json["code"] is None
        assert len(street.buyer.get(f"orders/{order}").json["code"]) == 6


class TestServing:
    def test_the_board_moves_to_the_hand_over_by_code(self, street):
        order = street.paid()
        board = street.merchant.get("board")
        assert [card["order"] for card in board.json["new"]] == [order]
        assert street.merchant.get("board", if_none_match=board.headers["ETag"]).status == 304
        for verb in ("acceptances", "preparations", "readiness"):
            assert street.merchant.post(f"orders/{order}/{verb}").status == 204
        wrong = street.merchant.post(f"orders/{order}/handovers", {"code": "nocode"})
        assert (wrong.status, wrong.code, wrong.json["field"]) == (
            422,
            "openapi.CodeNotTaken",
            "code",
        )
        code = street.buyer.get(f"orders/{order}").json["code"]
        assert street.merchant.post(f"orders/{order}/handovers", {"code": code}).status == 204
        assert street.buyer.get(f"orders/{order}").json["state"] == "completed"

    def test_a_step_that_is_not_open_now_is_refused(self, street):
        order = street.paid()
        answer = street.merchant.post(f"orders/{order}/readiness")
        assert (answer.status, answer.code) == (409, "kernel.WrongState")

    def test_a_refused_order_needs_a_reason(self, street):
        order = street.paid()
        assert street.merchant.post(f"orders/{order}/refusals", {"reason": ""}).json["field"] == "reason"
        assert street.merchant.post(f"orders/{order}/refusals", {"reason": "sold out"}).status == 204
        assert street.buyer.get(f"orders/{order}").json["state"] == "refused"
        assert street.left() == 10

    def test_a_buyer_asks_money_back_and_the_shop_grants_it(self, street):
        order = street.paid()
        for verb in ("acceptances", "preparations", "readiness"):
            street.merchant.post(f"orders/{order}/{verb}")
        page = street.buyer.get(f"orders/{order}").json
        street.merchant.post(f"orders/{order}/handovers", {"code": page["code"]})
        body = {"lines": [{"line": page["lines"][0]["line"], "quantity": 1}], "reason": "broken"}
        asked = street.buyer.post(f"orders/{order}/refund-requests", body)
        assert asked.status == 201
        (card,) = street.merchant.get("refund-requests").json["items"]
        assert (card["refund"], card["amount"]) == (asked.json["refund"], {"minor": 1280})
        answer = street.merchant.post(f"refund-requests/{card['refund']}/answers", {"grant": True})
        assert answer.status == 204
        assert street.buyer.get(f"orders/{order}").json["lines"][0]["refunded"] == {"minor": 1280}


def test_orders_are_listed_by_a_stable_key(street):
    made = [street.buyer.post("orders", street.order(1)).json["orders"][0] for _ in range(3)]
    first = street.buyer.get("orders?limit=2").json
    assert [card["order"] for card in first["items"]] == made[:0:-1]
    last = street.buyer.get(f"orders?limit=2&after={first['next']}").json
    assert ([card["order"] for card in last["items"]], last["next"]) == (made[:1], None)


def test_a_payment_without_a_provider_is_refused_and_may_be_tried_again(street, settings):
    settings.PAYMENT_PROVIDERS = {}
    placed = street.buyer.post("orders", street.order()).json
    assert street.buyer.get(f"collections/{placed['collection']}").json["state"] == "open"
    answer = street.buyer.post(f"collections/{placed['collection']}/payments", {"channel": "wechat"}, key="k")
    assert (answer.status, answer.code) == (404, "kernel.NotFound")
    bad = street.buyer.post(f"collections/{placed['collection']}/payments", {"channel": "shells"})
    assert (bad.status, bad.json["field"]) == (422, "channel")


def test_an_order_in_one_call_keeps_its_budget(street):
    """Beginning, prices and terms are asked, one statement writes, one keeps the answer; the rest is remembered."""
    street.buyer.post("orders", street.order(1), key="warm")
    with budget(5):
        assert street.buyer.post("orders", street.order(1), key="k").status == 201
