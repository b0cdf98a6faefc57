"""The way to the engine: a process of its own for each portion, with a time limit; it steps behind everybody else."""

from __future__ import annotations

import os
import subprocess
import sys

import msgspec

from linli.insight.replenish.rules.child import Ask, AskStudy, Study, Told
from linli.spine.decoding import decode

LIMIT_S = 300
_COMMAND = (sys.executable, "-m", "linli.insight.replenish.rules.child")


def foretell(ask: Ask) -> Told:
    """This will have a portion of states foretold."""
    return decode(_asked(msgspec.json.encode(ask)), Told)


def study(ask: AskStudy) -> Study:
    """This will have purchases studied."""
    return decode(_asked(msgspec.json.encode(ask)), Study)


def _asked(question: bytes) -> bytes:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own module, nothing of a request in the command
        _COMMAND, input=question, capture_output=True, timeout=LIMIT_S, check=True, env=environment
    )
    return done.stdout
