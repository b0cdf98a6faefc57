"""`linli bench wave`: plan a wave from a file within so many CPU seconds, score a plan, or make a wave."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

FINISHING_S = 0.08
"""CPU seconds kept for checking and writing the plan, and for leaving."""


@click.command(short_help="Plan a pooled wave, or score a plan of one.")
@click.option("--in", "wave", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The wave to plan.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the plan, or the wave.")
@click.option("--cpu-seconds", type=click.FloatRange(0.5, 3600), default=10.0, show_default=True, help="Of all of it.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Of all chance in it.")
@click.option(
    "--score",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="WAVE PLAN",
    help="Say instead what a plan is worth.",
)
@click.option(
    "--make",
    nargs=4,
    type=click.IntRange(0, 10_000),
    metavar="COMMUNITIES BUILDINGS ORDERS SEED",
    help="Make a wave instead: so many buildings and orders in each community.",
)
def wave(
    wave: Path | None,
    out: Path | None,
    cpu_seconds: float,
    seed: int,
    score: tuple[Path, Path] | None,
    make: tuple[int, int, int, int] | None,
) -> None:
    """Plan a pooled wave with the product's own engine; needs no database.

    The CPU seconds are those of the whole process, its start and every import included. Ends with one line of JSON;
    exit status 1 when the plan cannot be driven as it is.

    \b
    linli bench wave --make 10 15 60 1 --out wave.json
    linli bench wave --in wave.json --out plan.json --cpu-seconds 2
    linli bench wave --score wave.json plan.json
    """
    from linli.works.bench.wave_files import NotAWave

    try:
        if score:
            is_sound = _score(*score)
        elif make and out:
            is_sound = _make(make, out)
        elif wave and out:
            is_sound = _plan(wave, out, cpu_seconds, seed)
        else:
            raise click.UsageError("Say --in and --out, --make and --out, or --score.")
    except NotAWave as reason:
        raise click.ClickException(str(reason)) from None
    sys.exit(0 if is_sound else 1)


def _plan(wave: Path, out: Path, cpu_s: float, seed: int) -> bool:
    import msgspec

    from linli.trade.delivery.rules.waves import solve
    from linli.works.bench.wave_files import file_of, problem_of, read_wave, score

    asked = read_wave(wave)
    problem = problem_of(asked)
    plan = solve(problem, cpu_s=max(0.0, cpu_s - FINISHING_S - time.process_time()), seed=seed)
    written = file_of(plan)
    out.write_bytes(msgspec.json.encode(written))
    worth = score(asked, written)
    told = {"made_by": plan.made_by, "seed": seed, "iterations": plan.iterations, "cpu_s": time.process_time()}
    click.echo(msgspec.json.encode(msgspec.to_builtins(worth) | told))
    return worth.feasible


def _score(wave: Path, plan: Path) -> bool:
    import msgspec

    from linli.works.bench.wave_files import read_plan, read_wave, score

    worth = score(read_wave(wave), read_plan(plan))
    click.echo(msgspec.json.encode(worth))
    return worth.feasible


def _make(numbers: tuple[int, int, int, int], out: Path) -> bool:
    import msgspec

    from linli.works.bench.wave_town import make_wave

    made = make_wave(*numbers)
    out.write_bytes(msgspec.json.encode(made))
    click.echo(msgspec.json.encode({"name": made.name, "stops": len(made.xy) - 1, "orders": sum(made.demand)}))
    return True
