#!/usr/bin/env python3
"""The one command a newcomer needs: `python3 run.py demo`.

It makes `.venv` from a hashed lock file (with uv where present, else venv and pip), then hands over to the house.
Standard library only, and nothing before the version check that an old Python could not read.
"""

import sys

OLDEST, TOO_NEW = (3, 11), (3, 15)
if not OLDEST <= sys.version_info[:2] < TOO_NEW:
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit(
        f"Linli needs Python 3.11 to 3.14 and this one is {found}. Try `python3.13 run.py` (or 3.12, 3.11); with uv:"
        " `uv run --no-project --python 3.13 run.py demo`."
    )

import ast
import hashlib
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PROJECT = Path(__file__).resolve().parent
WINDOWS = platform.system() == "Windows"
DEVELOPMENT = ("test", "check", "lock", "bench")  # these need the tools of requirements/dev.lock
OWN = {
    "test": "Run every test (arguments go to pytest).",
    "check": "Format, lint, types, contracts, laws and fast tests: before each commit (--no-tests: the first four).",
    "lock": "Resolve requirements/*.lock anew (needs uv).",
}
LOCK_COMMAND = [
    *("uv", "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet", "--upgrade"),
    *("--custom-compile-command", "python3 run.py lock"),
]
FAST = "not slow and not browser"
TWO_AT_ONCE = ["-n", "2", "--maxschedchunk", "4"]
"""A worker is given a few tests at a time: given a thousand, as by itself, one of the two has all the slow ones."""
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": ["-m", "ruff", "check", "--quiet", "."],
    "types": ["-m", "mypy"],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
    "laws": ["-m", "pytest", "tests/laws", "-m", FAST],
    "fast tests": ["-m", "pytest", *TWO_AT_ONCE, "-m", FAST, "--ignore=tests/laws"],
}
INSTALL_LIMIT_S = 1800
STILL_S = 15
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Stopped(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """This will make the environment ready and run what was asked for."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in OWN and command not in house_commands():
        print(f"There is no command `{command}`. `python3 run.py --help` lists them all.", file=sys.stderr)
        return 2
    try:
        python = Environment(PROJECT).ready("dev" if command in DEVELOPMENT else "run")
    except Stopped as reason:
        print(f"\n{reason}", file=sys.stderr)
        return 1
    if command == "lock":
        return lock_again()
    if command == "check":
        return check(python, without_tests="--no-tests" in rest)
    if command == "test":
        hint_browser()
        return hand_over([python, "-m", "pytest", *TWO_AT_ONCE, *rest])
    return hand_over([python, "-m", "linli", command, *rest])


# ---- what there is ----


def house_commands() -> dict[str, str]:
    """This will read the commands and their one-line help from the command table, without importing it."""
    tree = ast.parse((PROJECT / "src" / "linli" / "config" / "cli.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.target) == "COMMANDS"
        ):
            rows = zip(node.value.keys, node.value.values, strict=True)
            return {ast.literal_eval(k): ast.literal_eval(v.args[1]) for k, v in rows if k and isinstance(v, ast.Call)}
    return {}


def help_text() -> str:
    """This will describe every command, the first to try on top."""
    commands = house_commands()
    first = {name: commands.pop(name) for name in ("demo",) if name in commands}
    rows = {**first, "test": OWN["test"], "check": OWN["check"], **commands, "lock": OWN["lock"]}
    lines = [f"  {name:<10} {text}" for name, text in rows.items()]
    usage = "usage: python3 run.py COMMAND [ARGUMENTS]      `python3 run.py COMMAND --help` tells more"
    first_time = "The first time, packages are installed into .venv; nothing else on the machine is touched."
    return "\n".join(["Linli 邻里", "", usage, "", *lines, "", first_time])


def hint_browser() -> None:
    """This will say how to get a browser when the browser tests would be skipped for want of one."""
    if not os.environ.get("LINLI_CHROMIUM") and not any(map(shutil.which, CHROMIUMS)):
        print("Browser tests are skipped: install Chromium (Debian: apt install chromium fonts-wqy-zenhei), or set"
              " LINLI_CHROMIUM to its program.")  # fmt: skip


# ---- the environment ----


class Environment:
    """The checkout's `.venv`. Its stamp is written last, so a set-up that was interrupted is seen and continued."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / ".venv"
        self.stamp = self.folder / "linli-stamp"
        self.python = self.folder / ("Scripts/python.exe" if WINDOWS else "bin/python")

    def ready(self, kind: str) -> Path:
        """This will have every package of a lock file installed, and give the environment's Python."""
        if self.holds(kind):
            return self.python
        with one_at_a_time(self.project / ".venv.lock"):
            if not self.holds(kind):
                self.make(kind)
        return self.python

    def holds(self, kind: str) -> bool:
        """This will tell whether the environment was finished for this lock file (the dev one includes the run one)."""
        try:
            stamps = self.stamp.read_text().split()
        except OSError:
            return False
        return self.python.exists() and bool({self.mark(kind), self.mark("dev")} & set(stamps))

    def mark(self, kind: str) -> str:
        """This will name the state that the stamp stands for: the lock file and where the checkout is."""
        return hashlib.sha256(self.lock(kind).read_bytes() + str(self.project).encode()).hexdigest()

    def lock(self, kind: str) -> Path:
        """This will name a lock file."""
        return self.project / "requirements" / f"{kind}.lock"

    def make(self, kind: str) -> None:
        """This will make the environment, or continue one that was left half made."""
        self.stamp.unlink(missing_ok=True)
        uv = shutil.which("uv")
        if not self.works():
            if self.folder.exists():
                print("The environment in .venv is half made or broken; it is made anew.")
                shutil.rmtree(self.folder)
            self.create(uv)
        packages = len(re.findall(r"^\S+==", self.lock(kind).read_text(), re.MULTILINE))
        locked = ["--require-hashes", "-r", str(self.lock(kind))]
        checkout = ["--no-deps", "--no-build-isolation", "-e", str(self.project)]
        step(f"Installing {packages} packages", lambda: self.install(uv, locked))
        step("Installing Linli itself", lambda: self.install(uv, checkout))
        self.stamp.write_text(self.mark(kind))

    def works(self) -> bool:
        """This will tell whether there is a Python of a fitting version in the environment."""
        ask = [str(self.python), "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            answer = subprocess.run(ask, capture_output=True, text=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError):
            return False
        return OLDEST <= tuple(map(int, answer.stdout.split())) < TOO_NEW

    def create(self, uv: str | None) -> None:
        """This will make an empty environment."""
        if uv and quietly([uv, "venv", "--quiet", "--python", sys.executable, str(self.folder)])[0] == 0:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        code, output = step("Making .venv", lambda: quietly([sys.executable, "-m", "venv", str(self.folder)]))
        if code != 0:
            raise Stopped(f"Python could not make .venv (Debian: apt install python3-venv; or install uv):\n{output}")

    def install(self, uv: str | None, what: list[str]) -> None:
        """This will install packages with uv, or with pip where uv is absent or fails.

        Nothing is compiled here: Python compiles what it imports, a fifth of it, and somebody waits for the first page.
        """
        if uv:
            command = [uv, "pip", "install", "--quiet", "--python", str(self.python), *what]
            if quietly(command, SYSTEM_CERTS)[0] == 0:
                return
        if quietly([str(self.python), "-m", "pip", "--version"])[0] != 0:
            quietly([str(self.python), "-m", "ensurepip"])
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--no-input", "--no-compile"]
        pip += ["--disable-pip-version-check"]
        code, output = quietly([*pip, *what])
        if code != 0:
            raise Stopped(f"The packages could not be installed; run the same command again to continue.\n{output}")


SYSTEM_CERTS = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}  # trust what the machine trusts, as pip can


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """This will let one set-up run at a time; the system frees SQLite's lock when its holder dies."""
    link = sqlite3.connect(file, timeout=INSTALL_LIMIT_S, isolation_level=None)
    try:
        link.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        link.close()


# ---- running things ----


def step(name: str, work: Callable[[], T]) -> T:
    """This will do one step, show that it still goes on, and say how long it took when that was worth saying."""
    began, over = time.monotonic(), threading.Event()

    def show() -> None:
        while not over.wait(STILL_S):
            print(f"   still at it, {time.monotonic() - began:.0f} s", flush=True)

    print(f"{name} ...", flush=True)
    threading.Thread(target=show, daemon=True).start()
    try:
        return work()
    finally:
        over.set()
        took = time.monotonic() - began
        if took >= 2:
            print(f"   {took:.0f} s", flush=True)


def quietly(command: list[str], more: dict[str, str] | None = None) -> tuple[int, str]:
    """This will run a program and keep the end of its output, without the addresses of package servers."""
    environment = {**os.environ, **(more or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compile once, while installing
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", timeout=INSTALL_LIMIT_S, check=False,
    )  # fmt: skip
    return done.returncode, re.sub(r"\w+://\S+", "<address>", done.stdout)[-3000:].strip()


def hand_over(command: list[str | Path]) -> int:
    """This will become the program, so that every signal reaches it; Windows runs it as a child."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    if not WINDOWS:
        os.chdir(PROJECT)
        os.execv(words[0], words)
    return as_child(words)


def as_child(words: list[str]) -> int:
    """This will run a program, pass on an order to stop, and give its exit code."""
    child = subprocess.Popen(words, cwd=PROJECT)
    before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal has told the child too
                continue
    finally:
        signal.signal(signal.SIGTERM, before)


def check(python: Path, *, without_tests: bool = False) -> int:
    """This will run every check, even after one has failed, and name each with its seconds."""
    failed = []
    for name, words in CHECKS.items():
        if without_tests and "pytest" in words:
            continue
        began = time.monotonic()
        print(f"-- {name}", flush=True)
        if as_child([str(python), *words]) != 0:
            failed.append(name)
        print(f"   {name}: {'FAILED' if name in failed else 'good'}, {time.monotonic() - began:.1f} s", flush=True)
    print(f"Not good yet: {', '.join(failed)}." if failed else "All checks are good.")
    return 1 if failed else 0


def lock_again() -> int:
    """This will resolve both lock files anew, with the hashes of every package for every platform."""
    if not shutil.which("uv"):
        print("`lock` needs uv on the PATH.", file=sys.stderr)
        return 1
    groups = {"run": ["--group", "build"], "dev": ["--group", "build", "--group", "dev"]}
    for kind, group in groups.items():
        words = [*LOCK_COMMAND, *group, "-o", f"requirements/{kind}.lock"]
        if as_child(words) != 0:
            return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to continue.")
