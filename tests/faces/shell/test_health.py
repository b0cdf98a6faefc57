"""Alive is about the process, ready is about the database."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from linli.faces.shell import health


def test_a_process_is_alive_without_its_database():
    assert Client().get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_it_is_ready_when_the_database_answers():
    assert Client().get("/readyz").status_code == 200


def test_it_is_not_ready_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch):
    def unreachable(statement: str) -> None:
        raise OperationalError

    monkeypatch.setattr(health.sql, "fetch", unreachable)
    assert Client().get("/readyz").status_code == 503
