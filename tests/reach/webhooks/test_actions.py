"""Subscribing, and messages on their way over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from uuid import uuid4

import pytest

from builders import AT, a_shop
from harness.webhook_ear import WebhookEar
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.reach.webhooks import actions, queries, rules
from linli.reach.webhooks.models import Delivery, Subscription
from linli.reach.webhooks.rules import EventKind, Message
from linli.spine.models import AuditEntry
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
PLATFORM = Scope(role=Role.PLATFORM)
PAID = (EventKind.ORDER_PAID,)


@pytest.fixture(autouse=True)
def _inside(settings):
    settings.WEBHOOKS_INSIDE = True


@pytest.fixture
def ear():
    with WebhookEar() as listening:
        yield listening


def paid(shop, body: str = '{"type":"order.paid"}') -> Message:
    return Message(id=uuid4(), kind=EventKind.ORDER_PAID, shop=shop.id, body=body)


def subscribed(shop, url: str, kinds=PAID) -> actions.Subscribed:
    return actions.subscribe(shop.scope, url=url, kinds=kinds, at=AT)


def states(shop, webhook) -> list[tuple[str, int]]:
    return [(card.state.value, card.attempts) for card in queries.deliveries(shop.scope, webhook=webhook)]


class TestSubscribing:
    def test_the_secret_is_shown_once_and_stands_nowhere_in_the_clear(self, ear):
        shop = a_shop()
        made = subscribed(shop, ear.url)
        (card,) = queries.subscriptions(shop.scope)
        assert (card.id, card.url, card.kinds, card.state.value) == (made.webhook, ear.url, ("order.paid",), "active")
        kept = bytes(Subscription.objects.inside().get(pk=made.webhook).secret)
        assert made.secret.encode() not in kept
        entries = AuditEntry.objects.filter(action="webhooks.subscribe").values_list("said", flat=True)
        assert [e for e in entries if made.secret in str(e) or ear.url in str(e)] == []

    def test_an_address_inside_the_house_is_refused_by_its_field(self, settings):
        settings.WEBHOOKS_INSIDE = False
        shop = a_shop()
        for url in ("https://127.0.0.1/x", "http://shop.example/", "https://192.168.0.1/"):
            with pytest.raises(Invalid) as refusal:
                subscribed(shop, url)
            assert refusal.value.field == "url"
        assert queries.subscriptions(shop.scope) == ()

    def test_a_shop_has_a_limited_number_and_needs_kinds(self, monkeypatch):
        monkeypatch.setattr(rules, "MOST_SUBSCRIPTIONS", 1)
        shop = a_shop()
        with pytest.raises(Invalid):
            subscribed(shop, "https://a.example/", kinds=())
        subscribed(shop, "https://a.example/")
        with pytest.raises(actions.TooManySubscriptions):
            subscribed(shop, "https://b.example/")

    def test_residents_and_guests_may_not(self):
        for scope in (GUEST, Scope(role=Role.RESIDENT)):
            with pytest.raises(Denied):
                actions.subscribe(scope, url="https://a.example/", kinds=PAID, at=AT)

    def test_somebody_elses_webhook_does_not_exist(self):
        shop, other = a_shop(), a_shop()
        made = subscribed(shop, "https://a.example/")
        assert queries.subscriptions(other.scope) == ()
        for attempt in (
            lambda: actions.remove(other.scope, webhook=made.webhook, at=AT),
            lambda: actions.rotate_secret(other.scope, webhook=made.webhook, at=AT),
            lambda: actions.change(other.scope, webhook=made.webhook, url="https://b.example/", kinds=PAID, at=AT),
            lambda: queries.deliveries(other.scope, webhook=made.webhook),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert queries.subscriptions(shop.scope)[0].url == "https://a.example/"


class TestQueueing:
    def test_only_who_subscribed_to_the_kind_and_the_shop_hears(self):
        shop, other = a_shop(), a_shop()
        mine = subscribed(shop, "https://a.example/")
        theirs = subscribed(other, "https://b.example/")
        deaf = subscribed(shop, "https://c.example/", kinds=(EventKind.ORDER_CLOSED,))
        every = actions.subscribe(PLATFORM, url="https://d.example/", kinds=PAID, at=AT)
        assert actions.queue(SYSTEM, messages=[paid(shop)], at=AT) == 2
        assert [len(states(shop, w.webhook)) for w in (mine, deaf)] == [1, 0]
        assert states(other, theirs.webhook) == []
        assert len(queries.deliveries(PLATFORM, webhook=every.webhook)) == 1

    def test_the_same_message_is_queued_once(self):
        shop = a_shop()
        made, message = subscribed(shop, "https://a.example/"), paid(shop)
        assert [actions.queue(SYSTEM, messages=[message], at=AT) for _ in range(2)] == [1, 0]
        assert len(states(shop, made.webhook)) == 1

    def test_the_platforms_own_messages_are_not_shown_to_the_shop(self):
        shop = a_shop()
        every = actions.subscribe(PLATFORM, url="https://d.example/", kinds=PAID, at=AT)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        with pytest.raises(NotFound):
            queries.deliveries(shop.scope, webhook=every.webhook)


class TestSending:
    def test_a_message_arrives_signed_and_anybody_with_the_secret_can_check_it(self, ear):
        shop = a_shop()
        made, message = subscribed(shop, ear.url), paid(shop, '{"type":"order.paid","data":{"订单":1}}')
        actions.queue(SYSTEM, messages=[message], at=AT)
        assert actions.send_due(at=AT) == 1
        (call,) = ear.heard
        content = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
        key = base64.b64decode(made.secret.removeprefix("whsec_"))
        right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        assert call.headers["webhook-signature"] == f"v1,{right}"
        assert (call.headers["webhook-id"], call.body) == (str(message.id), message.body.encode())
        assert call.headers["webhook-timestamp"] == str(int(AT.timestamp()))
        assert states(shop, made.webhook) == [("delivered", 1)]
        assert actions.send_due(at=AT + timedelta(days=1)) == 0

    def test_a_refused_message_is_tried_again_later_under_the_same_id(self, ear):
        ear.answers = [500, 204]
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        assert actions.send_due(at=AT) == 0
        assert actions.send_due(at=AT + timedelta(seconds=4)) == 0
        assert len(ear.heard) == 1
        assert actions.send_due(at=AT + timedelta(seconds=5)) == 1
        assert len({call.headers["webhook-id"] for call in ear.heard}) == 1
        assert len({call.headers["webhook-timestamp"] for call in ear.heard}) == 2
        assert states(shop, made.webhook) == [("delivered", 2)]

    def test_after_the_last_try_the_delivery_has_failed(self, ear, monkeypatch):
        monkeypatch.setattr(rules, "BACK_OFF", rules.BACK_OFF[:1])
        ear.answers = [500]
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        for n in range(4):
            actions.send_due(at=AT + timedelta(minutes=n))
        assert (len(ear.heard), states(shop, made.webhook)) == (2, [("failed", 2)])

    def test_a_claimed_delivery_that_nobody_reported_is_tried_again(self, ear):
        shop = a_shop()
        subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        assert len(actions.claim(SYSTEM, limit=10, at=AT)) == 1  # and the worker is killed here
        assert actions.claim(SYSTEM, limit=10, at=AT) == ()
        assert actions.send_due(at=AT + timedelta(seconds=6)) == 1

    def test_a_redirect_is_a_failure_and_is_not_followed(self, ear):
        ear.answers = [307]
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        assert actions.send_due(at=AT) == 0
        (card,) = queries.deliveries(shop.scope, webhook=made.webhook)
        assert (card.status, card.state.value, [c.path for c in ear.heard]) == (307, "queued", ["/hooks"])

    def test_a_slow_receiver_does_not_hold_up_the_others(self, ear, monkeypatch):
        from linli.reach.webhooks import gateways

        monkeypatch.setattr(gateways, "TOTAL_S", 0.3)
        shop = a_shop()
        with WebhookEar(slow_s=0.1) as slow:
            held_up, quick = subscribed(shop, slow.url), subscribed(shop, ear.url)
            actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
            assert actions.send_due(at=AT) == 1
        assert states(shop, quick.webhook) == [("delivered", 1)]
        (card,) = queries.deliveries(shop.scope, webhook=held_up.webhook)
        assert (card.state.value, card.status, card.why) == ("queued", 0, "timeout")

    def test_an_errand_may_not_run_inside_an_action(self):
        from linli.spine.action import action
        from linli.spine.may import May

        @action(needs=May.RUN_CLOCKS)
        def inside(scope, *, at):
            actions.send_due(at=at)

        with pytest.raises(RuntimeError, match="outside world"):
            inside(SYSTEM, at=AT)


class TestSwitchingOff:
    def test_many_failures_without_a_success_switch_it_off(self, ear, monkeypatch):
        monkeypatch.setattr(rules, "FAILURES_MOST", 3)
        ear.answers = [500]
        shop = a_shop()
        made = subscribed(shop, ear.url)
        for _ in range(3):
            actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        actions.send_due(at=AT)
        (card,) = queries.subscriptions(shop.scope)
        assert (card.state.value, card.why) == ("disabled", "failures")
        assert {state for state, _ in states(shop, made.webhook)} == {"failed"}
        assert actions.queue(SYSTEM, messages=[paid(shop)], at=AT) == 0

    def test_a_success_in_between_starts_the_count_again(self, ear, monkeypatch):
        monkeypatch.setattr(rules, "FAILURES_MOST", 3)
        ear.answers = [500, 500, 204, 500, 500]
        shop = a_shop()
        subscribed(shop, ear.url)
        for n in range(5):
            actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
            Delivery.objects.inside().filter(attempts__gt=0).update(due_at=AT + timedelta(days=9))
            actions.send_due(at=AT + timedelta(seconds=n))
        assert queries.subscriptions(shop.scope)[0].state.value == "active"

    def test_gone_means_gone_at_once_and_it_can_be_switched_on_again(self, ear):
        ear.answers = [410, 204]
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        actions.send_due(at=AT)
        (card,) = queries.deliveries(shop.scope, webhook=made.webhook)
        assert (queries.subscriptions(shop.scope)[0].why, card.state.value) == ("gone", "failed")
        with pytest.raises(actions.SwitchedOff):
            actions.resend(shop.scope, delivery=card.id, at=AT)
        actions.enable(shop.scope, webhook=made.webhook, at=AT)
        actions.resend(shop.scope, delivery=card.id, at=AT)
        assert actions.send_due(at=AT) == 1
        with pytest.raises(WrongState):
            actions.enable(shop.scope, webhook=made.webhook, at=AT)

    def test_a_removed_one_hears_nothing_more_and_its_secret_is_gone(self, ear):
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        actions.remove(shop.scope, webhook=made.webhook, at=AT)
        assert actions.send_due(at=AT) == 0
        assert (ear.heard, queries.subscriptions(shop.scope)) == ([], ())
        assert bytes(Subscription.objects.inside().get(pk=made.webhook).secret) == b""


class TestAgain:
    def test_a_message_is_sent_once_more_under_its_own_id(self, ear):
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        actions.send_due(at=AT)
        (first,) = queries.deliveries(shop.scope, webhook=made.webhook)
        again = actions.resend(shop.scope, delivery=first.id, at=AT)
        assert actions.send_due(at=AT) == 1
        assert [c.id for c in queries.deliveries(shop.scope, webhook=made.webhook)] == [again, first.id]
        assert len({call.headers["webhook-id"] for call in ear.heard}) == 1

    def test_a_new_secret_signs_from_now_on(self, ear):
        shop = a_shop()
        old = subscribed(shop, ear.url)
        new = actions.rotate_secret(shop.scope, webhook=old.webhook, at=AT)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        actions.send_due(at=AT)
        (call,) = ear.heard
        made = [
            rules.signed(s, message=call.headers["webhook-id"], at=AT, body=call.body)["webhook-signature"]
            for s in (old.secret, new.secret)
        ]
        assert call.headers["webhook-signature"] == made[1] != made[0]

    def test_deliveries_are_forgotten_after_a_month(self, ear):
        shop = a_shop()
        made = subscribed(shop, ear.url)
        actions.queue(SYSTEM, messages=[paid(shop)], at=AT)
        assert actions.forget_old(SYSTEM, at=AT + rules.KEPT) == 0
        assert actions.forget_old(SYSTEM, at=AT + rules.KEPT + timedelta(seconds=1)) == 1
        assert states(shop, made.webhook) == []
