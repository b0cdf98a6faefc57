"""`linli`: the house's front desk. Help answers at once, because a command's code is loaded only when it is called."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any

import click

LOOK = "Look around first"
RUN = "Run the house"
CARE = "Look after it"
SECTIONS = (LOOK, RUN, CARE)


@dataclass(frozen=True)
class Row:
    """One command: where its click command lives, what it is for, and whether it needs the database running.

    `tables`: it works on tables that `linli migrate` has made, and says so where it has not.
    """

    code: str
    help: str
    section: str
    database: bool = True
    tables: bool = False


# To add a command, add a row; its module is not imported until it is called.
COMMANDS: dict[str, Row] = {
    "demo": Row("linli.config.commands.demo:demo", "Walk about in a made-up town, on this machine only.", LOOK, False),
    "replay": Row(
        "linli.config.commands.replay:replay",
        "Play a week of published household baskets through the house.",
        LOOK,
        False,
    ),
    "plan": Row("linli.config.commands.plan:plan", "What if: delivery to new communities, and shifts.", LOOK, False),
    "gallery": Row(
        "linli.config.commands.gallery:gallery", "Take pictures of the main pages of every face.", LOOK, False
    ),
    "serve": Row(
        "linli.config.commands.serve:serve", "Answer real people (refuses anything of the demo).", RUN, tables=True
    ),
    "worker": Row(
        "linli.config.commands.worker:worker", "Carry out reactions and timed tasks beside serve.", RUN, tables=True
    ),
    "operators": Row(
        "linli.config.commands.operators:operators", "Appoint the first people who run the platform.", CARE, tables=True
    ),
    "import": Row("linli.config.commands.import_places:import_sheet", "Take in a sheet of places.", CARE, tables=True),
    "ledger": Row(
        "linli.config.commands.ledger:ledger", "Check the books, print a trial balance, rebuild.", CARE, tables=True
    ),
    "bench": Row("linli.config.commands.bench:bench", "Measure the house against the bare database.", CARE, False),
    "doctor": Row(
        "linli.config.commands.doctor:doctor", "Check every invariant of money and the installation.", CARE, tables=True
    ),
    "migrate": Row(
        "linli.config.migrate:migrate", "Bring the tables up to date and grant the roles their rights.", CARE
    ),
    "backup": Row("linli.config.commands.backup:backup", "Write the database and the files into a new folder.", CARE),
    "restore": Row("linli.config.commands.backup:restore", "Bring a backup back into an empty database.", CARE),
    "psql": Row(
        "linli.config.psql:psql", "Open PostgreSQL's own prompt on the database, as a role of your choice.", CARE
    ),
}


class FrontDesk(click.Group):
    """A group that lists commands from the table and loads the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        module, _, name = row.code.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return beside_database(command, tables=row.tables) if row.database else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command `{args[0]}`. `linli --help` lists them all.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for section in SECTIONS:
            rows = [(name, row.help) for name, row in COMMANDS.items() if row.section == section]
            if rows:
                with formatter.section(section):
                    formatter.write_dl(rows)


def beside_database(command: click.Command, *, tables: bool = False) -> click.Command:
    """This will have a command, or each command of a group, run while the database does."""
    command = copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: beside_database(each, tables=tables) for name, each in command.commands.items()}
    elif command.callback:
        command.callback = with_database(command.callback, tables=tables)
    return command


def with_database(callback: Callable[..., Any], *, tables: bool) -> Callable[..., Any]:
    """This will keep our own server running while a command runs; its options have been read by then."""

    @wraps(callback)
    def run(*args: Any, **options: Any) -> Any:
        from linli.config.database import serving

        # An order to stop must leave the block, or the server would stay behind. A command may take the signal over.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with serving():
            if tables:
                from linli.config.migrate import insist_on_tables

                insist_on_tables()
            return callback(*args, **options)

    return run


@click.group(cls=FrontDesk, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli", prog_name="Linli")
@click.pass_context
def linli(ctx: click.Context) -> None:
    """Linli 邻里: one home for residents, merchants, the property company and the platform of a community.

    Without DATABASE_URL, Linli runs a PostgreSQL of its own in the data folder (LINLI_HOME, or .linli beside the
    project) and stops it when the last command ends.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """This will run the command line, and turn what a person can mend into one plain sentence."""
    try:
        linli()
    except Exception as refusal:  # which of them is asked below: nobody waits for a driver when all went well
        if not isinstance(refusal, mendable()):
            raise
        click.echo(str(refusal), err=True)
        sys.exit(1)


def mendable() -> tuple[type[Exception], ...]:
    """This will name what a person can mend; the names alone bring the database's driver with them."""
    from linli.config.database import DatabaseUrlRefused, NoTables
    from linli.config.postgres import ClusterRefused, NoBinaries

    return ClusterRefused, NoBinaries, DatabaseUrlRefused, NoTables
