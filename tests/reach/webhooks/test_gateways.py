"""Calls over real HTTP: what is called, what is not, and for how long."""

from __future__ import annotations

import socket
import time

import pytest

from harness.webhook_ear import WebhookEar
from linli.reach.webhooks import gateways
from linli.reach.webhooks.rules import Outcome


@pytest.fixture
def inside(settings):
    settings.WEBHOOKS_INSIDE = True


def resolving_to(monkeypatch, *addresses: str) -> list[str]:
    """Has every name resolve to these; gives the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.usefixtures("inside")
class TestCalling:
    def test_the_body_and_the_headers_arrive_as_they_were_sent(self):
        with WebhookEar() as ear:
            assert gateways.post(ear.url + "?a=1", headers={"webhook-id": "x"}, body=b'{"a":1}') == Outcome(204)
        (call,) = ear.heard
        assert (call.path, call.body, call.headers["webhook-id"]) == ("/hooks?a=1", b'{"a":1}', "x")
        assert call.headers["host"] == ear.url.split("/")[2]

    def test_a_redirect_is_an_answer_and_is_not_followed(self):
        with WebhookEar(answers=[302]) as ear:
            assert gateways.post(ear.url, headers={}, body=b"") == Outcome(302)
        assert [call.path for call in ear.heard] == ["/hooks"]

    def test_a_receiver_that_drips_its_answer_is_hung_up_on(self, monkeypatch):
        monkeypatch.setattr(gateways, "TOTAL_S", 0.4)
        with WebhookEar(slow_s=0.1) as ear:
            began = time.monotonic()
            assert gateways.post(ear.url, headers={}, body=b"") == Outcome(0, "timeout")
            assert time.monotonic() - began < 3

    def test_nobody_there_is_no_answer(self):
        with WebhookEar() as ear:
            pass
        assert gateways.post(ear.url, headers={}, body=b"") == Outcome(0, "no answer")

    def test_a_receiver_that_speaks_no_http_is_no_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            import threading

            def talk():
                line, _ = deaf.accept()
                line.recv(4096)
                line.sendall(b"220 mail\r\n\r\n")
                line.close()

            threading.Thread(target=talk, daemon=True).start()
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            assert gateways.post(url, headers={}, body=b"") == Outcome(0, "no answer")


class TestRefusing:
    @pytest.mark.parametrize(
        "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1"]
    )
    def test_a_name_that_leads_inside_is_not_called(self, monkeypatch, address):
        called = []
        monkeypatch.setattr(socket, "create_connection", lambda *a, **_: called.append(a))
        resolving_to(monkeypatch, address)
        assert gateways.post("https://shop.example/x", headers={}, body=b"") == Outcome(0, "not public")
        assert called == []

    def test_one_inner_address_among_public_ones_is_enough_to_refuse(self, monkeypatch):
        called = []
        monkeypatch.setattr(socket, "create_connection", lambda *a, **_: called.append(a))
        resolving_to(monkeypatch, "93.184.216.34", "127.0.0.1")
        assert gateways.post("https://shop.example/x", headers={}, body=b"") == Outcome(0, "not public")
        assert called == []

    def test_the_address_that_was_checked_is_the_one_that_is_called(self, monkeypatch):
        called = []

        def connect(where, **_):
            called.append(where)
            raise TimeoutError

        monkeypatch.setattr(socket, "create_connection", connect)
        asked = resolving_to(monkeypatch, "93.184.216.34")
        assert gateways.post("https://shop.example/x", headers={}, body=b"") == Outcome(0, "timeout")
        assert (asked, called) == (["shop.example"], [("93.184.216.34", 443)])

    def test_plain_http_is_not_called(self):
        with WebhookEar() as ear:
            assert gateways.post(ear.url, headers={}, body=b"") == Outcome(0, "bad address")
        assert ear.heard == []

    def test_a_name_that_nobody_knows_is_no_call(self, monkeypatch):
        def getaddrinfo(*_, **__):
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        assert gateways.post("https://nobody.invalid/", headers={}, body=b"") == Outcome(0, "unknown host")
