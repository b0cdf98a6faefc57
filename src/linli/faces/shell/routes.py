"""What an address leads to: a walk along its words, instead of trying one pattern after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from django.urls.converters import get_converters

T = TypeVar("T")


class _Part(NamedTuple):
    """A part of an address by its name, with how its text looks and becomes a value: Django's own converters."""

    name: str
    looks: re.Pattern[str]
    to_python: Callable[[str], Any]


@dataclass
class _Word(Generic[T]):
    """What stands behind a beginning of an address."""

    ends: T | None = None
    fixed: dict[str, _Word[T]] = field(default_factory=dict)
    parts: list[tuple[_Part, _Word[T]]] = field(default_factory=list)
    """Looked at after the fixed words."""


class Routes(Generic[T]):
    """Addresses with parts written as Django writes them: `orders/<uuid:order>/receipts`."""

    def __init__(self) -> None:
        self._root: _Word[T] = _Word()

    def add(self, address: str, end: T) -> None:
        """This will have an address lead somewhere."""
        at = self._root
        for word in address.split("/"):
            if not word.startswith("<"):
                at = at.fixed.setdefault(word, _Word())
                continue
            kind, _, name = word[1:-1].partition(":")
            converter = get_converters()[kind]
            part = _Part(name, re.compile(converter.regex), converter.to_python)
            known = next((behind for other, behind in at.parts if other == part), None)
            if known is None:
                known = _Word()
                at.parts.append((part, known))
            at = known
        at.ends = end

    def find(self, address: str) -> tuple[T, dict[str, Any]] | None:
        """This will tell where an address leads, with its parts converted; None where nothing is."""
        return _follow(self._root, address.split("/"), 0)

    def ends(self) -> Iterator[T]:
        """This will give everything that some address leads to."""
        yield from _ends(self._root)


def _ends(at: _Word[T]) -> Iterator[T]:
    if at.ends is not None:
        yield at.ends
    for behind in (*at.fixed.values(), *(word for _, word in at.parts)):
        yield from _ends(behind)


def _follow(at: _Word[T], words: list[str], nth: int) -> tuple[T, dict[str, Any]] | None:
    if nth == len(words):
        return None if at.ends is None else (at.ends, {})
    word = words[nth]
    if (behind := at.fixed.get(word)) is not None and (found := _follow(behind, words, nth + 1)) is not None:
        return found
    for part, behind in at.parts:
        if part.looks.fullmatch(word) and (found := _follow(behind, words, nth + 1)) is not None:
            try:
                return found[0], {part.name: part.to_python(word), **found[1]}
            except ValueError:
                return None
    return None
