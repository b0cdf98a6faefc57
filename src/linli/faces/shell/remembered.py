"""Small public things that seldom change, remembered by a web process for a few seconds: a community's card, a name.

What depends on the reader, on money or on stock is never remembered here.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_all: list[Remembered[Any, Any]] = []


class Remembered(Generic[K, V]):
    """Answers by key, each believed for `seconds`; beyond `most` the oldest is forgotten. A refusal is not kept."""

    def __init__(self, *, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._known: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = Lock()
        _all.append(self)

    def get(self, key: K, ask: Callable[[], V]) -> V:
        """This will give what is remembered of `key`, or ask."""
        now = self._clock()
        known = self._known.get(key)
        if known is not None and now - known[0] < self._seconds:
            return known[1]
        value = ask()
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (now, value)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return value

    def forget(self) -> None:
        """This will have everything asked anew."""
        with self._lock:
            self._known.clear()


class Same:
    """A thing as part of a key, the same only as itself; while the key is kept, so is the thing."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.thing is self.thing


def forget_all() -> None:
    """This will have the whole process ask anew; tests do so, whose database forgets as well."""
    for each in _all:
        each.forget()
