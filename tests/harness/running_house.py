"""A house that runs as it does for people: web, worker and provider in processes of their own that may die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import urllib3
from django.conf import settings

from harness.databases import OwnDatabase
from linli.config.postgres.processes import birth_of
from linli.money.payments.gateways.embedded.driver import ProviderProcess
from linli.works.ports import any_free_port

T = TypeVar("T")

PSP = "embedded"
READY_LIMIT_S = 90.0
PATIENCE_S = 90.0
"""So long a caller tries again before it gives up: longer than any restart takes."""
_SERVE = """
import django
django.setup()
from linli.config import parent
parent.serve(host="127.0.0.1", port={port}, workers=1)
"""


@dataclass
class Process:
    """One of the house's processes, with all that it starts."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """This will end it, and what it started, as a power cut would."""
        child, self._child = self._child, None
        if child is not None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@dataclass
class House:
    """The running house on a database of its own; `kill` and `start` take its parts by name."""

    database: OwnDatabase
    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    """What else its web and worker find in their environment."""
    web: Process = field(init=False)
    worker: Process = field(init=False)
    provider: ProviderProcess = field(init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        port = any_free_port(range(18500, 18600))
        self.url = f"http://127.0.0.1:{port}"
        (self.folder / "provider").mkdir()
        self.provider = ProviderProcess(
            home=self.folder / "provider", callback_url=f"{self.url}/callbacks/payments/{PSP}/", pace=0.1
        )
        self.provider.start()
        more = {
            "DJANGO_SETTINGS_MODULE": "linli.config.settings",
            "LINLI_SECRET_KEY": settings.SECRET_KEY,
            "LINLI_API_WRITES_PER_S": "1000",
            "LINLI_PAYMENT_PROVIDERS": json.dumps(
                {PSP: {"url": self.provider.url, "keys": str(self.folder / "provider" / "keys")}}
            ),
        }
        more |= self.more | {"LINLI_PAY_ORIGINS": self.provider.url}
        self.environment = self.database.environment() | more
        self.web = Process([sys.executable, "-c", _SERVE.format(port=port)], self.environment, self.folder / "web.log")
        at_work = self.database.environment("worker") | more
        self.worker = Process([sys.executable, "-m", "linli", "worker"], at_work, self.folder / "worker.log")
        self.web.start()
        self.worker.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        assert Client(self.url).call("GET", "/readyz")[0] == 200

    def kill(self, part: str) -> None:
        """This will kill one part with signal 9: `web`, `worker`, `provider` or `postmaster`."""
        if part != "postmaster":
            getattr(self, part).kill()
            return
        pid = self.database.cluster.postmaster
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while birth_of(pid):
            time.sleep(0.01)

    def start(self, part: str) -> None:
        """This will start a part that was killed."""
        (self.database.cluster if part == "postmaster" else getattr(self, part)).start()

    def stop(self) -> None:
        self.provider.stop()
        for process in (self.web, self.worker):
            process.kill()


class Client:
    """A program at the door of the house that tries again, with the same key, until it is answered."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url, self._token = url, token
        self._pool = urllib3.PoolManager(maxsize=1, retries=False, timeout=10.0)

    def call(self, method: str, where: str, body: object = None, *, key: str = "") -> tuple[int, Any]:
        """This will answer the status and the content of the first answer that is no defect."""
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers |= {"Authorization": f"Bearer {self._token}"}
        if key:
            headers |= {"Idempotency-Key": key}
        raw = None if body is None else msgspec.json.encode(body)

        def once() -> tuple[int, Any] | None:
            try:
                answer = self._pool.request(method, self._url + where, body=raw, headers=headers)
            except urllib3.exceptions.HTTPError:
                return None
            in_hand = answer.status == 409 and b"spine.StillRunning" in answer.data
            if answer.status >= 500 or in_hand:
                return None
            is_json = "json" in answer.headers.get("Content-Type", "")
            return answer.status, msgspec.json.decode(answer.data) if is_json else answer.data

        return insist(once)


def insist(once: Callable[[], T | None]) -> T:
    """This will try until something comes of it."""
    give_up = time.monotonic() + PATIENCE_S
    while (found := once()) is None:
        assert time.monotonic() < give_up, "nobody answered in time"
        time.sleep(0.1)
    return found
