"""The log is read by machines, and never gives away what somebody typed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from threading import Event, Thread

import pytest
import structlog
from django.db import IntegrityError

from linli.config.logs import Lines, write_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("to_terminal", [True, False])
def test_a_traceback_does_not_show_the_values_of_variables(capsys: pytest.CaptureFixture[str], to_terminal: bool):
    write_logs(to_terminal=to_terminal)
    phone = "139" + "12345678"
    try:
        len(phone) / 0
    except ZeroDivisionError:
        structlog.get_logger().error("defect", reference="AB12", exc_info=True)
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert phone not in said


def test_an_event_is_one_line_of_json_that_is_written_soon():
    to = StringIO()
    Lines(to).info(_told("request", page="owner:home", status=200))
    assert to.getvalue() == ""  # nobody who is answered waits for it
    deadline = time.monotonic() + 10
    while not to.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    said = json.loads(to.getvalue())
    assert (said["event"], said["page"], said["status"]) == ("request", "owner:home", 200)


class Still(StringIO):
    """A log whose reader stands still until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.goes, self.reached = Event(), Event()

    def write(self, lines: str) -> int:
        self.reached.set()
        assert self.goes.wait(10)
        return super().write(lines)


def test_who_tells_more_than_may_wait_waits_for_a_reader_that_stands_still(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Lines, "MOST", 3)
    to = Still()
    lines = Lines(to)
    lines.info(_told("first"))
    assert to.reached.wait(10)  # its writer waits for the reader now
    for nth in range(3):
        lines.info(_told("told", nth=nth))
    more = Thread(target=lines.info, args=(_told("last"),))
    more.start()
    more.join(0.2)
    assert more.is_alive()
    to.goes.set()
    more.join(10)
    assert [json.loads(line)["event"] for line in to.getvalue().splitlines()] == [
        "first",
        "told",
        "told",
        "told",
        "last",
    ]


def test_what_warns_is_written_at_once_after_what_was_told_before(capsys: pytest.CaptureFixture[str]):
    write_logs(to_terminal=False)
    log = structlog.get_logger()
    log.info("request", reference="A1")
    log.info("request", reference="A2")
    log.warning("callback_refused")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(each["event"], each.get("reference"), each["level"]) for each in said] == [
        ("request", "A1", "info"),
        ("request", "A2", "info"),
        ("callback_refused", None, "warning"),
    ]


def test_a_process_that_ends_writes_what_is_left_and_a_forked_one_only_its_own():
    script = (
        "import os, sys; from linli.config.logs import write_logs; import structlog\n"
        "write_logs(to_terminal=False); log = structlog.get_logger(); log.info('of_the_parent')\n"
        "child = os.fork()\n"
        "if child == 0: log.info('of_the_child'); sys.exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert sorted(json.loads(line)["event"] for line in done.stderr.splitlines()) == ["of_the_child", "of_the_parent"]


def test_what_cannot_be_said_in_json_is_told_without_its_values():
    to, endless = StringIO(), list[object]()
    endless.append(endless)
    Lines(to).error(_told("defect", holds=endless))
    assert json.loads(to.getvalue()) == {"event": "defect", "level": "error", "unwritten": ["event", "holds"]}


def _told(event: str, **more: object) -> dict[str, object]:
    return {"event": event, **more}


@pytest.mark.parametrize("to_terminal", [True, False])
def test_the_row_that_the_database_refuses_is_not_written(capsys: pytest.CaptureFixture[str], to_terminal: bool):
    write_logs(to_terminal=to_terminal)
    refused = IntegrityError("duplicate key\nDETAIL:  Key (phone)=(+8613912345678) already exists.")
    structlog.get_logger().error("defect", reference="AB12", exc_info=refused)
    said = capsys.readouterr().err
    assert "duplicate key" in said
    assert "13912345678" not in said
