"""Whether a running house is sound: what the doctor asks, of everything but the installation."""

from __future__ import annotations

from datetime import datetime

from harness.running_house import insist
from linli.spine.findings import Finding
from linli.works.doctor.examination import PARTS


def all_is_well(at: datetime) -> None:
    """This will ask the ledger and every module above it what is wrong, and want to hear nothing.

    What was told a moment ago may still be on its way: the worker is given the time to carry it.
    """
    insist(lambda: None if "outbox" in _wrong(at) else True)
    assert _wrong(at) == {}


def _wrong(at: datetime) -> dict[str, list[Finding]]:
    said = {part: [f for f in ask(at) if not f.ok] for part, ask in PARTS.items() if part != "installation"}
    return {part: findings for part, findings in said.items() if findings}
