"""Labels: what people call a thing by (`DP-260302-0004`); never its key.

They count up within a community and a day of its own. Whoever takes one holds that count until the transaction ends,
and gives it back when it is rolled back, so a day has no gaps.
"""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from linli.spine import sql

PREFIX = re.compile(r"[A-Z]{2,3}")


def next_label(prefix: str, *, place: UUID, day: date) -> str:
    """This will give the next label of a kind of thing at a place on a day."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"a label begins with two or three capitals, not {prefix!r}")
    ((last,),) = sql.fetch("SELECT spine_next_label(%s, %s, %s)", prefix, place, day)
    return f"{prefix}-{day:%y%m%d}-{last:04d}"


def next_labels(prefix: str, *, place: UUID, day: date, count: int) -> tuple[str, ...]:
    """This will give the next labels of many things of a kind, in one statement."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"a label begins with two or three capitals, not {prefix!r}")
    rows = sql.fetch("SELECT spine_next_label(%s, %s, %s) FROM generate_series(1, %s)", prefix, place, day, count)
    return tuple(f"{prefix}-{day:%y%m%d}-{last:04d}" for (last,) in rows)
