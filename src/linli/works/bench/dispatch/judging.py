"""Plays and judges days one after the other, and says what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean

import msgspec

from linli.works.bench.dispatch import days
from linli.works.bench.dispatch.feeder import init_of, play
from linli.works.bench.dispatch.player import Player
from linli.works.bench.dispatch.scorer import Score, score

_MARK = "orders.txt"
_COLUMNS = {
    "undelivered_pct": "undelivered %",
    "click_to_door_min": "click-to-door",
    "click_to_door_p90_min": "p90",
    "ready_to_pickup_min": "ready-to-pickup",
    "floor_min": "floor",
    "cost_per_order": "cost/order",
    "orders_per_bundle": "orders/bundle",
    "step_p99_cpu_ms": "step p99 ms",
}


def judged(folders: Iterable[Path], *, believed: bool = False) -> Iterator[Score]:
    """This will play and judge every day found in these folders, in the sequence of their names."""
    for folder in folders:
        found = [folder] if (folder / _MARK).exists() else sorted(path.parent for path in folder.glob(f"*/{_MARK}"))
        if not found:
            raise days.NoDay(f"{folder} holds no day: there is no {_MARK} in it or one folder below")
        for place in found:
            day = days.read(place)
            yield score(day, play(day, Player(init_of(day)), believed=believed))


def mean(scores: Sequence[Score]) -> Score:
    """This will give the mean of each figure over the days, and the worst of the steps."""
    given = {
        name: fmean(getattr(one, name) for one in scores)
        for name in Score.__struct_fields__
        if name not in ("day", "faults")
    }
    whole = {name: sum(getattr(one, name) for one in scores) for name in ("orders", "delivered", "refused")}
    worst = {name: max(getattr(one, name) for one in scores) for name in ("step_p99_cpu_ms", "step_most_cpu_ms")}
    rounded = {name: round(value, 3) for name, value in given.items()} | whole | worst
    return Score(day=f"mean of {len(scores)}", faults=tuple(f for one in scores for f in one.faults), **rounded)


def as_line(score_: Score) -> str:
    """This will give a score on one line, for programs."""
    return msgspec.json.encode(score_).decode()


def as_table(scores: Sequence[Score]) -> str:
    """This will give the scores for people: a row a day, the mean last."""
    head = f"{'':<18}" + "".join(f"{title:>16}" for title in _COLUMNS.values())
    rows = [f"{one.day:<18}" + "".join(f"{getattr(one, name):>16}" for name in _COLUMNS) for one in scores]
    faults = [f"✗ {one.day}: {fault}" for one in scores[:-1] for fault in one.faults]
    return "\n".join([head, *rows, *faults, *([] if faults else ["✓ every rule was kept"])])
