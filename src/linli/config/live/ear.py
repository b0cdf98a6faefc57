"""What PostgreSQL notifies. While it cannot be heard there are no streams, and pages look by the clock."""

from __future__ import annotations

import asyncio
import random

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from linli.config.database import database_url
from linli.config.live.hub import Hub
from linli.spine import hints

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
_WAYS: dict[str, str | int] = {
    "application_name": "linli-live",
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_log = structlog.get_logger()


async def listen(hub: Hub) -> None:
    """This will pass hints on until cancelled; a database that goes away is waited for."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            address = make_conninfo(database_url("web"), **_WAYS)
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as link:
                await link.execute(f"LISTEN {hints.CHANNEL}")
                hub.is_deaf, pause_s = False, FIRST_PAUSE_S
                async for told in link.notifies():
                    hub.ring(hints.received(told.payload))
        except psycopg.Error as error:
            _log.warning("live_cannot_hear", error=type(error).__name__)
        finally:
            hub.is_deaf = True
            hub.close_all()
        await asyncio.sleep(pause_s * random.uniform(0.75, 1.25))  # noqa: S311 - no secret
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
