"""The front desk answers at once, names what there is, and loads only what is called."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from harness.databases import OwnDatabase
from linli.config.cli import COMMANDS, SECTIONS, linli
from linli.config.home import PROJECT
from linli.config.psql import without_password

HEAVY = ("django", "psycopg", "procrastinate", "linli.config.settings")


def test_every_row_of_the_table_leads_to_a_command_and_says_what_it_is_for() -> None:
    for name, row in COMMANDS.items():
        command = linli.get_command(linli.make_context("linli", ["--help"], resilient_parsing=True), name)
        assert command is not None, name
        assert row.section in SECTIONS, name
        assert row.help.endswith("."), name
        assert len(row.help) <= 100, name


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    script = (
        "import sys; from linli.config.cli import linli; linli(['--help'], standalone_mode=False);"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.rstrip().endswith("heavy: []")
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


def test_groups_say_in_a_whole_line_what_each_of_their_commands_is_for() -> None:
    top = linli.make_context("linli", ["--help"], resilient_parsing=True)
    groups = {name: linli.get_command(top, name) for name in COMMANDS}
    listed = {name: each for name, each in groups.items() if isinstance(each, click.Group)}
    assert "bench" in listed
    for name, group in listed.items():
        with click.Context(group, info_name=name, parent=top) as within:
            shown = group.get_help(within).partition("Commands:")[2]
            assert len(shown.strip().splitlines()) == len(group.list_commands(within)), f"{name}: a line each\n{shown}"
            assert "..." not in shown, f"{name}: cut short\n{shown}"


def test_an_unknown_command_is_named_and_help_is_offered() -> None:
    answer = CliRunner().invoke(linli, ["migrat"])
    assert answer.exit_code == 2
    assert "There is no command `migrat`" in answer.output
    assert "linli --help" in answer.output


def test_help_of_a_command_starts_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("the database was started")

    monkeypatch.setattr("linli.config.database.serving", refuse)
    answer = CliRunner().invoke(linli, ["migrate", "--help"])
    assert answer.exit_code == 0
    assert "Bring the database's tables up to date" in answer.output


@pytest.mark.slow
@pytest.mark.parametrize("words", [["serve"], ["ledger", "check"]])
def test_a_database_that_nobody_migrated_is_told_in_one_sentence(words: list[str], open_folder: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-m", "linli", *words],
        env=environment | {"LINLI_HOME": str(open_folder / "new"), "PYTHONPATH": str(PROJECT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "This database has no tables yet. Run `linli migrate` first."


def test_migrating_again_says_that_all_is_well(own_database: OwnDatabase) -> None:
    command = [sys.executable, "-m", "linli", "migrate"]
    done = subprocess.run(
        command, env=own_database.environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "No migrations to apply" in done.stdout
    assert "the roles have their rights" in done.stdout


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://web:p%40w@db:5433/town?sslmode=require",
            ("postgresql://web@db:5433/town?sslmode=require", "p@w"),
        ),
        ("postgresql://web@/town?host=%2Frun", ("postgresql://web@/town?host=%2Frun", "")),
        ("postgresql:///town", ("postgresql:///town", "")),
    ],
)
def test_the_password_stays_out_of_the_list_of_processes(url: str, expected: tuple[str, str]) -> None:
    assert without_password(url) == expected


def test_psql_opens_as_a_reader_unless_told_otherwise(own_database: OwnDatabase) -> None:
    def who(*options: str) -> str:
        command = [sys.executable, "-m", "linli", "psql", *options, "-Atc", "SELECT current_user"]
        environment = own_database.environment()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert who() == "linli_read"
    assert who("--as", "web") == "linli_web"


def test_a_demo_that_may_not_have_its_port_says_so_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = os.environ | {"PYTHONPATH": str(PROJECT / "src"), "LINLI_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "linli", "demo", "--port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert f"Port {port} is in use by another program" in done.stderr
    assert "PostgreSQL" not in done.stdout
