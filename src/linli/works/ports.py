"""Ports on this machine that a demo may listen on: below the range from which kernels hand out ports by themselves."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Sequence

ADDRESS = "127.0.0.1"
WEB_PORTS = range(8000, 8100)
PROVIDER_PORTS = range(18400, 18500)
EAR_PORTS = range(18500, 18600)


class NoPort(RuntimeError):
    """Every port that we would use is taken."""


def free_port(wanted: Iterable[int]) -> int:
    """This will give the first of the ports that nobody listens on."""
    for port in wanted:
        with socket.socket() as probe:
            # As servers do: a port whose last connections are still closing may be taken over.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise NoPort("No free port was found on this machine; name one with --port.")


def any_free_port(wanted: Sequence[int]) -> int:
    """This will give one of the ports that nobody listens on, seldom the one that another program looks at just now."""
    return free_port(random.sample(wanted, len(wanted)))


def insist_free(port: int) -> None:
    """This will refuse a port that was asked for by its number and that another program listens on."""
    try:
        free_port([port])
    except NoPort:
        raise NoPort(f"Port {port} is in use by another program; name another with --port, or none.") from None
