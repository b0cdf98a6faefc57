"""A crowd: client processes that make ready, begin together, work until the time is over, and say what they did."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from queue import Empty
from typing import Any, Generic, TypeVar

READY_LIMIT_S = 120.0
END_LIMIT_S = 120.0
LOOK_EVERY_S = 0.5
T = TypeVar("T")
Start = Callable[[], float]
"""Waits until everybody is ready, and gives the instant (of the monotonic clock, which all share) to stop at."""


class CrowdFailed(RuntimeError):
    """A client broke; its words are in the message."""


@dataclass(frozen=True)
class Crowd(Generic[T]):
    """What each client said, and how long they worked."""

    said: tuple[T, ...]
    seconds: float


def gather(
    work: Callable[..., T],
    told: Sequence[tuple[Any, ...]],
    *,
    seconds: float,
    at_start: Callable[[], None] = lambda: None,
) -> Crowd[T]:
    """This will run `work(start, *told[n])` in a process each; `at_start` is called when all are ready to begin."""
    context = multiprocessing.get_context("spawn")
    go, answers = context.Event(), context.Queue()
    clients = [context.Process(target=_client, args=(work, go, seconds, answers, each), daemon=True) for each in told]
    for client in clients:
        client.start()
    try:
        _all_of(clients, answers, READY_LIMIT_S)
        at_start()
        began = time.monotonic()
        go.set()
        said = _all_of(clients, answers, seconds + END_LIMIT_S)
        took = time.monotonic() - began
    finally:
        for client in clients:
            client.join(1)
            client.kill()
    return Crowd(tuple(said), took)


def _client(
    work: Callable[..., object], go: Event, seconds: float, answers: Queue[tuple[bool, Any]], told: tuple[Any, ...]
) -> None:
    def start() -> float:
        answers.put((True, None))
        go.wait(READY_LIMIT_S)
        return time.monotonic() + seconds

    try:
        answers.put((True, work(start, *told)))
    except Exception:
        answers.put((False, traceback.format_exc()))


def _all_of(clients: Sequence[BaseProcess], answers: Queue[tuple[bool, Any]], limit_s: float) -> list[Any]:
    """One answer of each client, in any order; one that broke or died ends the waiting."""
    until, found = time.monotonic() + limit_s, list[Any]()
    while len(found) < len(clients):
        try:
            ok, said = answers.get(timeout=LOOK_EVERY_S)
        except Empty:
            if time.monotonic() > until or any(client.exitcode for client in clients):
                raise CrowdFailed("a client died or did not come to an end") from None
            continue
        if not ok:
            raise CrowdFailed(f"a client broke:\n{said}")
        found.append(said)
    return found
