"""`python -m linli.trade.delivery.gateways.child`: one wave from standard input, its plan to standard output.

It limits itself before it imports any solver; what goes wrong in it ends it and nothing else.
"""

from __future__ import annotations

import math
import os
import resource
import sys

import msgspec

from linli.trade.delivery.gateways.solver import Task
from linli.trade.delivery.rules.waves import solve

NICER_BY = 10
CPU_EXTRA_S = 3
"""Seconds beside those of the search: for starting, reading, and writing the answer."""


def limit(cpu_s: float, memory_mib: int) -> None:
    """This will have the system end this process beyond its CPU seconds, and refuse it more memory."""
    seconds = math.ceil(cpu_s * 1.5) + CPU_EXTRA_S
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mib * 2**20, memory_mib * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICER_BY)


def main() -> None:
    """This will answer one task."""
    answer, sys.stdout = sys.stdout.buffer, sys.stderr  # what a solver prints is no part of the answer
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    limit(task.cpu_s, task.memory_mib)
    plan = solve(task.problem, cpu_s=task.cpu_s, seed=task.seed, start=task.start)
    answer.write(msgspec.msgpack.encode(plan))
    answer.flush()


if __name__ == "__main__":
    main()
