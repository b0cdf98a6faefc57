"""What processes have used, as the kernel counts it (Linux): CPU with ended children, and a fair share of memory."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 10.0


def family(pid: int) -> list[int]:
    """This will list a process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found, to_see = [], [pid]
    while to_see:
        one = to_see.pop()
        found.append(one)
        to_see += children[one]
    return found


def cpu_ms(pid: int) -> float:
    """This will tell the CPU time of a process and its family, of those that have ended too."""
    # utime, stime, and the same of children that ended and were waited for: whoever lives is counted by itself.
    stats = [fields for each in family(pid) if (fields := _stat(each))]
    return sum(int(ticks) for fields in stats for ticks in fields[11:15]) * _TICK_MS


def memory_mib(pid: int) -> list[float]:
    """This will tell the memory of a process and of each of its family; pages that several share are divided (PSS)."""
    return [_pss_kib(each) / 1024 for each in family(pid)]


class Meter:
    """The CPU of several families since it was made."""

    def __init__(self, families: Mapping[str, int]) -> None:
        self._families = dict(families)
        self._before = {name: cpu_ms(pid) for name, pid in self._families.items()}

    def used_ms(self) -> dict[str, float]:
        """This will tell what each family used since."""
        return {name: cpu_ms(pid) - self._before[name] for name, pid in self._families.items()}


def _stat(pid: int) -> list[str] | None:
    """The fields behind the name, which may hold anything: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
