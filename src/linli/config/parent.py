"""The parent of the house's processes: it reads the house once, and web processes and worker are forked from it.

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
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

APPLICATION = "linli.config.wsgi"
AGAIN_S = 1.0
"""So long a worker that has ended stays away before it is begun again."""
STOP_LIMIT_S = 12.0
LOOK_S = 0.5


def serve(*, host: str, port: int, workers: int, worker: Callable[[], None] | None = None) -> None:
    """This will answer on the port from so many web processes until interrupted, and keep `worker` going beside them.

    `worker` is a whole process's life; a function that can be named, for where it is not forked.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)  # what Python begins with depends on its version
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
    if worker is not None:
        beside = Beside(worker)
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    server.serve(target_loader=partial(_application, os.getpid()), wrap_loader=False)


def read_the_house() -> None:
    """This will import everything that answers and works, and have it stand still in memory.

    The collector writes into everything that it looks at, and a page that one process writes into is no longer shared:
    what has been read by then it leaves alone.
    """
    for name in (APPLICATION, "linli.config.worker"):
        import_module(name)
    gc.collect()
    gc.freeze()


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

    def __init__(self, life: Callable[[], None]) -> None:
        super().__init__(name="beside", daemon=True)
        self._life = life
        self._stopping = threading.Event()
        self._process: multiprocessing.Process | None = None

    def run(self) -> None:
        """This will go on until told to stop."""
        while not self._stopping.is_set():
            self._process = multiprocessing.Process(target=_live, args=(self._life, os.getpid()), name="worker")
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


def _live(life: Callable[[], None], parent: int) -> None:
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
