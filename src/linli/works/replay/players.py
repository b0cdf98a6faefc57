"""The processes of a replay: players who share the visits of a day, and whoever reads the panel."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import ParamSpec, TypeVar

import msgspec

from linli.works.replay.panel import Product

STOP_LIMIT_S = 15.0
P = ParamSpec("P")
T = TypeVar("T")


class Part(msgspec.Struct, frozen=True):
    """What a player is told at its start."""

    folder: str
    times: int
    nth: int
    of: int
    provider_url: str


class Failed(RuntimeError):
    """A player could not go on; the message is what it said."""


def play_days(part: Part, tied: Connection) -> None:
    """This will play its share of each day it is told, until `tied` is closed at its other end: a process's life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's, who lets go of us
    import django

    django.setup()
    from linli.works.clockwork.playing import Player
    from linli.works.replay.cast import Cast, is_played_by, stall_of, visits
    from linli.works.replay.panel import day_of

    folder, starter = Path(part.folder), multiprocessing.parent_process()
    cast = msgspec.msgpack.decode((folder / "cast.msgpack").read_bytes(), type=Cast)
    products = msgspec.json.decode((folder / "products.json").read_bytes(), type=list[Product])
    stalls = {product.number: stall_of(product.department) for product in products}
    player = Player(part.provider_url, cast.counter, alive=lambda: starter is None or starter.is_alive())
    try:
        while True:
            day: date = tied.recv()
            mine = (v for v in visits(day, day_of(folder, day), part.times) if is_played_by(v, part.nth, part.of))
            player.play((cast.outing(visit, stalls) for visit in mine), tied.send)
            tied.send("done")
    except (EOFError, OSError):
        return
    except Exception as error:
        tied.send(f"{type(error).__name__}: {error}")
        raise


class Company:
    """The players, each in a process of its own, started anew rather than forked: a connection is nobody's to share."""

    def __init__(self, folder: Path, times: int, of: int, provider_url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._lines: list[Connection] = []
        self._processes: list[BaseProcess] = []
        for nth in range(of):
            ours, theirs = context.Pipe()
            part = Part(str(folder), times, nth, of, provider_url)
            process = context.Process(target=play_days, args=(part, theirs), name=f"player-{nth}", daemon=True)
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def play(self, day: date, told: Callable[[int], None]) -> None:
        """This will have a day played by all of them, and come back when each is done."""
        for line in self._lines:
            line.send(day)
        waiting = list(self._lines)
        while waiting:
            ready = wait(waiting)
            for line in [each for each in waiting if each in ready]:
                said = _heard(line)
                if isinstance(said, int):
                    told(said)
                elif said == "done":
                    waiting.remove(line)
                else:
                    raise Failed(said)

    def stop(self) -> None:
        """This will let them go."""
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.join(STOP_LIMIT_S)
            process.kill()


def _heard(line: Connection) -> int | str:
    try:
        said: int | str = line.recv()
    except EOFError:
        return "a player ended without a word"
    return said


def apart(do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """This will have something done in a process of its own that ends with it and takes its memory along."""
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(do, *args, **kwargs).result()
