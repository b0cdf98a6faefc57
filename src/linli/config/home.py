"""Where Linli keeps its data: LINLI_HOME, else `.linli/` in a checkout, else the platform's place for such things."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """This will name the data folder; it makes nothing."""
    if chosen := os.environ.get("LINLI_HOME"):
        return Path(chosen).absolute()
    if (PROJECT / "pyproject.toml").is_file() and (PROJECT / "src" / "linli").is_dir():
        return PROJECT / ".linli"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "linli"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "linli"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "linli"
