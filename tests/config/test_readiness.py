"""`linli serve` refuses whatever belongs to the demo; the worker carries facts and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from cryptography.hazmat.primitives import serialization

from harness.webhook_ear import WebhookEar
from linli.config.readiness import reasons_against_serving
from linli.kernel.signatures import new_secret
from linli.money.payments.gateways.signing import PROVIDERS_KEY, merchant_identity, read_private_key
from linli.spine import installation


@pytest.fixture
def keys(tmp_path):
    """A folder as an operator keeps it: our private key, and the public one that the provider gave."""
    folder = tmp_path / "keys"
    merchant_identity(folder)
    public = read_private_key(folder / "provider.pem").public_key()
    (folder / "provider.pem").unlink()
    (folder / PROVIDERS_KEY).write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return folder


@pytest.fixture
def ready(monkeypatch, settings, keys):
    monkeypatch.setenv("LINLI_SECRET_KEY", "s" * 50)
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.MessageRelay"
    settings.MESSAGE_URL, settings.MESSAGE_SECRET = "https://messages.example/linli", new_secret()
    with WebhookEar() as bridge:
        settings.PAYMENT_PROVIDERS = {"bank": {"url": bridge.url.removesuffix("/hooks"), "keys": str(keys)}}
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("ready")
class TestServing:
    def test_starts_with_a_provider_a_relay_and_a_secret(self):
        assert reasons_against_serving() == []

    def test_refuses_the_embedded_inbox_by_the_name_of_its_variable(self, settings):
        settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_MESSAGE_GATEWAY"]

    def test_names_what_is_missing_of_the_way_to_peoples_phones(self, settings):
        settings.MESSAGE_URL = settings.MESSAGE_SECRET = ""
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_MESSAGE_URL", "LINLI_MESSAGE_SECRET"]

    @pytest.mark.parametrize("url", ["http://messages.example/", "messages.example", "http://", "http://[::1"])
    def test_refuses_to_send_codes_in_the_clear(self, settings, url):
        settings.MESSAGE_URL = url
        assert [r.split(" has")[0] for r in reasons_against_serving()] == ["LINLI_MESSAGE_URL"]

    @pytest.mark.parametrize("lockers", ["embedded", "http://bridge.example", "bridge"])
    def test_refuses_cabinets_of_the_demo_and_doors_opened_in_the_clear(self, settings, lockers):
        settings.LOCKERS = lockers
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_LOCKERS"]

    @pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "a plain password of some length", "whsec_***"])
    def test_refuses_what_is_no_secret(self, settings, secret):
        settings.MESSAGE_SECRET = secret
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_MESSAGE_SECRET"]

    def test_refuses_to_serve_where_nobody_could_pay(self, settings):
        settings.PAYMENT_PROVIDERS = {}
        assert [r.split(",")[0] for r in reasons_against_serving()] == [
            "LINLI_PAYMENT_PROVIDERS names no payment provider"
        ]

    def test_names_each_fault_of_each_provider(self, settings, tmp_path):
        settings.PAYMENT_PROVIDERS["other"] = {"url": "http://pay.example", "keys": str(tmp_path / "none")}
        assert [r.removeprefix("LINLI_PAYMENT_PROVIDERS, other: ") for r in reasons_against_serving()] == [
            "its url has to begin with https:// (http only to a bridge on this machine).",
            "its keys name no folder that can be read.",
        ]

    def test_refuses_the_demos_sign_ins_and_every_hosts_name(self, settings):
        settings.DEMO, settings.ALLOWED_HOSTS = True, ["*"]
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_DEMO", "LINLI_HOSTS"]

    def test_refuses_a_missing_or_short_secret(self, monkeypatch):
        monkeypatch.setenv("LINLI_SECRET_KEY", "short")
        assert "LINLI_SECRET_KEY" in reasons_against_serving()[0]

    def test_refuses_webhooks_that_may_call_the_house_itself(self, settings):
        settings.WEBHOOKS_INSIDE = True
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_WEBHOOKS_INSIDE"]

    def test_refuses_a_demo_database(self):
        installation.mark("demo")
        assert "demo database" in reasons_against_serving()[0]
        with pytest.raises(RuntimeError, match="marked demo"):
            installation.mark("production")


@pytest.mark.slow
def test_the_worker_starts_and_stops_cleanly_when_interrupted(own_database):
    env = {**os.environ, **own_database.environment("worker"), "LINLI_SECRET_KEY": "x" * 50}
    worker = subprocess.Popen(
        [sys.executable, "-m", "linli", "worker"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert worker.stdout is not None
        assert "ready" in worker.stdout.readline()
        time.sleep(1)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(20) == 0, worker.stdout.read()
    finally:
        worker.kill()
