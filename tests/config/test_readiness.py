"""`linli serve` refuses whatever belongs to the demo; the worker carries facts and stops when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from linli.spine import installation


class Careful:
    is_embedded = False


class Pretending:
    is_embedded = True


@pytest.fixture
def ready(monkeypatch, settings):
    monkeypatch.setenv("LINLI_SECRET_KEY", "s" * 50)
    settings.PAYMENT_GATEWAY = settings.MESSAGE_GATEWAY = f"{__name__}.Careful"
    # the test module is not importable by name under importlib mode
    monkeypatch.setitem(sys.modules, __name__, sys.modules[Careful.__module__])


@pytest.mark.django_db
@pytest.mark.usefixtures("ready")
class TestServing:
    def test_starts_with_real_gateways_and_a_secret(self):
        from linli.config.readiness import reasons_against_serving

        assert reasons_against_serving() == []

    def test_refuses_an_embedded_gateway_by_the_name_of_its_variable(self, settings):
        from linli.config.readiness import reasons_against_serving

        settings.PAYMENT_GATEWAY = f"{__name__}.Pretending"
        settings.MESSAGE_GATEWAY = ""
        reasons = reasons_against_serving()
        assert [r.split()[0] for r in reasons] == ["LINLI_PAYMENT_GATEWAY", "LINLI_MESSAGE_GATEWAY"]

    def test_refuses_the_demos_sign_ins_and_every_hosts_name(self, settings):
        from linli.config.readiness import reasons_against_serving

        settings.DEMO, settings.ALLOWED_HOSTS = True, ["*"]
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_DEMO", "LINLI_HOSTS"]

    def test_refuses_a_missing_or_short_secret(self, monkeypatch):
        from linli.config.readiness import reasons_against_serving

        monkeypatch.setenv("LINLI_SECRET_KEY", "short")
        assert "LINLI_SECRET_KEY" in reasons_against_serving()[0]

    def test_refuses_webhooks_that_may_call_the_house_itself(self, settings):
        from linli.config.readiness import reasons_against_serving

        settings.WEBHOOKS_INSIDE = True
        assert [r.split()[0] for r in reasons_against_serving()] == ["LINLI_WEBHOOKS_INSIDE"]

    def test_refuses_a_demo_database(self):
        from linli.config.readiness import reasons_against_serving

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
