"""The parent of the house's processes: it reads the house once; web processes, worker and live are forked from it.

What they only read stands in memory once for all of them: another process costs a third of what it does alone. Where
processes cannot be forked (Windows, macOS) each reads the house for itself, and all else is the same.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

APPLICATION = "linli.config.wsgi"
AGAIN_S = 1.0
"""So long a worker that has ended stays away before it is begun again."""
STOP_LIMIT_S = 12.0
LOOK_S = 0.5


Life = Callable[[], None]
"""A whole process's life; a function that can be named, for where it is not forked."""


def serve(*, host: str, port: int, workers: int, worker: Life | None = None, live_port: int | None = None) -> None:
    """This will answer on the port from so many web processes until interrupted.

    Beside them it keeps `worker` going, and on a port of its own the live process.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)  # what Python begins with depends on its version
    lives = [worker] if worker is not None else []
    if live_port is not None:
        tell_pages(live_port)
        lives.append(partial(hold_streams, host=host, port=live_port, web_port=port))
    read_the_house()
    server = Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backlog=1024,
        log_access=False,
        respawn_failed_workers=True,
    )
    beside = [Beside(life) for life in lives]
    server.on_startup(partial(_each, beside, Beside.start))
    server.on_shutdown(partial(_each, beside, Beside.stop))
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def read_the_house() -> None:
    """This will import everything that answers and works, and have it stand still in memory.

    The collector writes into everything that it looks at, and a page that one process writes into is no longer shared:
    what has been read by then it leaves alone.
    """
    for name in (APPLICATION, "linli.config.worker", "linli.config.carrier", "linli.config.live"):
        import_module(name)
    gc.collect()
    gc.freeze()


def tell_pages(live_port: int) -> None:
    """This will have pages know where the live process is, if nobody said: behind a proxy it is a path of ours."""
    from django.conf import settings

    is_behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    settings.LIVE_AT = settings.LIVE_AT or ("/live/" if is_behind_proxy else f":{live_port}/live/")


def hold_streams(*, host: str, port: int, web_port: int) -> None:
    """This will be the life of a live process that is somebody's child."""
    import django

    django.setup()
    from linli.config import live

    live.run(host=host, port=port, web_port=web_port)


def work() -> None:
    """This will be the life of a worker that is somebody's child."""
    from linli.config.database import speak_as

    speak_as("worker")
    import django

    django.setup()
    from linli.config import worker

    asyncio.run(worker.work())


class Beside(threading.Thread):
    """Keeps one process beside the web processes: begins it again when it ends, and stops it with them."""

    def __init__(self, life: Life) -> None:
        super().__init__(name="beside", daemon=True)
        self._life = life
        self._stopping = threading.Event()
        self._process: multiprocessing.Process | None = None

    def run(self) -> None:
        """This will go on until told to stop."""
        while not self._stopping.is_set():
            self._process = multiprocessing.Process(target=_live, args=(self._life, os.getpid()), name="beside")
            self._process.start()
            self._process.join()
            self._stopping.wait(AGAIN_S)

    def stop(self) -> None:
        """This will have it finish what it has in hand, and kill it after the limit."""
        self._stopping.set()
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
            self.join(STOP_LIMIT_S)
            process.kill()


def _each(beside: Sequence[Beside], do: Callable[[Beside], None]) -> None:
    for one in beside:
        do(one)


def _live(life: Life, parent: int) -> None:
    """A child's life: an order to stop is its own, not its parent's."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    _end_with(parent)
    life()


def _application(parent: int) -> Any:
    """What a web process answers with."""
    _end_with(parent)
    return import_module(APPLICATION).application


def _end_with(parent: int) -> None:
    """No child outlives its parent, which may be killed: it would keep the port, and nobody would stop it."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, name="parent", daemon=True).start()
