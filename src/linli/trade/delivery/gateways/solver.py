"""Solvers behind one protocol: in a child process with limits, and in this one for tests and small waves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import msgspec

from linli.trade.delivery.rules.waves import Plan, Problem, solve

CHILD = (sys.executable, "-m", "linli.trade.delivery.gateways.child")
MEMORY_MIB = 1_024
WALL_FACTOR = 6.0
WALL_EXTRA_S = 10.0
"""A busy machine gives a process a part of its time: so much longer than its CPU seconds may a solver take."""
MOST_ANSWER_BYTES = 8 * 2**20
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")
"""What a child is told of its surroundings: neither the database nor any secret."""


class Trouble(StrEnum):
    """Why there is no plan of the solver's."""

    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    UNREADABLE = "unreadable"
    REFUSED = "refused"  # the validator found faults in it


class SolverFailed(Exception):
    """The solver gave no plan; `trouble` says why and the words tell operators more."""

    def __init__(self, trouble: Trouble, words: str = "") -> None:
        super().__init__(f"{trouble}: {words}" if words else str(trouble))
        self.trouble = trouble


class Solver(Protocol):
    """Plans a wave within CPU seconds, or raises `SolverFailed`. What it answers is not to be trusted unexamined."""

    def solve(self, problem: Problem, *, cpu_s: float, seed: int, start: Plan | None = None) -> Plan: ...


class Task(msgspec.Struct):
    """What a child is asked, on its standard input."""

    problem: Problem
    cpu_s: float
    seed: int
    memory_mib: int
    start: Plan | None = None


class SameProcess:
    """Solves where it is called: for small waves and for tests. Nothing but its own budget limits it."""

    def solve(self, problem: Problem, *, cpu_s: float, seed: int, start: Plan | None = None) -> Plan:
        """This will plan a wave here and now."""
        return solve(problem, cpu_s=cpu_s, seed=seed, start=start)


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """Solves in a process of its own, whose CPU and memory the system caps and whose patience we do.

    A child outlives us by its CPU cap at most, should we be killed. It works at a lower priority than the house.
    """

    command: Sequence[str] = CHILD
    memory_mib: int = MEMORY_MIB
    wall_s: float | None = None
    environment: dict[str, str] = field(default_factory=lambda: _surroundings())

    def solve(self, problem: Problem, *, cpu_s: float, seed: int, start: Plan | None = None) -> Plan:
        """This will have a child plan a wave, and read its answer."""
        asked = msgspec.msgpack.encode(Task(problem, cpu_s, seed, self.memory_mib, start))
        answer = self._answered(asked, self.wall_s or cpu_s * WALL_FACTOR + WALL_EXTRA_S)
        if len(answer) > MOST_ANSWER_BYTES:
            raise SolverFailed(Trouble.UNREADABLE, f"{len(answer)} bytes")
        try:
            return msgspec.msgpack.decode(answer, type=Plan)
        except msgspec.MsgspecError as reason:
            raise SolverFailed(Trouble.UNREADABLE, str(reason)) from None

    def _answered(self, asked: bytes, wall_s: float) -> bytes:
        pipe = subprocess.PIPE
        with subprocess.Popen(  # noqa: S603 - our own Python on our own module
            list(self.command), stdin=pipe, stdout=pipe, stderr=pipe, env=self.environment, start_new_session=True
        ) as child:
            try:
                answer, words = child.communicate(asked, timeout=wall_s)
            except subprocess.TimeoutExpired:
                _end(child)
                raise SolverFailed(Trouble.TIMED_OUT, f"{wall_s:.0f} s") from None
            except BaseException:
                _end(child)
                raise
        if child.returncode == -signal.SIGXCPU:
            raise SolverFailed(Trouble.TIMED_OUT, "its CPU cap")
        if child.returncode != 0:
            raise SolverFailed(Trouble.CRASHED, f"status {child.returncode}: {words[-500:].decode(errors='replace')}")
        return answer


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nobody but itself is in its session, so the whole group may go."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.communicate()


def _surroundings() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    path = os.pathsep.join(filter(None, sys.path))  # the child finds what we find, however we were started
    return kept | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
