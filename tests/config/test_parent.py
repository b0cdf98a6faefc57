"""One parent for web process, worker and live: what happens when it is told to stop, and when one of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3

from harness.databases import OwnDatabase
from linli.config import database
from linli.works.bench.meters import family
from linli.works.ports import any_free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]

LIMIT_S = 90.0
_SERVE = """
from linli.config import parent
parent.serve(host="127.0.0.1", port={port}, workers=1, worker=parent.work, live_port={live})
"""


class Kept:
    """A parent with its children."""

    def __init__(self, own: OwnDatabase, log: Path) -> None:
        self.own = own
        port, self.live_port = any_free_port(range(18600, 18700)), any_free_port(range(18800, 18900))
        self.url = f"http://127.0.0.1:{port}"
        environment = own.environment() | {"LINLI_SECRET_KEY": "x" * 50}
        with log.open("wb") as out:
            self.parent = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "import django; django.setup()\n" + _SERVE.format(port=port, live=self.live_port),
                ],
                env=environment | {"DJANGO_SETTINGS_MODULE": "linli.config.settings"},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.wait_for(lambda: self.is_answered() and self.is_live() and self.worker())

    def worker(self) -> int | None:
        """The child that speaks to the database as a worker: fewer threads than the server's, more than live has."""
        with self.own.connect_as_superuser() as link:
            found = link.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename = 'linli_worker'", [self.own.name]
            ).fetchone()
        children = self._children_by_threads()
        return children[1] if found and len(children) == 3 else None

    def live(self) -> int:
        return self._children_by_threads()[0]

    def _children_by_threads(self) -> list[int]:
        threads = {each: len(os.listdir(f"/proc/{each}/task")) for each in family(self.parent.pid)[1:]}
        return sorted(threads, key=lambda each: threads[each])

    def is_live(self) -> bool:
        try:
            where = f"http://127.0.0.1:{self.live_port}/live/healthz"
            return urllib3.request("GET", where, timeout=5.0, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def wait_for(self, what: Callable[[], object]) -> None:
        until = time.monotonic() + LIMIT_S
        while not what():
            assert time.monotonic() < until, "it never came about"
            time.sleep(0.1)

    def is_answered(self) -> bool:
        try:
            return urllib3.request("GET", self.url + "/readyz", timeout=5.0, retries=False).status == 200
        except urllib3.exceptions.HTTPError:
            return False


@pytest.fixture
def kept(own_database: OwnDatabase, tmp_path: Path) -> Iterator[Kept]:
    made = Kept(own_database, tmp_path / "log")
    yield made
    if made.parent.poll() is None:
        os.killpg(made.parent.pid, signal.SIGKILL)
        made.parent.wait()


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_told_to_stop_it_ends_with_its_children(kept: Kept):
    everybody = family(kept.parent.pid)
    kept.parent.terminate()
    assert kept.parent.wait(LIMIT_S) == 0
    assert all(is_gone(each) for each in everybody)


def test_a_worker_that_was_killed_is_begun_again(kept: Kept):
    first = kept.worker()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    kept.wait_for(lambda: is_gone(first) and len(family(kept.parent.pid)) == 4 and kept.is_answered())


def test_a_live_process_that_was_killed_is_begun_again(kept: Kept):
    first = kept.live()
    os.kill(first, signal.SIGKILL)
    kept.wait_for(lambda: is_gone(first) and kept.is_live() and len(family(kept.parent.pid)) == 4)


def test_nobody_outlives_a_parent_that_was_killed(kept: Kept):
    children = family(kept.parent.pid)[1:]
    kept.parent.kill()
    kept.parent.wait()
    kept.wait_for(lambda: len(children) == 3 and all(map(is_gone, children)))


def test_speaking_as_another_changes_role_address_and_name(monkeypatch: pytest.MonkeyPatch):
    from django.db import connections

    monkeypatch.setenv("LINLI_PROCESS", "web")
    known = dict(connections.settings["default"])
    monkeypatch.setitem(connections.settings, "default", dict(known))
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/town")
    monkeypatch.setenv("LINLI_WORKER_DATABASE_URL", "postgresql://worker@db/town")
    database.speak_as("worker")
    spoken = connections.settings["default"]
    assert (spoken["USER"], spoken["HOST"], spoken["OPTIONS"]["application_name"]) == ("worker", "db", "linli-worker")
    assert database.process() == "worker"
    assert spoken["TIME_ZONE"] == known["TIME_ZONE"]
