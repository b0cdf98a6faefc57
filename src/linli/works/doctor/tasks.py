"""What the doctor does by the clock: once a day everything, and at once whatever an operator asks for."""

from __future__ import annotations

from datetime import datetime

from linli.spine import findings
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM
from linli.works.doctor.examination import PARTS, examine


@timed("* * * * * */10")
def examine_asked(*, at: datetime) -> int:
    """This will examine the parts that somebody asked about, and keep each answer as it comes."""
    asked = findings.asked_parts(SYSTEM)
    for each in examine(at=at, only=asked) if asked else ():
        findings.keep(SYSTEM, part=each.part, found=each.findings, at=at)
    return len(asked)


@timed("40 4 * * *")
def ask_daily(*, at: datetime) -> int:
    """This will ask about every part, in the quiet of the night."""
    findings.ask(SYSTEM, parts=tuple(PARTS), at=at)
    return len(PARTS)
