"""A process of its own for heavy arithmetic: a question goes in, an answer comes out, and its memory goes with it.

It is given what Python needs to start and nothing else of our environment, least of all the secrets in it; it steps
behind everybody else, computes on one core, and has a time limit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

NEEDED = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_STEPS_BEHIND = 10


def environment() -> dict[str, str]:
    """This will give what of our environment such a process is given."""
    return {name: os.environ[name] for name in NEEDED if name in os.environ} | ONE_CORE


def ask(module: str, question: bytes, *, limit_s: float) -> bytes:
    """This will start a module of ours, put the question to it and wait for its answer."""
    done = subprocess.run(  # noqa: S603 - our own module, nothing of a request in the command
        (sys.executable, "-m", module),
        input=question,
        capture_output=True,
        timeout=limit_s,
        check=True,
        env=environment(),
    )
    return done.stdout


def reply(answer: Callable[[bytes], bytes]) -> None:
    """This will answer the one question on the standard input; what such a module does when it is started."""
    if hasattr(os, "nice"):
        os.nice(_STEPS_BEHIND)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
