"""`linli demo` as a stranger runs it: one command, a line that says ready, a quiet end, and data that stays."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from harness.databases import OwnDatabase
from harness.demos import READY_LIMIT_S, Shown, own_environment
from linli.config.postgres.processes import anyone_in
from linli.works.replay.summing import DOCTORS

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="linli-demo-"))
    base.chmod(0o711)  # when root runs the tests, the server's plain user must pass through
    yield base
    shutil.rmtree(base, ignore_errors=True)


def told(database: OwnDatabase) -> dict[str, object]:
    """What a second start must not change."""
    with database.connect_as_superuser() as link:
        counts = {
            table: link.execute(f"SELECT count(*), min(id::text), max(id::text) FROM {table}").fetchone()
            for table in ("people_party", "places_home", "shops_shop", "catalogue_listing", "stock_batch")
        }
        counts["kind"] = link.execute("SELECT kind FROM spine_installation").fetchone()
    return counts


def lived(database: OwnDatabase) -> dict[str, set[str]]:
    """What a stranger finds on the boards and in the books."""
    questions = {
        "orders": "SELECT DISTINCT state FROM orders_order",
        "kinds": "SELECT DISTINCT kind FROM payouts_line WHERE state = 'paid'",
        "payouts": "SELECT DISTINCT state FROM payouts_payout",
        "differences": "SELECT state FROM payments_difference",
        "refunds": "SELECT DISTINCT state FROM orders_refund",
        "unbalanced": "SELECT journal_id::text FROM ledger_posting GROUP BY journal_id HAVING sum(amount_minor) <> 0",
    }
    with database.connect_as_superuser() as link:
        return {word: {row[0] for row in link.execute(question)} for word, question in questions.items()}


def faults(folder: Path) -> list[str]:
    """What the doctor finds wrong with the money, the goods and the orders of a folder's town."""
    done = subprocess.run(
        [sys.executable, "-m", "linli", "doctor", "--json"],
        env=own_environment() | {"LINLI_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=READY_LIMIT_S,
    )
    parts = json.loads(done.stdout)["parts"]
    return [one["invariant"] for part in DOCTORS for one in parts[part] if not one["ok"]]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_demo_says_when_it_is_ready_ends_quietly_and_keeps_its_data(own_database: OwnDatabase, folder: Path):
    environment = own_database.environment("web") | {"LINLI_PROCESS": ""}

    first = Shown(folder, environment)
    url = first.ready()
    assert urllib3.request("GET", url, timeout=20, retries=False).status == 200
    assert all(phone in first.said for phone in ("19900000001", "19900000002", "19900000003", "19900000004"))
    assert (folder / "demo-secret").stat().st_mode & 0o777 == 0o600
    busy = subprocess.run(
        [sys.executable, "-m", "linli", "demo"],
        env=environment | {"LINLI_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (busy.returncode, "running already" in busy.stderr) == (1, True)
    assert first.stop(signal.SIGINT) == 0
    before = told(own_database)
    assert before["kind"] == ("demo",)
    found = lived(own_database)
    assert found["orders"] >= {"paid", "accepted", "preparing", "ready", "in_delivery", "completed", "closed"}
    assert found["kinds"] == {"merchant", "property", "courier"}
    assert (found["payouts"] >= {"settled"}, found["differences"], found["unbalanced"]) == (True, {"open"}, set())
    assert "asked" in found["refunds"]

    second = Shown(folder, environment)
    second.ready()
    assert "Building the town" not in second.said
    assert second.stop(signal.SIGTERM) == 0
    assert told(own_database) == before


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_demo_that_is_stopped_in_its_past_begins_again(folder: Path):
    broken_off = Shown(folder, own_environment())
    broken_off.says("Living through")
    assert broken_off.stop(signal.SIGINT) == 0
    assert "Linli is ready" not in broken_off.said

    again = Shown(folder, own_environment())
    again.ready()
    assert "Throwing away a town that was never finished" in again.said
    assert "Living through" in again.said
    assert faults(folder) == ["Nothing differs between the bills and the books"]
    assert again.stop(signal.SIGINT) == 0

    third = Shown(folder, own_environment())
    third.ready()
    assert "Living through" not in third.said
    assert third.stop(signal.SIGINT) == 0


def test_on_somebody_elses_server_a_town_that_was_never_finished_is_not_thrown_away(
    own_database: OwnDatabase, folder: Path
):
    environment = own_database.environment("web") | {"LINLI_PROCESS": ""}
    broken_off = Shown(folder, environment)
    broken_off.says("Living through")
    assert broken_off.stop(signal.SIGINT) == 0
    before = told(own_database)

    again = Shown(folder, environment)
    assert again.process.wait(READY_LIMIT_S) == 1
    assert "drop it there and start again" in again.said
    assert told(own_database) == before


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_killed_demo_takes_everybody_along_and_a_reset_asks_first(folder: Path):
    shown = Shown(folder, own_environment(), "--live")
    shown.ready()
    assert len(shown.everyone()) >= 4
    shown.process.kill()
    shown.process.wait()
    shown.wait_until_gone()
    assert not anyone_in(folder / "postgres" / "data")

    again = Shown(folder, own_environment(), "--reset")
    assert again.process.wait(READY_LIMIT_S) == 1
    assert "Throw away this demo's town" in again.said
    again.wait_until_gone()

    after = Shown(folder, own_environment())
    after.ready()
    assert "Building the town" not in after.said
    assert after.stop(signal.SIGINT) == 0


def test_a_real_house_is_never_taken_for_a_demo(own_database: OwnDatabase, folder: Path):
    with own_database.connect_as_superuser() as link:
        link.execute("INSERT INTO spine_installation (id, kind) VALUES (1, 'production')")
    before = told(own_database)

    for arguments in ((), ("--reset", "--yes")):
        shown = Shown(folder, own_database.environment("web"), *arguments)
        assert shown.process.wait(60) == 1
        assert "This database is production" in shown.said
    assert told(own_database) == before


def test_a_database_with_places_in_it_that_nobody_marked_is_not_taken_either(own_database: OwnDatabase, folder: Path):
    with own_database.connect_as_superuser() as link:
        link.execute(
            "INSERT INTO places_city (id, name, timezone, currency, added_at)"
            ' VALUES (gen_random_uuid(), \'{"zh": "城", "en": "City"}\', \'UTC\', \'CNY\', now())'
        )

    shown = Shown(folder, own_database.environment("web"))
    assert shown.process.wait(60) == 1
    assert "This database is unmarked" in shown.said
