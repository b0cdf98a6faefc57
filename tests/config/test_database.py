"""Addresses become Django's settings, each process gets its role, and nothing secret is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.config import database
from linli.config.database import DatabaseUrlRefused, database_url, databases, from_url
from linli.config.home import home


def places(url: str) -> tuple[str, ...]:
    settings = from_url(url)
    return tuple(settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://web:pw@db.example:6432/town", ("web", "pw", "db.example", "6432", "town")),
        ("postgres://web@db.example/town", ("web", "", "db.example", "", "town")),
        ("postgresql://web:p%40%2F%3A@db/town", ("web", "p@/:", "db", "", "town")),
        ("postgresql://web@%2FVar%2FRun/town", ("web", "", "/Var/Run", "", "town")),
        ("postgresql://web@/town?host=%2Frun%2FS%20ock&port=5432", ("web", "", "/run/S ock", "5432", "town")),
        ("postgresql://web@[::1]:5433/town", ("web", "", "::1", "5433", "town")),
        ("postgresql:///?host=/run&dbname=town&user=web", ("web", "", "/run", "", "town")),
    ],
)
def test_an_address_is_read_as_libpq_reads_it(url: str, expected: tuple[str, ...]) -> None:
    assert places(url) == expected


def test_what_makes_statements_cheap_is_set_and_other_parameters_are_passed_on() -> None:
    settings = from_url("postgresql://web@db/town?sslmode=verify-full&connect_timeout=3")
    assert settings["ENGINE"] == "linli.spine.line"
    assert (settings["CONN_MAX_AGE"], settings["CONN_HEALTH_CHECKS"]) == (None, False)
    assert settings["OPTIONS"] == {
        "server_side_binding": True,
        "prepare_threshold": 1,
        "application_name": "linli-web",
        "connect_timeout": "3",
        "sslmode": "verify-full",
    }


def test_only_the_owner_gives_up_early_on_a_lock() -> None:
    assert from_url("postgresql://o@db/town", "owner")["OPTIONS"]["options"] == "-c lock_timeout=5000"
    assert "options" not in from_url("postgresql://w@db/town", "worker")["OPTIONS"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://web:secret@db/town",
        "postgresql://web:secret@db",
        "postgresql://web:secret@db/a/b",
        "postgresql://web:secret@db:port/town",
        "postgresql://web:secret@db/town?novalue",
    ],
)
def test_an_unusable_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlRefused) as refusal:
        from_url(url)
    assert "secret" not in str(refusal.value)


def test_each_process_connects_in_its_own_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/town")
    monkeypatch.setenv("LINLI_OWNER_DATABASE_URL", "postgresql://owner@db/town")
    monkeypatch.delenv("LINLI_WORKER_DATABASE_URL", raising=False)
    assert database_url("owner") == "postgresql://owner@db/town"
    assert database_url("worker") == "postgresql://web@db/town"
    monkeypatch.setenv("LINLI_PROCESS", "owner")
    assert databases()["default"]["USER"] == "owner"
    monkeypatch.setenv("LINLI_PROCESS", "landlord")
    with pytest.raises(DatabaseUrlRefused, match="landlord"):
        databases()


def test_without_an_address_our_own_cluster_is_described_and_not_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LINLI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINLI_PROCESS", "worker")
    settings = databases()["default"]
    assert (settings["USER"], settings["NAME"]) == ("linli_worker", "linli")
    assert database.own_cluster().asked_folder == home() / "postgres"
    assert not (tmp_path / "home").exists()


def test_an_address_that_nobody_could_read_is_refused_before_a_driver_is_asked(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(DatabaseUrlRefused, match="begins with postgresql://"):
        database_url("web")
