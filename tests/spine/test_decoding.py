"""Typed JSON: read as its type by many threads at once, even when the type is met for the first time."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from linli.spine import decoding

SOURCE = Path(decoding.__file__).resolve().parents[1]
ASKED = re.compile(r"msgspec\.(json\.decode\([^\n]*type=|convert\()")
MANY_THREADS = """
import dataclasses, sys, threading
from linli.spine import decoding
sys.setswitchinterval(1e-6)
for n in range(200):
    inner = dataclasses.make_dataclass(f"Inner{n}", [("x", int), ("y", "int | None", None)])
    shape = dataclasses.make_dataclass(f"Shape{n}", [("inner", inner), ("z", bool)])
    ready = threading.Barrier(6)
    def read():
        ready.wait()
        assert decoding.decode(b'{"inner": {"x": 1}, "z": true}', shape).inner.x == 1
    threads = [threading.Thread(target=read) for _ in range(6)]
    [each.start() for each in threads]
    [each.join() for each in threads]
"""


@dataclass(frozen=True)
class Shape:
    count: int


def test_json_and_plain_values_get_their_type():
    assert decoding.decode(b'{"count": 3}', Shape) == Shape(3)
    assert decoding.convert({"count": "3"}, Shape, strict=False) == Shape(3)
    for wrong in ({"count": "3"}, {}):
        with pytest.raises(msgspec.ValidationError):
            decoding.convert(wrong, Shape)


def test_threads_that_meet_a_type_together_all_read_it():
    """In a process of its own: without the lock it crashes as a whole."""
    done = subprocess.run(
        [sys.executable, "-c", MANY_THREADS],
        env={"PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_house_never_lets_msgspec_meet_a_type_in_passing():
    strange = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        if path.name != "decoding.py" and "works" not in path.relative_to(SOURCE).parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if ASKED.search(line)
    ]
    assert strange == []
