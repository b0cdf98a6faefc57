"""Reviews by the JSON face: written once by the buyer, read by everybody, answered by the shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from builders import a_home, a_listing
from builders.orders import an_order, climb
from harness.callers import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    done = an_order(a_listing(stock=5), at=datetime.now(UTC) - timedelta(hours=1)).completed()
    climb(done.at)
    return done


def test_a_buyer_reviews_once_and_everybody_reads_it(order):
    buyer = Caller(order.buyer)
    made = buyer.post(f"orders/{order.id}/reviews", {"stars": 5, "text": "很新鲜"})
    assert made.status == 201
    assert buyer.post(f"orders/{order.id}/reviews", {"stars": 1}).status == 409
    (card,) = Caller().get(f"shops/{order.shop.id}/reviews").json["items"]
    assert (card["review"], card["stars"], card["text"]) == (made.json["review"], 5, "很新鲜")
    assert "buyer" not in card


def test_the_shop_answers(order):
    made = Caller(order.buyer).post(f"orders/{order.id}/reviews", {"stars": 2}).json["review"]
    assert Caller(order.shop.scope).post(f"reviews/{made}/replies", {"text": "抱歉"}).status == 204
    assert Caller().get(f"shops/{order.shop.id}/reviews").json["items"][0]["reply"] == "抱歉"


@pytest.mark.parametrize("stars", [0, 6, 4.5, "5"])
def test_stars_go_from_one_to_five(order, stars):
    answer = Caller(order.buyer).post(f"orders/{order.id}/reviews", {"stars": stars})
    assert (answer.status, answer.json["field"]) == (422, "stars")


def test_a_neighbour_cannot_review_what_somebody_else_bought(order):
    neighbour = Caller(a_home(community=order.shop.community).with_owner().scope)
    assert neighbour.post(f"orders/{order.id}/reviews", {"stars": 1}).status == 404
    assert Caller().get(f"shops/{order.shop.id}/reviews").json["items"] == []
