"""`linli bench`: how fast is the house on this machine, and how good are its decisions?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench of the house: what it measures in one line, and the sizes that make a difference to it."""

    says: str
    takes: frozenset[str] = frozenset({"seconds", "clients"})


_HOMES, _LINES, _SECONDS, _CLIENTS = (frozenset({one}) for one in ("homes", "lines", "seconds", "clients"))

BENCHES: Mapping[str, Bench] = {
    "orders": Bench("Five goods ordered and paid, beside the bare rows."),
    "actions": Bench("The same by actions alone, no HTTP, beside a script."),
    "shopper": Bench("Ten calls from basket to paid order: CPU of each."),
    "last-item": Bench("A hundred pieces, many buyers: exactly a hundred are sold.", _CLIENTS),
    "shelf": Bench("Thirty listings with live stock, as page and as JSON."),
    "conditional": Bench("The shelf given again from memory, beside nginx."),
    "memory": Bench("What all processes keep in memory after they have sold."),
    "start": Bench("From the command to the first answer out of the database.", frozenset()),
    "bills": Bench("A month of five lines a home, beside COPY of its rows.", _HOMES),
    "late-fees": Bench("A night of late fees over all open lines, and the next.", _LINES),
    "replenish-night": Bench("A night of foretelling what homes need.", _HOMES),
    "next-baskets": Bench("A city's night of learning next baskets from its orders.", _HOMES),
    "replenish-notes": Bench("An order, until the states of its household know it."),
    "workorders": Bench("Raising a work order, beside pgbench's own transaction."),
    "board": Bench("The dispatcher's board with 500 tasks, looked at and used.", _SECONDS),
}
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
    """This will be the command of a bench, which takes the sizes of all, as scripts give them, and shows its own."""
    known = BENCHES[name]

    def size(word: str, kind: click.IntRange | click.FloatRange, default: float, says: str) -> click.Option:
        hidden = word not in known.takes
        return click.Option([f"--{word}"], type=kind, default=default, show_default=True, help=says, hidden=hidden)

    def measure(seconds: float, clients: int, homes: int, lines: int, as_json: bool) -> None:
        from linli.config.commands.house_bench import measure as measured

        measured(name, seconds, clients, homes, lines, as_json)

    return click.Command(
        name,
        callback=measure,
        short_help=known.says,
        help=f"{known.says}\n\n{_OF_THE_HOUSE}",
        params=[
            size("seconds", click.FloatRange(0.2, 120), 8, "How long each thing is measured."),
            size("clients", click.IntRange(1, 64), 8, "How many ask at once."),
            size("homes", click.IntRange(1, 2_000_000), 100_000, "How many homes there are."),
            size("lines", click.IntRange(5, 10_000_000), 1_000_000, "How many lines are open and late."),
            click.Option(["--json", "as_json"], is_flag=True, help="End with one line of JSON and nothing else."),
        ],
    )
