"""A real house is begun as the runbook says: the first operator is appointed, signs in at `linli serve`, and works."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pyotp
import pytest
import urllib3
from cryptography.hazmat.primitives import serialization

from harness.databases import OwnDatabase
from harness.webhook_ear import WebhookEar
from linli.kernel.signatures import new_secret
from linli.money.payments.gateways.signing import PROVIDERS_KEY, merchant_identity, read_private_key
from linli.works.ports import any_free_port
from works.test_runbook import Run, environment, followed, linli, settings_named, steps

__all__ = ["linli"]
pytestmark = pytest.mark.slow
BEGIN = "Begin for real people"
SHEET = "city,district,community,lat,lon,building,unit,home,area_m2\n江城,滨江区,新园,30.25,120.16,1,1,101,89.37\n"
PATIENCE_S = 120


def keys_in(folder: Path) -> Path:
    """Ours, and the provider's public one, as the runbook says."""
    merchant_identity(folder)
    public = read_private_key(folder / "provider.pem").public_key()
    (folder / "provider.pem").unlink()
    (folder / PROVIDERS_KEY).write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return folder


@dataclass
class Browser:
    """Somebody behind the proxy that ends TLS: cookies are kept, pages are asked for as a browser does."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, where: str, **fields: str) -> tuple[int, str, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Sec-Fetch-Site": "same-origin",
            "Accept-Language": "en",
            "X-Forwarded-Proto": "https",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields) if method == "POST" else None
        answer = urllib3.request(
            method, self.url + where, body=body, headers=headers, redirect=False, retries=False, timeout=20
        )
        for line in answer.headers.getlist("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), answer.data.decode()


@pytest.fixture
def house(own_database: OwnDatabase, open_folder: Path) -> Run:
    """Runs `linli ...` on a database whose tables are made and in which nobody is known yet."""

    def run(home: str, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = environment() | own_database.environment() | {"LINLI_HOME": str(open_folder / home)} | more
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=open_folder, env={"LINLI_SECRET_KEY": "s" * 50} | env,
            capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def begun(house: Run, open_folder: Path) -> Iterator[tuple[dict[str, str], WebhookEar]]:
    """The environment of the runbook, with a relay and a bridge on this machine, and its commands followed."""
    with WebhookEar() as relay, WebhookEar() as bridge:
        told = {
            "LINLI_HOME": str(open_folder / "real"),
            "LINLI_SECRET_KEY": "s" * 50,
            "LINLI_HOSTS": "127.0.0.1",
            "LINLI_BEHIND_PROXY": "1",
            "LINLI_MESSAGE_URL": relay.url,
            "LINLI_MESSAGE_SECRET": new_secret(),
            "LINLI_PAYMENT_PROVIDERS": json.dumps(
                {"bank": {"url": bridge.url, "keys": str(keys_in(open_folder / "keys"))}}
            ),
            "LINLI_PAY_ORIGINS": "https://pay.example",
        }
        assert list(told) == settings_named(BEGIN)
        (open_folder / "places.csv").write_text(SHEET, encoding="utf-8")
        said = followed(house, "real", steps(BEGIN))
        assert said[-1].split() == ["林站长", "139****0001", "everywhere"]
        yield told, relay


def test_the_first_operator_gets_in_where_nobody_was_before(begun, own_database, open_folder):
    told, relay = begun
    port = any_free_port(range(18700, 18800))
    with (open_folder / "serve.log").open("wb") as log:
        serve = subprocess.Popen(
            [sys.executable, "-m", "linli", "serve", "--port", str(port), "--workers", "1", "--no-worker", "--no-live"],
            cwd=open_folder, env=environment() | own_database.environment() | told, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        wait_for(browser, open_folder / "serve.log")
        sign_in(browser, relay)
        assert "新园" in browser.ask("GET", "/platform/companies/")[2]
        form = {"name": "安居物业", "manager": "周经理", "phone": "13900000002"}
        status, company, _page = browser.ask("POST", "/platform/companies/", **form)
        assert status == 303
        assert "周**" in browser.ask("GET", company)[2]
    finally:
        os.killpg(serve.pid, signal.SIGTERM)
        serve.wait(30)


def sign_in(browser: Browser, relay: WebhookEar) -> None:
    """By phone and code, one question, and an authenticator that is set up."""
    assert browser.ask("GET", "/demo/inbox/")[0] == 404
    assert browser.ask("POST", "/sign-in/", phone="13900000001")[1] == "/sign-in/code/"
    code = json.loads(relay.heard[-1].body)["data"]["values"]["code"]
    assert browser.ask("POST", "/sign-in/code/", code=code)[1] == "/sign-in/check/"
    assert browser.ask("POST", "/sign-in/check/", answer="林站长")[0] == 303
    assert browser.ask("GET", "/platform/")[1] == "/authenticator/"
    seed = re.findall(r'class="seed-letters">([A-Z2-7 ]+)<', browser.ask("POST", "/authenticator/")[2])[0]
    digits = pyotp.TOTP(seed.replace(" ", "")).now()
    assert browser.ask("POST", "/authenticator/confirmation/", code=digits)[0] == 200


def test_the_house_stays_closed_until_everything_is_named(house: Run):
    refused = house("bare", "linli", "serve")
    assert refused.returncode == 1
    for name in ("LINLI_PAYMENT_PROVIDERS", "LINLI_MESSAGE_URL", "LINLI_MESSAGE_SECRET"):
        assert name in refused.stderr


def test_operators_are_kept_from_the_machine(house: Run):
    assert "appoint --help" in house("kept", "linli", "operators", "list").stdout
    for _again in range(2):
        done = house("kept", "linli", "operators", "appoint", "--name", "Lin", "--phone", "13900000001")
        assert done.returncode == 0, done.stderr
    nowhere = house("kept", "linli", "operators", "appoint", "--name", "He", "--phone", "13900000002", "--city", "X")
    assert (nowhere.returncode, "No one city is called X" in nowhere.stderr) == (1, True)
    last = house("kept", "linli", "operators", "dismiss", "--phone", "13900000001")
    assert (last.returncode, "has to stay" in last.stderr) == (1, True)
    none = house("kept", "linli", "operators", "lost-authenticator", "--yes", "--phone", "13900000001")
    assert (none.returncode, "no authenticator" in none.stderr) == (1, True)
    assert house("kept", "linli", "operators", "list").stdout.split() == ["Lin", "139****0001", "everywhere"]


def wait_for(browser: Browser, log: Path) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while True:
        try:
            if browser.ask("GET", "/healthz")[0] == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        assert time.monotonic() < give_up, log.read_text(encoding="utf-8")
        time.sleep(0.3)
