"""The runbook is followed command by command: what it promises about a backup is tried on a real one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
FOLDER = "backups/2026-11-22"

pytestmark = pytest.mark.slow


def steps(heading: str) -> list[list[str]]:
    """The commands under a heading of the runbook."""
    text = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return [shlex.split(line) for line in block[1].splitlines() if line.strip()]


def settings_named(heading: str) -> list[str]:
    """The names of the environment that a heading of the runbook asks for, in their order."""
    text = (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8")
    block = re.search(r"```env\n(.*?)```", text.split(f"## {heading}\n", 1)[1], re.DOTALL)
    assert block is not None
    return [line.partition("=")[0] for line in block[1].splitlines()]


def environment() -> dict[str, str]:
    """What a command finds that nobody told anything about this house."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DATABASE_URL"))}
    return env | {"PYTHONPATH": str(PROJECT / "src"), "DJANGO_SETTINGS_MODULE": "linli.config.settings"}


@pytest.fixture
def linli(open_folder: Path) -> Run:
    """Runs `linli ...` on a home of its own inside the test's folder."""

    def run(home: str, *command: str) -> subprocess.CompletedProcess[str]:
        env = environment() | {"LINLI_HOME": str(open_folder / home), "LINLI_SECRET_KEY": "s" * 50}
        return subprocess.run(
            [sys.executable, "-m", *command], cwd=open_folder, env=env, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip

    return run


def followed(linli: Run, home: str, commands: list[list[str]]) -> list[str]:
    said = []
    for command in commands:
        done = linli(home, *command)
        said.append(done.stdout + done.stderr)
        if command[1] != "doctor":
            assert done.returncode == 0, said[-1]
    return said


def test_a_backup_comes_back_whole_into_an_empty_home(linli: Run, open_folder: Path):
    assert linli("old", "linli", "migrate", "--quiet").returncode == 0
    stored = open_folder / "old" / "files" / "ab" / "abc"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"a licence")
    marked = linli(
        "old", "linli", "psql", "--as", "web", "-c", "INSERT INTO spine_installation VALUES (1, 'production')"
    )
    assert marked.returncode == 0, marked.stderr

    followed(linli, "old", steps("Back up"))
    said = followed(linli, "new", steps("Restore"))

    assert (open_folder / "new" / "files" / "ab" / "abc").read_bytes() == b"a licence"
    wrong = [line.strip() for line in said[-1].splitlines() if line.strip().startswith("✗")]
    assert wrong == ["✗ A worker runs"]


def test_a_restore_refuses_a_full_database_and_a_changed_dump(linli: Run, open_folder: Path):
    assert linli("old", "linli", "migrate", "--quiet").returncode == 0
    followed(linli, "old", steps("Back up"))
    full = linli("old", "linli", "restore", FOLDER)
    assert (full.returncode, "not empty" in full.stderr) == (1, True)
    with (open_folder / FOLDER / "database.dump").open("ab") as dump:
        dump.write(b"x")
    changed = linli("new", "linli", "restore", FOLDER)
    assert (changed.returncode, "not as it was written" in changed.stderr) == (1, True)
    again = linli("old", "linli", "backup", FOLDER)
    assert (again.returncode, "exists already" in again.stderr) == (1, True)
