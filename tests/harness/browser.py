"""The browser that browser tests drive: the machine's Chromium, never one that is downloaded."""

from __future__ import annotations

import os
import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = "no Chromium: install it (Debian: chromium fonts-wqy-zenhei) or set LINLI_CHROMIUM to its program"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """This will name the Chromium to use: LINLI_CHROMIUM, or the first one on the PATH."""
    return os.environ.get("LINLI_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
