"""Lighthouse from its npm package, fetched by npm into the data folder when somebody first asks; no test needs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linli.works.gallery.browsers import NO_CHROMIUM, find_chromium

VERSION = "12.8.2"
"""The newest that Node 18 and 20 can run; the next ones want Node 22."""
LEAST_NODE = 18
INSTALL_LIMIT_S, RUN_LIMIT_S = 600, 180
CATEGORIES = ("performance", "accessibility", "best-practices")
_NO_NODE = f"Lighthouse needs Node {LEAST_NODE} or newer with npm (Debian: nodejs npm); there is none here."


class NoLighthouse(RuntimeError):
    """Pages cannot be measured here; the message says what is missing."""


@dataclass(frozen=True)
class Measured:
    """What one run found: scores of 100, and the figures behind the first."""

    scores: dict[str, int]
    figures: dict[str, float]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Lighthouse:
    """An installed Lighthouse with the browser that it drives."""

    folder: Path
    chromium: str

    def measure(self, address: str, cookies: Mapping[str, str], *, tries: int = 3) -> Measured:
        """This will open a page as a phone on a slow network does, signed in by these cookies.

        On a busy machine Chromium now and then loses the beginning of its trace; then it is tried again.
        """
        for _nth in range(tries - 1):
            try:
                return self._measured(address, cookies)
            except NoLighthouse:
                continue
        return self._measured(address, cookies)

    def _measured(self, address: str, cookies: Mapping[str, str]) -> Measured:
        headers = self.folder / "headers.json"
        headers.touch(mode=0o600)
        headers.write_text(json.dumps({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}))
        command = [
            *("node", str(self.folder / "node_modules/lighthouse/cli/index.js"), address),
            *("--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}"),
            *(f"--extra-headers={headers}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"),
        ]
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                command,
                env=os.environ | {"CHROME_PATH": self.chromium},
                capture_output=True,
                text=True,
                timeout=RUN_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NoLighthouse(f"Lighthouse did not finish {address} in {RUN_LIMIT_S} s.") from None
        finally:
            headers.unlink()
        if done.returncode != 0:
            raise NoLighthouse(f"Lighthouse failed on {address}:\n{done.stderr[-800:]}")
        return read(json.loads(done.stdout))


FIGURES = {
    "largest-contentful-paint": "lcp_ms",
    "total-blocking-time": "tbt_ms",
    "cumulative-layout-shift": "cls",
    "total-byte-weight": "bytes",
}


def read(report: Mapping[str, Any]) -> Measured:
    """This will read what matters here out of Lighthouse's report."""
    audits = report["audits"]
    faults = [
        f"{each['id']} {each.get('displayValue', '')}".strip()
        for each in audits.values()
        if each["score"] is not None and each["score"] < 1 and each["scoreDisplayMode"] == "binary"
    ]
    return Measured(
        scores={word: round((report["categories"][word]["score"] or 0) * 100) for word in CATEGORIES},
        figures={name: round(audits[audit]["numericValue"], 3) for audit, name in FIGURES.items()},
        faults=tuple(faults),
    )


def installed(folder: Path, tell: Callable[[str], None]) -> Lighthouse:
    """This will give Lighthouse, fetched by the machine's own npm if it is not here yet."""
    chromium = find_chromium()
    if chromium is None:
        raise NoLighthouse(NO_CHROMIUM)
    if shutil.which("npm") is None or node_version() < LEAST_NODE:
        raise NoLighthouse(_NO_NODE)
    if not (folder / "node_modules/lighthouse/package.json").exists():
        tell(f"Fetching lighthouse {VERSION} with npm into {folder} ...")
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), f"lighthouse@{VERSION}"]
        done = subprocess.run(  # noqa: S603 - our own words
            command, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False
        )
        if done.returncode != 0:
            raise NoLighthouse(f"npm could not fetch lighthouse {VERSION}:\n{done.stderr[-800:]}")
    return Lighthouse(folder, chromium)


def node_version() -> int:
    """This will tell the first number of Node's version; 0 where there is no Node."""
    node = shutil.which("node")
    if node is None:
        return 0
    command = [node, "--version"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603
    first = said.strip().lstrip("v").partition(".")[0]
    return int(first) if first.isdigit() else 0
