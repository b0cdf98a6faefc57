"""The live process: holds a stream of server-sent events to each open page, and passes hints on (spine/hints).

It is one event loop with one connection to PostgreSQL on which it only listens; it knows no session and no row, and
says nothing but "ask again". Whatever happens to it, pages look by the clock until they hear of it again.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial

import structlog
from django.conf import settings

from linli.config.live.ear import listen
from linli.config.live.hub import Hub
from linli.config.live.visit import House, Visit

BACKLOG = 1024
AGAIN_S = 15.0
"""So long a port that is taken is left alone before it is tried again."""
_log = structlog.get_logger()


def run(*, host: str, port: int, web_port: int | None = None) -> None:
    """This will be the life of the live process: until it is told to stop."""
    asyncio.run(live(host=host, port=port, house=House.of(settings, web_port=web_port)))


async def live(*, host: str, port: int, house: House, hub: Hub | None = None) -> None:
    """This will answer on the port, and pass on what PostgreSQL notifies, until SIGINT or SIGTERM."""
    hub = hub or Hub(most=_most_files(), most_of_one=settings.LIVE_MOST_OF_ADDRESS)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    server = await _opened(partial(Visit, hub, house), host, port, stop)
    at_work = [asyncio.create_task(listen(hub)), asyncio.create_task(hub.beat_for_ever())]
    await stop.wait()
    if server is not None:
        server.close()
    for task in at_work:
        task.cancel()
    hub.close_all()
    await asyncio.gather(*at_work, return_exceptions=True)


async def _opened(made: partial[Visit], host: str, port: int, stop: asyncio.Event) -> asyncio.Server | None:
    while not stop.is_set():
        try:
            return await asyncio.get_running_loop().create_server(made, host, port, backlog=BACKLOG)
        except OSError as error:
            _log.warning("live_port_is_taken", port=port, error=error.strerror)
        await asyncio.wait([asyncio.create_task(stop.wait())], timeout=AGAIN_S)
    return None


def _most_files() -> int:
    """As many streams as the settings say, and as this process may hold open."""
    most: int = settings.LIVE_MOST
    if sys.platform == "win32":
        return most
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + 64
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return min(most, soft - 64)
    return most
