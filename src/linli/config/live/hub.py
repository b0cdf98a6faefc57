"""Who listens to what, and what they are told. Knows neither sockets nor PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

BEAT_S = 20.0
"""So often every stream carries something, so that neither proxies nor phones take it for dead."""
APART_MS = 4
SPREAD_MOST_MS = 5000
"""Pages that are rung together ask again spread over so long for each of them: they are not to come as one flood."""
BEAT = b":\n\n"


class Listener(Protocol):
    """A page that is open somewhere: `parts` are the topics of each of its parts."""

    parts: Sequence[Sequence[bytes]]
    address: str
    until: float

    def send(self, said: bytes) -> None: ...

    def close(self) -> None: ...


class Hub:
    """The switchboard. `is_deaf` while nobody tells it anything: a stream would only keep pages from looking."""

    def __init__(self, *, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._by_topic: dict[bytes, dict[Listener, int]] = defaultdict(dict)
        self._all: set[Listener] = set()
        self._of_address: Counter[str] = Counter()
        self.is_deaf = True

    def __len__(self) -> int:
        return len(self._all)

    def has_room_for(self, address: str) -> bool:
        """This will tell whether one more may listen from there."""
        return len(self._all) < self._most and self._of_address[address] < self._most_of_one

    def admit(self, listener: Listener) -> None:
        """This will have it hear of its topics from now on."""
        self._all.add(listener)
        self._of_address[listener.address] += 1
        for number, topics in enumerate(listener.parts):
            for topic in topics:
                heard = self._by_topic[topic]
                heard[listener] = heard.get(listener, 0) | 1 << number

    def leave(self, listener: Listener) -> None:
        """This will forget it; leaving twice is leaving."""
        if listener not in self._all:
            return
        self._all.remove(listener)
        self._of_address[listener.address] -= 1
        if not self._of_address[listener.address]:
            del self._of_address[listener.address]
        for topic in {topic for topics in listener.parts for topic in topics}:
            heard = self._by_topic[topic]
            heard.pop(listener, None)
            if not heard:
                del self._by_topic[topic]

    def ring(self, topics: Iterable[bytes]) -> int:
        """This will tell everybody who listens which of their parts to ask for again, and give how many that were."""
        rung: dict[Listener, int] = {}
        for topic in topics:
            for listener, parts in self._by_topic.get(topic, {}).items():
                rung[listener] = rung.get(listener, 0) | parts
        spread = min(len(rung) * APART_MS, SPREAD_MOST_MS)
        for listener, parts in rung.items():
            listener.send(b"data: %d %d\n\n" % (parts, spread))
        return len(rung)

    def beat(self, *, now_s: float) -> None:
        """This will let every stream carry a beat, and end those whose tokens hold no longer."""
        for listener in tuple(self._all):
            if listener.until <= now_s:
                listener.close()
            else:
                listener.send(BEAT)

    async def beat_for_ever(self) -> None:
        """This will beat until cancelled."""
        while True:
            await asyncio.sleep(BEAT_S)
            self.beat(now_s=time.time())

    def close_all(self) -> None:
        """This will end every stream: those who listened look by themselves, and come back."""
        for listener in tuple(self._all):
            listener.close()
