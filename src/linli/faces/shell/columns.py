"""Which columns of a list are put away, as the address says it: the list comes without them, and nothing jumps.

A page may hold several lists; those long enough to have a choice are counted as they are made.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

FEWEST_COLUMNS, FEWEST_ROWS = 5, 8
"""A smaller list needs no choice of columns."""
MOST_COLUMN = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """The word of the address under which a list keeps what is put away, and the numbers of those columns."""

    field: str
    away: str


@dataclass
class _Page:
    query: dict[str, str]
    made: int = 0
    fields: list[str] = field(default_factory=list)


_page: ContextVar[_Page | None] = ContextVar("columns_of_a_page", default=None)


def begin(query: dict[str, str]) -> None:
    """This will begin a page whose address says this."""
    _page.set(_Page(query))


def choice(columns: int, rows: int) -> Choice | None:
    """This will tell how the next list of the page is shown; None where there is nothing to choose."""
    if columns < FEWEST_COLUMNS or rows < FEWEST_ROWS:
        return None
    page = _page.get() or _Page({})
    word = f"without.{page.made}" if page.made else "without"
    page.made += 1
    numbers = {int(each) for each in page.query.get(word, "").split("-") if each.isdecimal() and len(each) <= 2}
    return Choice(word, " ".join(str(each) for each in sorted(numbers) if 1 < each <= min(columns, MOST_COLUMN)))
