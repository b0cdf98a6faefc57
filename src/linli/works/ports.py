"""Ports on this machine that a demo may listen on: below the range from which kernels hand out ports by themselves.

A server of pages lets others of the same user listen on its port too (SO_REUSEPORT), so that two of them would share
the callers without a word. Whoever asks here claims its port at once, long before it listens on it.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Sequence

ADDRESS = "127.0.0.1"
WEB_PORTS = range(8000, 8100)
PROVIDER_PORTS = range(18400, 18500)
EAR_PORTS = range(18500, 18600)

AT_ONCE = 8
_claims: dict[int, socket.socket] = {}
"""What this process claimed last: by the ninth, the first is listened on. The kernel takes all back when it ends."""


class NoPort(RuntimeError):
    """Every port that we would use is taken."""


def free_port(wanted: Iterable[int]) -> int:
    """This will claim the first of the ports that nobody listens on and no other process has claimed."""
    for port in wanted:
        if trouble_with(port) is None and _is_claimed(port):
            return port
    raise NoPort("No free port was found on this machine; name one with --port.")


def any_free_port(wanted: Sequence[int]) -> int:
    """This will claim one of the ports, seldom the one that another program looks at just now."""
    return free_port(random.sample(wanted, len(wanted)))


def insist_free(port: int) -> None:
    """This will refuse a port that was asked for by its number and that another program listens on."""
    try:
        free_port([port])
    except NoPort:
        raise NoPort(f"Port {port} is in use by another program; name another with --port, or none.") from None


def trouble_with(port: int, address: str = ADDRESS) -> OSError | None:
    """This will tell why nobody can begin to listen on the port: some program has it, even one that would share it."""
    family, kind, _protocol, _name, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # As servers do: a port whose last connections are still closing may be taken over.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as trouble:
            return trouble
        return None


def _is_claimed(port: int) -> bool:
    """This will take the UDP port of the same number: one process has it, and no server of ours wants it."""
    if port in _claims:
        return True
    claim = socket.socket(type=socket.SOCK_DGRAM)
    try:
        claim.bind((ADDRESS, port))
    except OSError:
        claim.close()
        return False
    _claims[port] = claim
    if len(_claims) > AT_ONCE:
        _claims.pop(next(iter(_claims))).close()
    return True
