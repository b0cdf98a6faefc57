"""`run.py` is a newcomer's first minute: it explains itself, continues what was interrupted, and shows no addresses."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from linli.config.cli import COMMANDS
from linli.config.home import PROJECT


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", PROJECT / "run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run = load()


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "run.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose packages install in no time, and a record of what was installed."""
    (tmp_path / "requirements").mkdir()
    for kind in ("run", "dev"):
        (tmp_path / "requirements" / f"{kind}.lock").write_text(f"{kind}==1 --hash=sha256:0\n")
    monkeypatch.setattr(run.shutil, "which", lambda _: None)  # as on a machine without uv
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(run.Environment, "install", lambda _self, _uv, what: done.append(what[-1]))
    return done


def test_help_lists_every_command_without_installing_anything() -> None:
    for arguments in ((), ("--help",), ("help",)):
        answer = call(*arguments)
        assert answer.returncode == 0
        for name in ("test", "check", *COMMANDS):
            assert re.search(rf"^  {name} ", answer.stdout, re.MULTILINE), name
        assert answer.stderr == ""


def test_an_unknown_command_is_refused_before_anything_is_installed() -> None:
    answer = call("demoo")
    assert answer.returncode == 2
    assert "There is no command `demoo`" in answer.stderr
    assert answer.stdout == ""


def test_the_command_table_is_read_as_it_is() -> None:
    assert run.house_commands() == {name: row.help for name, row in COMMANDS.items()}


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"Linli needs Python 3.11 to 3.14 and this one is 3.9.2"):
        load()


@pytest.mark.slow
def test_the_environment_is_made_once_and_the_developers_one_serves_for_both(
    checkout: Path, installed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    environment = run.Environment(checkout)
    python = environment.ready("run")
    assert subprocess.run([python, "-c", ""], check=True).returncode == 0
    assert installed == [str(checkout / "requirements" / "run.lock"), str(checkout)]
    environment.ready("run")
    assert len(installed) == 2
    environment.ready("dev")
    assert installed[2:] == [str(checkout / "requirements" / "dev.lock"), str(checkout)]
    environment.ready("run")
    assert len(installed) == 4
    (checkout / "requirements" / "dev.lock").write_text("dev==2 --hash=sha256:0\n")
    environment.ready("dev")
    assert len(installed) == 6


@pytest.mark.slow
def test_an_interrupted_set_up_is_continued_and_a_broken_one_made_anew(
    checkout: Path, installed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = run.Environment(checkout)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run.Environment, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.ready("run")
    assert not environment.holds("run")
    made_at = (environment.folder / "pyvenv.cfg").stat().st_mtime_ns
    environment.ready("run")
    assert environment.holds("run")
    assert (environment.folder / "pyvenv.cfg").stat().st_mtime_ns == made_at

    environment.stamp.unlink()
    environment.python.unlink()
    capsys.readouterr()
    environment.ready("run")
    assert "half made or broken" in capsys.readouterr().out
    assert environment.works()


def test_a_failed_installation_says_how_to_go_on_and_shows_no_address(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = run.quietly([sys.executable, "-c", "print('from https://user:pw@host/simple/x'); raise SystemExit(3)"])
    assert answer == (3, "from <address>")
    monkeypatch.setattr(run, "quietly", lambda *_: (1, "no network"))
    with pytest.raises(run.Stopped, match=r"run the same command again to continue.\nno network"):
        run.Environment(checkout).install(None, ["-r", "x"])


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_the_lock_files_carry_a_hash_for_every_package_and_no_address(kind: str) -> None:
    text = (PROJECT / "requirements" / f"{kind}.lock").read_text()
    packages = re.split(r"\n(?=\S)", text)[2:]
    assert len(packages) > 30
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.search(r"://|--index|--find-links", text) is None


def test_the_developers_lock_holds_the_same_versions_as_the_one_that_runs() -> None:
    pins = {
        kind: set(re.findall(r"^(\S+==\S+)", (PROJECT / "requirements" / f"{kind}.lock").read_text(), re.MULTILINE))
        for kind in ("run", "dev")
    }
    assert pins["run"] <= pins["dev"]
