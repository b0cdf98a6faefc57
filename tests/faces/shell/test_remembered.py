"""What a process remembers for a few seconds: asked once, believed for a while, bounded, and a refusal is not kept."""

from __future__ import annotations

import pytest

from linli.faces.shell.remembered import Remembered


class Asked:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_an_answer_is_believed_until_its_time_is_over():
    now, ask = [0.0], Asked()
    remembered: Remembered[str, int] = Remembered(seconds=10, most=5, clock=lambda: now[0])
    assert [remembered.get("a", ask), remembered.get("a", ask), remembered.get("b", ask)] == [1, 1, 2]
    now[0] = 10.0
    assert remembered.get("a", ask) == 3


def test_beyond_the_limit_the_oldest_is_forgotten():
    ask = Asked()
    remembered: Remembered[int, int] = Remembered(seconds=10, most=2, clock=lambda: 0.0)
    assert [remembered.get(key, ask) for key in (1, 2, 3)] == [1, 2, 3]
    assert [remembered.get(key, ask) for key in (2, 3, 1)] == [2, 3, 4]


def test_a_refusal_is_not_kept():
    remembered: Remembered[int, int] = Remembered(seconds=10, most=2, clock=lambda: 0.0)

    def refuse() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        remembered.get(1, refuse)
    assert remembered.get(1, lambda: 7) == 7
