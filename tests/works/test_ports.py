"""A port that was given to one program is given to no other, though nobody listens on it yet."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from linli.works import ports

RANGE = range(18950, 19000)


def asked_elsewhere(*wanted: int) -> str:
    """What another process is given, or why it is given none."""
    ask = f"from linli.works.ports import *\ntry: print(free_port({list(wanted)}))\nexcept NoPort as no: print(no)"
    return subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()


def test_of_two_programs_that_ask_before_either_listens_only_one_gets_the_port():
    mine = ports.any_free_port(RANGE)
    other = next(port for port in RANGE if port != mine and ports.trouble_with(port) is None)
    assert asked_elsewhere(mine, other) != str(mine)
    assert asked_elsewhere(mine).startswith("No free port")


def test_a_program_may_come_back_to_the_port_that_it_asked_for():
    mine = ports.any_free_port(RANGE)
    ports.insist_free(mine)
    assert ports.free_port([mine]) == mine


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="ports are not shared here")
def test_a_server_that_would_share_its_port_still_has_it():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.bind((ports.ADDRESS, 0))
        server.listen()
        port = server.getsockname()[1]
        assert ports.trouble_with(port)
        with pytest.raises(ports.NoPort, match=f"Port {port} is in use"):
            ports.insist_free(port)


def test_who_asks_for_many_gives_the_first_ones_back():
    first, *_others = [ports.free_port([port]) for port in free_ones(ports.AT_ONCE + 1)]
    assert asked_elsewhere(first) == str(first)


def free_ones(many: int) -> list[int]:
    """Ports that nobody else has, so that the claims are all ours."""
    found = [port for port in range(19000, 19100) if ports.trouble_with(port) is None]
    return found[:many]
