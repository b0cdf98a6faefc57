"""The shapes that requests are made of. All of them refuse fields that they do not know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.kernel.money import Money

T = TypeVar("T")
MOST_LISTED = 50
"""One more is asked of the query, to see whether there is a next page; every query gives at least 51."""
MOST_MINOR = 100_000_000_00

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Sentence = Annotated[str, Meta(max_length=1000)]
Names = dict[Annotated[str, Meta(min_length=2, max_length=8)], Annotated[str, Meta(max_length=200)]]
"""A name by language: `{"zh": "...", "en": "..."}`."""
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Instant = Annotated[datetime, Meta(tz=True)]
"""RFC 3339 with its offset: `2026-03-02T10:00:00+08:00`."""
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is sent; subclasses list every field they know."""


class Query(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is asked after the question mark."""


class Amount(Body):
    """An amount that somebody sets (a price, a cost): a whole number of minor units, as it comes back out."""

    minor: Annotated[int, Meta(ge=0, le=MOST_MINOR)]

    @property
    def money(self) -> Money:
        return Money(self.minor)


class Paged(Query):
    """A page of a list: what follows the item `after`, and how many."""

    after: UUID | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_LISTED)] = 30


class Listed(msgspec.Struct, Generic[T], frozen=True):
    """One page. Ask the next one with `after=next`; null is the end."""

    items: tuple[T, ...]
    next: str | None = None


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], object]) -> Listed[T]:
    """This will make a page of `limit` rows out of one more than that, which only shows that there is more."""
    kept = tuple(rows[:limit])
    return Listed(kept, str(key(kept[-1])) if len(rows) > limit else None)
