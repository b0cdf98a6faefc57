"""`linli bench replenish`: what insight/ foretells, answered and scored on bundles of parquet files.

A bundle is a folder with `task.json`, which names its kind, and tables of purchases up to a day; the answer is one CSV
file. Each kind lives in a module of its own beside this one, with the same three doors: `answer`, `make` and `score`.
There is no database and no Django here: the rules that answer are the ones that the product runs.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import click

from linli.spine.beside import ONE_CORE

KINDS = {
    "fresh_demand": "linli.works.bench.fresh_demand",
    "next_basket": "linli.works.bench.next_basket",
    "next_purchase": "linli.works.bench.next_purchase",
}
OF_SHOPS = frozenset({"fresh_demand"})
"""Kinds whose bundles are made of shops, not of households."""
LIMIT_S = 900
FOLDER = click.Path(file_okay=False, path_type=Path)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a bundle asks: `learn` says whether the heavier learners may be used where they are installed."""

    kind: str
    as_of: str
    learn: bool = True


class Kind(Protocol):
    """The doors of the module of a kind."""

    def answer(self, task: Task, source: Path, out: Path) -> None:
        """This will read the bundle in `source` and write its answer into `out`."""

    def make(self, folder: Path, chosen: frozenset[int] | None, /) -> None:
        """This will make bundles `folder`/KIND-NAME, each with its `truth`, of the panel's households or shops."""

    def score(self, bundle: Path, out: Path) -> Mapping[str, float]:
        """This will compare an answer with the bundle's truth."""


@click.command(short_help="Foretell purchases and fresh demand, and score it.")
@click.option("--in", "source", type=FOLDER, help="A bundle to answer.")
@click.option("--out", type=FOLDER, help="Where its answer goes.")
@click.option("--make", "made", type=FOLDER, help="Make bundles with their truth from the published panel.")
@click.option("--score", "scored", type=FOLDER, help="Answer each bundle that was made, and score it.")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Make and score this kind only.")
@click.option(
    "--households", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Make from these only."
)
@click.option(
    "--shops", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="Make from these shops only."
)
@click.option("--pairs", type=click.IntRange(1_000, 5_000_000), help="Measure a night over so many generated pairs.")
@click.option("--without-learn", is_flag=True, help="Leave out what needs the extra `learn`.")
def replenish(
    source: Path | None,
    out: Path | None,
    made: Path | None,
    scored: Path | None,
    kind: str | None,
    households: Path | None,
    shops: Path | None,
    pairs: int | None,
    without_learn: bool,
) -> None:
    """Foretell what homes need next, and say how well: `--in DIR --out DIR`, or `--make DIR` and `--score DIR`."""
    if source and out:
        answer(source, out, learn=not without_learn)
    elif pairs:
        from linli.works.bench.replenish_pairs import measure

        click.echo(json.dumps(measure(pairs)))
    elif made:
        for name in [kind] if kind else KINDS:
            listed = shops if name in OF_SHOPS else households
            the_kind(name).make(made, _ids(listed) if listed else None)
    elif scored:
        for bundle in sorted(path.parent for path in scored.glob("*/task.json")):
            if kind is None or bundle.name.startswith(kind):
                click.echo(json.dumps({"bundle": bundle.name} | score(bundle, learn=not without_learn)))
    else:
        raise click.UsageError("Say --in and --out, or --make, or --score, or --pairs.")


def answer(source: Path, out: Path, *, learn: bool) -> None:
    """This will answer a bundle by its kind, on one core as beside the worker: threads of its algebra cost more."""
    os.environ.update(ONE_CORE)  # numpy reads it when it is loaded, which is first done below
    said = json.loads((source / "task.json").read_bytes())
    if said["kind"] not in KINDS:
        raise click.ClickException(f"There is no kind `{said['kind']}`: {', '.join(KINDS)}.")
    out.mkdir(parents=True, exist_ok=True)
    the_kind(said["kind"]).answer(Task(kind=said["kind"], as_of=str(said.get("as_of", "")), learn=learn), source, out)


def score(bundle: Path, *, learn: bool) -> dict[str, float]:
    """This will answer a bundle in a process of its own, and say how well, in how much time and memory."""
    out = bundle / "answer"
    command = [sys.executable, "-m", "linli", "bench", "replenish", "--in", str(bundle), "--out", str(out)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([*command, *([] if learn else ["--without-learn"])], check=True, timeout=LIMIT_S)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    name = json.loads((bundle / "task.json").read_bytes())["kind"]
    figures = dict(the_kind(name).score(bundle, out))
    return figures | {
        "cpu_s": round(cpu_s, 2),
        "wall_s": round(time.monotonic() - began, 2),
        "most_memory_mib": round(after.ru_maxrss / 1024),
    }


def the_kind(name: str) -> Kind:
    """This will load the module of a kind."""
    return cast(Kind, import_module(KINDS[name]))


def _ids(listed: Path) -> frozenset[int]:
    return frozenset(int(line) for line in listed.read_text().split() if line.isdigit())
