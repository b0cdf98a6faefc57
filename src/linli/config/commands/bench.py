"""`linli bench`: how fast is the house on this machine, and how good are its decisions?"""

from __future__ import annotations

from importlib import import_module

import click

BENCHES = (
    "orders",
    "actions",
    "shopper",
    "last-item",
    "shelf",
    "conditional",
    "memory",
    "start",
    "bills",
    "late-fees",
    "replenish-night",
    "replenish-notes",
    "workorders",
    "board",
)
# Benches that are commands of their own: of pure rules, or of a demo that runs; they need neither database nor Django.
PURE = {
    "pages": "linli.config.commands.pages_bench:pages",
    "dispatch": "linli.works.bench.dispatch.command:dispatch",
    "replenish": "linli.works.bench.replenish:replenish",
    "wave": "linli.works.bench.wave:wave",
}
_OF_THE_HOUSE = """Measured on a durable database of its own in the data folder's `bench`, made anew each time.

Needs Linux, where the kernel says what processes have used. Exit status 1 when a check does not hold; speeds are never
judged."""


class Benches(click.Group):
    """A group whose members stand in two tables, and are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return [*BENCHES, *PURE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in BENCHES:
            return _of_the_house(cmd_name)
        if cmd_name not in PURE:
            return None
        module, _, name = PURE[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.command(cls=Benches)
def bench() -> None:
    """Measure the house: ratios to the bare database in the same run, CPU milliseconds, and what must be true after."""


def _of_the_house(name: str) -> click.Command:
    @click.command(name, help=_OF_THE_HOUSE)
    @click.option("--seconds", type=click.FloatRange(0.2, 120), default=8, show_default=True, help="Of a measurement.")
    @click.option("--clients", type=click.IntRange(1, 64), default=8, show_default=True, help="Who ask at once.")
    @click.option(
        "--homes", type=click.IntRange(1, 2_000_000), default=100_000, show_default=True, help="Of `bills`, a night."
    )
    @click.option(
        "--lines", type=click.IntRange(5, 10_000_000), default=1_000_000, show_default=True, help="Of `late-fees`."
    )
    @click.option("--json", "as_json", is_flag=True, help="End with one line of JSON and nothing else.")
    def measure(seconds: float, clients: int, homes: int, lines: int, as_json: bool) -> None:
        from linli.config.commands.house_bench import measure as measured

        measured(name, seconds, clients, homes, lines, as_json)

    return measure
