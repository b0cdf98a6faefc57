"""From a fact to a signed message at the merchant's door, and the endpoints that keep the subscriptions."""

from __future__ import annotations

import msgspec
import pytest

from builders import AT, a_home, a_listing
from builders.orders import an_order, climb
from harness.callers import Caller
from harness.webhook_ear import WebhookEar
from linli.faces.openapi.reactions import TOLD
from linli.reach.webhooks import actions as webhooks
from linli.reach.webhooks.rules import EventKind
from linli.spine import outbox
from linli.spine.models import StoredResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def ear(settings):
    settings.WEBHOOKS_INSIDE = True
    with WebhookEar() as listening:
        yield listening


def test_every_kind_of_event_is_told_by_a_fact():
    assert set(TOLD.values()) == set(EventKind)
    for fact, kind in TOLD.items():
        assert f"openapi.send_{kind.value.replace('.', '_')}" in {r.name for r in outbox.reactions_to(fact.kind)}


def test_the_shop_hears_of_a_paid_order_in_ids_and_values(ear):
    listing = a_listing(price="12.80", stock=5)
    merchant = Caller(listing.shop.scope)
    made = merchant.post("webhooks", {"url": ear.url, "kinds": ["order.paid", "order.completed"]})
    assert made.status == 201
    order = an_order(listing, 2, at=AT).completed()
    climb(order.at)
    assert webhooks.send_due(at=order.at) == 2
    told = {message["type"]: message for message in (msgspec.json.decode(call.body) for call in ear.heard)}
    assert told.keys() == {"order.paid", "order.completed"}  # in which order they arrive is not promised
    paid = told["order.paid"]
    assert (paid["data"]["order"], paid["data"]["total"]) == (str(order.id), {"minor": 2560})
    assert paid["data"].keys() == {"order", "shop", "community", "buyer", "checkout", "total"}
    listed = merchant.get(f"webhooks/{made.json['webhook']}/deliveries").json["items"]
    assert [d["state"] for d in listed] == ["delivered", "delivered"]
    again = merchant.post(f"deliveries/{listed[0]['id']}/resendings")
    assert again.status == 201
    assert [d["state"] for d in merchant.get(f"webhooks/{made.json['webhook']}/deliveries").json["items"]] == [
        "queued", "delivered", "delivered",
    ]  # fmt: skip


def test_facts_that_climb_twice_are_told_once(ear):
    listing = a_listing(stock=5)
    Caller(listing.shop.scope).post("webhooks", {"url": ear.url, "kinds": ["order.paid"]})
    order = an_order(listing, at=AT).paid()
    climb(order.at)
    assert webhooks.send_due(at=order.at) == 1


def test_the_secret_never_comes_into_a_stored_response():
    merchant = Caller(a_listing().shop.scope)
    body = {"url": "https://a.example/", "kinds": ["order.paid"]}
    refused = merchant.post("webhooks", body, key="k1")
    assert (refused.status, refused.code, refused.json["field"]) == (422, "spine.KeyNotTaken", "Idempotency-Key")
    assert merchant.get("webhooks").json["items"] == []
    made = merchant.post("webhooks", body)
    assert merchant.post(f"webhooks/{made.json['webhook']}/secrets", key="k2").code == "spine.KeyNotTaken"
    rotated = merchant.post(f"webhooks/{made.json['webhook']}/secrets")
    assert made.json["secret"] != rotated.json["secret"]
    assert not StoredResponse.objects.filter(key__in=["k1", "k2"]).exists()
    assert "secret" not in merchant.get("webhooks").json["items"][0]


def test_an_address_inside_is_refused_by_its_field():
    answer = Caller(a_listing().shop.scope).post("webhooks", {"url": "https://127.0.0.1/", "kinds": ["order.paid"]})
    assert (answer.status, answer.json["field"]) == (422, "url")


def test_kinds_that_do_not_exist_are_refused_and_residents_have_none():
    body = {"url": "https://a.example/", "kinds": ["order.eaten"]}
    assert Caller(a_listing().shop.scope).post("webhooks", body).json["field"] == "kinds.0"
    assert Caller(a_home().with_owner().scope).get("webhooks").status == 404


def test_a_webhook_is_changed_and_removed():
    merchant = Caller(a_listing().shop.scope)
    made = merchant.post("webhooks", {"url": "https://a.example/", "kinds": ["order.paid"]}).json["webhook"]
    assert merchant.put(f"webhooks/{made}", {"url": "https://b.example/", "kinds": ["order.closed"]}).status == 204
    (card,) = merchant.get("webhooks").json["items"]
    assert (card["url"], card["kinds"]) == ("https://b.example/", ["order.closed"])
    assert merchant.delete(f"webhooks/{made}").status == 204
    assert merchant.get("webhooks").json["items"] == []
    assert merchant.post(f"webhooks/{made}/enablings").status == 404
