"""The log is read by machines, and never gives away what somebody typed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog
from django.db import IntegrityError

from linli.config.logs import write_logs


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


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]):
    write_logs(to_terminal=False)
    structlog.get_logger().info("request", page="owner:home", status=200)
    said = json.loads(capsys.readouterr().err)
    assert (said["event"], said["page"], said["status"], said["level"]) == ("request", "owner:home", 200, "info")


@pytest.mark.parametrize("to_terminal", [True, False])
def test_the_row_that_the_database_refuses_is_not_written(capsys: pytest.CaptureFixture[str], to_terminal: bool):
    write_logs(to_terminal=to_terminal)
    refused = IntegrityError("duplicate key\nDETAIL:  Key (phone)=(+8613912345678) already exists.")
    structlog.get_logger().error("defect", reference="AB12", exc_info=refused)
    said = capsys.readouterr().err
    assert "duplicate key" in said
    assert "13912345678" not in said
