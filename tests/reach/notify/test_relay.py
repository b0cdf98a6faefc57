"""The way to people's phones: a signed POST to the operator's relay, and what its answers mean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from builders import AT, a_person
from harness.webhook_ear import WebhookEar
from linli.config.home import PROJECT
from linli.kernel.ids import new
from linli.kernel.signatures import is_secret, new_secret, signed
from linli.reach.notify import actions, gateways, rules
from linli.reach.notify.models import Message
from linli.spine import walls
from linli.spine.scope import SYSTEM
from linli.works.ports import any_free_port

pytestmark = pytest.mark.django_db
VALUES = {"shop": "阿婆面馆", "number": "LO-260302-0001"}


@pytest.fixture(autouse=True)
def to_the_relay(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.MessageRelay"
    settings.MESSAGE_SECRET = new_secret()


@pytest.fixture
def relay(settings):
    with WebhookEar() as ear:
        settings.MESSAGE_URL = ear.url
        yield ear


def queue(phone: str = "13900001111") -> None:
    actions.queue_message(SYSTEM, to=a_person(phone=phone), template="order_ready", values=VALUES, at=AT)


def states() -> list[str]:
    walls.raise_for(SYSTEM)
    return list(Message.objects.order_by("id").values_list("state", flat=True))


def test_a_message_arrives_signed_as_what_it_means_and_as_what_it_says(relay, settings):
    queue()
    assert actions.send_due(at=AT) == 1
    (call,) = relay.heard
    assert json.loads(call.body) == {
        "type": "message",
        "timestamp": AT.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {
            "phone": "+8613900001111",
            "template": "order_ready",
            "language": "zh",
            "values": VALUES,
            "text": "阿婆面馆 的订单 LO-260302-0001 已备好，请凭取件码领取。",
        },
    }
    expected = signed(settings.MESSAGE_SECRET, message=UUID(call.headers["webhook-id"]), at=AT, body=call.body)
    assert {name: call.headers[name] for name in expected} == expected
    assert call.headers["content-type"] == "application/json"
    assert states() == ["sent"]


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_what_may_work_later_is_tried_again_under_the_same_id(relay, status):
    relay.answers = [status, 202]
    queue()
    assert actions.send_due(at=AT) == 0
    assert states() == ["queued"]
    assert actions.send_due(at=AT + rules.wait_before(1)) == 1
    assert len({call.headers["webhook-id"] for call in relay.heard}) == 1
    assert states() == ["sent"]


@pytest.mark.parametrize("status", [400, 401, 422, 302])
def test_what_is_refused_is_given_up_and_said_in_the_log_without_a_word_of_it(relay, status):
    relay.answers = [status]
    queue()
    with capture_logs() as told:
        assert actions.send_due(at=AT) == 0
    assert [(line["event"], line["template"], line["why"]) for line in told] == [
        ("message_refused", "order_ready", f"answered {status}")
    ]
    assert "LO-260302-0001" not in str(told)
    assert "13900001111" not in str(told)
    assert states() == ["failed"]
    assert actions.send_due(at=AT + timedelta(days=1)) == 0
    assert len(relay.heard) == 1


def test_one_that_is_refused_holds_up_none_of_the_others(relay):
    relay.answers = [422, 204]
    for n in range(12):
        queue(f"139000011{n:02}")
    assert actions.send_due(at=AT) == 11
    assert sorted(states()) == ["failed", *["sent"] * 11]


def test_a_relay_that_is_away_or_silent_is_tried_again(relay, settings, monkeypatch):
    settings.MESSAGE_URL = "http://127.0.0.1:1/"
    queue()
    assert actions.send_due(at=AT) == 0
    monkeypatch.setattr(gateways, "TIMEOUT_S", 0.3)
    gateways._pool.cache_clear()
    settings.MESSAGE_URL, relay.slow_s = relay.url, 0.5
    began = time.monotonic()
    assert actions.send_due(at=AT + rules.wait_before(1)) == 0
    assert time.monotonic() - began < 3
    gateways._pool.cache_clear()
    assert states() == ["queued"]


def test_without_an_address_nothing_goes_out_and_nothing_is_lost(settings):
    settings.MESSAGE_URL = ""
    queue()
    assert actions.send_due(at=AT) == 0
    assert states() == ["queued"]


def test_a_code_goes_out_at_once_and_its_asker_is_told_when_it_does_not(relay):
    from linli.reach.sign_in import actions as sign_in
    from linli.spine.scope import GUEST

    sign_in.request_code(GUEST, phone="13900002222", address="192.0.2.1", at=AT)
    (call,) = relay.heard
    data = json.loads(call.body)["data"]
    assert (data["template"], data["values"]["code"] in data["text"]) == ("sign_in_code", True)
    relay.answers = [503]
    with capture_logs() as told, pytest.raises(sign_in.CodeNotSent):
        sign_in.request_code(GUEST, phone="13900003333", address="192.0.2.1", at=AT)
    assert [line["event"] for line in told] == ["message_not_taken"]
    assert json.loads(relay.heard[1].body)["data"]["values"]["code"] not in str(told)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("whsec_" + "A" * 32, True),
        ("whsec_" + "A" * 28, False),
        ("A" * 32, False),
        ("whsec_ü", False),
        ("", False),
    ],
)
def test_a_secret_is_long_enough_and_written_as_the_specification_says(text, is_one):
    assert is_secret(text) is is_one


def test_a_secret_that_is_drawn_is_one():
    assert is_secret(new_secret())


def test_the_relay_of_the_page_passes_messages_on_once_and_believes_nobody_else(settings, tmp_path):
    """Docs are tried: the twenty lines run as they stand there, on another port."""
    page = (PROJECT / "docs" / "messages.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found is not None
    port = any_free_port(range(18800, 18900))
    program = tmp_path / "relay.py"
    program.write_text(found[1].replace("8080", str(port)))
    secret = new_secret()
    relay = subprocess.Popen(
        [sys.executable, str(program)], env={**os.environ, "LINLI_MESSAGE_SECRET": secret},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        settings.MESSAGE_URL, settings.MESSAGE_SECRET = f"http://127.0.0.1:{port}/", secret
        message = gateways.Outgoing(
            id=new(),
            phone="+8613900001111",
            template="sign_in_code",
            language="zh",
            values={"code": "123456"},
            text="-",
        )
        give_up = time.monotonic() + 20
        while True:
            try:
                gateways.MessageRelay().send(message, at=datetime.now(UTC))
                break
            except gateways.MessageNotSent:
                assert time.monotonic() < give_up, "the relay did not start"
                time.sleep(0.05)
        gateways.MessageRelay().send(message, at=datetime.now(UTC))
        for forged, moment in ((new_secret(), datetime.now(UTC)), (secret, datetime.now(UTC) - timedelta(minutes=6))):
            settings.MESSAGE_SECRET = forged
            with pytest.raises(gateways.MessageRefused, match="401"):
                gateways.MessageRelay().send(message, at=moment)
    finally:
        relay.terminate()
        said, _errors = relay.communicate(timeout=10)
    assert said.splitlines() == ["+8613900001111 sign_in_code {'code': '123456'}"]
