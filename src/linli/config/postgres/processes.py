"""Which processes live. A zombie does not, though a container may keep one for long and PostgreSQL believes in it."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

SYSTEM = platform.system()


def birth_of(pid: int) -> str | None:
    """This will tell when a living process began, or None when it is dead, a zombie or unknown.

    The moment of birth tells a process from a later one that was given the same number.
    """
    if SYSTEM == "Linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return None
        return None if fields[0] in "ZX" else fields[19]
    if SYSTEM == "Windows":
        listed = _ask("tasklist", "/NH", "/FI", f"PID eq {pid}")
        return "alive" if str(pid) in listed.split() else None
    stat, _, began = _ask("ps", "-o", "stat=,lstart=", "-p", str(pid)).strip().partition(" ")
    return began.strip() if stat and not stat.startswith("Z") else None


def is_postgres_of(pid: int, data: Path) -> bool:
    """This will tell whether a living process is a server or backend that works in this data folder."""
    if birth_of(pid) is None:
        return False
    if SYSTEM == "Linux":
        try:
            return os.path.samefile(f"/proc/{pid}/cwd", data)
        except OSError:
            return False
    if SYSTEM == "Windows":
        return "postgres" in _ask("tasklist", "/NH", "/FI", f"PID eq {pid}")
    return "postgres" in _ask("ps", "-o", "command=", "-p", str(pid))


def anyone_in(data: Path) -> bool:
    """This will tell whether orphans of a killed server still work in the data folder (known on Linux only)."""
    if SYSTEM != "Linux":
        return False
    return any(is_postgres_of(int(entry.name), data) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _ask(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
