"""The memory of shared answers: bounded in number and bytes, and not to be flushed by asking for nonsense.

An answer that was asked for once stands in one half, one that was asked for again in the other. Whoever asks for a
thousand addresses that nobody else wants fills the first half only; what people do want stays.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST = 500
MOST_BYTES = 12 * 1024 * 1024
LONGEST = 256 * 1024
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, until when it may be given, and its tag."""

    headers: list[tuple[str, str]]
    body: bytes
    tag: str
    until: float


class KeptAnswers:
    """Two halves, each of at most `MOST` answers and `MOST_BYTES`."""

    def __init__(self) -> None:
        self._asked_once, self._wanted = _Half(), _Half()
        self._lock = Lock()

    def get(self, key: Key, now: float) -> Kept | None:
        """This will give an answer whose time is not over."""
        with self._lock:
            kept = self._wanted.answers.get(key)
            if kept is None and (kept := self._asked_once.drop(key)) is not None:
                self._wanted.put(key, kept)
        return kept if kept is not None and now < kept.until else None

    def put(self, key: Key, kept: Kept) -> None:
        """This will keep an answer, unless it is a very long one."""
        if len(kept.body) > LONGEST:
            return
        with self._lock:
            half = self._wanted if key in self._wanted.answers else self._asked_once
            half.put(key, kept)

    def __len__(self) -> int:
        return len(self._asked_once.answers) + len(self._wanted.answers)


class _Half:
    def __init__(self) -> None:
        self.answers: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    def put(self, key: Key, kept: Kept) -> None:
        self.drop(key)
        self.answers[key] = kept
        self._bytes += len(kept.body)
        while len(self.answers) > MOST or self._bytes > MOST_BYTES:
            self.drop(next(iter(self.answers)))

    def drop(self, key: Key) -> Kept | None:
        kept = self.answers.pop(key, None)
        if kept is not None:
            self._bytes -= len(kept.body)
        return kept
