"""Pieces: what a module has set up in a community, told so that another community may be set up alike.

A module that has such things opens three doors: `template_of` tells them, `take_over_template` makes or changes them
elsewhere and tells what it made, and `take_back_template` undoes that where nothing was built upon it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _

Name = Mapping[str, str]


class UsedSince(Refusal):
    """What was taken over is in use by now, so it is history."""

    says = _("“{name}” was used or changed since. It cannot be taken back any more.")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is set up in a community: `sort` and `key` are the same wherever it is the same thing, `content`
    (a frozen dataclass of its module) is all that may differ."""

    sort: str
    key: str
    name: Name
    content: Any

    @property
    def mark(self) -> tuple[str, str]:
        return self.sort, self.key


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a piece in the other community: its row, and what stood there before (None: nothing)."""

    sort: str
    key: str
    row: str
    before: Any = None


def plain(value: object) -> Any:
    """This will write a piece's content in words and figures only, always in the same way."""
    if is_dataclass(value) and not isinstance(value, (type, Money)):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in sorted(value.items())}
    if isinstance(value, (set, frozenset)):
        return [plain(one) for one in sorted(value)]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.normalize())
    return str(value) if isinstance(value, (Money, date)) else value


def differing(here: object, there: object) -> Iterable[tuple[str, Any, Any]]:
    """This will name what differs between two contents, part by part: `parameters.price`, and both values."""
    yield from _differing("", plain(here), plain(there))


def _differing(where: str, here: Any, there: Any) -> Iterable[tuple[str, Any, Any]]:
    if {type(here), type(there)} <= {dict, type(None)} and here != there:
        mine, others = here or {}, there or {}
        for name in dict.fromkeys([*mine, *others]):
            yield from _differing(f"{where}.{name}" if where else name, mine.get(name), others.get(name))
    elif here != there:
        yield where, here, there
