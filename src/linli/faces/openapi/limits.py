"""How much one caller may ask: a token bucket per person (or address) in each web process.

Limits guard the house against a runaway client, not against many machines; so a bucket in memory, bounded in number,
costs a microsecond instead of a database write. With N processes a caller may ask up to N times as much.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from functools import cache

from django.conf import settings

from linli.kernel.refusals import Refusal

MOST_CALLERS = 20_000
READS_BURST_S, WRITES_BURST_S = 4, 6
"""A bucket holds what flows in within so many seconds."""


class TooManyRequests(Refusal):
    """The caller's bucket is empty."""

    says = "Too many requests. Please try again in {seconds} seconds."
    status = 429


class Buckets:
    """Buckets of one kind; the least recently used are forgotten beyond `MOST_CALLERS`."""

    def __init__(self, per_s: float, burst: float) -> None:
        self.per_s, self.burst = per_s, burst
        self._full: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, *, at: float) -> float:
        """This will take one token and give 0, or give the seconds until there is one."""
        with self._lock:
            left, then = self._full.pop(caller, (self.burst, at))
            left = min(self.burst, left + max(0.0, at - then) * self.per_s)
            wait = 0.0 if left >= 1 else (1 - left) / self.per_s
            self._full[caller] = (left - 1 if not wait else left, at)
            if len(self._full) > MOST_CALLERS:
                self._full.popitem(last=False)
            return wait


@cache
def buckets(*, reads: bool) -> Buckets:
    """This will make the buckets of reads or of changes, when the first call comes."""
    per_s = settings.API_READS_PER_S if reads else settings.API_WRITES_PER_S
    return Buckets(per_s, per_s * (READS_BURST_S if reads else WRITES_BURST_S))


def allow(caller: str, *, reads: bool) -> None:
    """This will let the caller through, or refuse with the seconds to wait."""
    wait = buckets(reads=reads).take(caller, at=time.monotonic())
    if wait:
        raise TooManyRequests(seconds=int(wait) + 1)
