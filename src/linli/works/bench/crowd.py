"""A crowd: client processes that make ready, begin together, work until the time is over, and say what they did."""

from __future__ import annotations

import multiprocessing
import pickle
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
    in_house: bool = False,
) -> Crowd[T]:
    """This will run `work(start, *told[n])` in a process each, with Django set up for those who call actions."""
    context = multiprocessing.get_context("spawn")
    go, answers = context.Event(), context.Queue()
    # Packed, because what is unpacked imports its modules, and those of the house need Django to be set up.
    packed = [pickle.dumps((work, each)) for each in told]
    clients = [
        context.Process(target=_client, args=(in_house, go, seconds, answers, each), daemon=True) for each in packed
    ]
    for client in clients:
        client.start()
    try:
        _all_of(clients, answers, READY_LIMIT_S)
        began = time.monotonic()
        go.set()
        said = _all_of(clients, answers, seconds + END_LIMIT_S)
        took = time.monotonic() - began
    finally:
        for client in clients:
            client.join(1)
            client.kill()
    return Crowd(tuple(said), took)


def _client(in_house: bool, go: Event, seconds: float, answers: Queue[tuple[bool, Any]], packed: bytes) -> None:
    def start() -> float:
        answers.put((True, None))
        go.wait(READY_LIMIT_S)
        return time.monotonic() + seconds

    try:
        if in_house:
            import django

            django.setup()
        work, told = pickle.loads(packed)  # noqa: S301 - packed by our own starter
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
