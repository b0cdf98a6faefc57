"""What one bench found, as one line of JSON for programs and as a table for people."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

Figure = float | int | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """`figures` carry their units in their names; `refused` counts refusals by their codes.

    `ratio` is None where there is nothing to divide by, and `note` says why.
    """

    name: str
    parameters: Mapping[str, Figure | str]
    figures: Mapping[str, Figure]
    limit: Mapping[str, Figure]
    ratio: float | None
    checks: Mapping[str, bool]
    refused: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    machine: Mapping[str, Figure | str] = field(default_factory=lambda: machine())

    @property
    def is_sound(self) -> bool:
        """Whether every check held; a speed without its checks is none."""
        return all(self.checks.values())

    def as_json(self) -> str:
        """This will give the report on one line."""
        return msgspec.json.encode(self).decode()


def machine() -> dict[str, Figure | str]:
    """This will tell what the figures were measured on, without naming the machine."""
    return {
        "system": platform.system(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "load_before_1min": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        about = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in about.splitlines() if line.startswith("model name"))
    return next(names, platform.machine())
