"""`linli psql`: PostgreSQL's own prompt on Linli's database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import click

from linli.config.database import Process, database_url, is_ours, own_cluster


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--as", "as_process", type=click.Choice(["read", "web", "worker", "owner"]), default="read", show_default=True,
    help="Whose rights to use.",
)  # fmt: skip
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(as_process: Process, arguments: tuple[str, ...]) -> None:
    """Open PostgreSQL's own prompt on the database, as a role of your choice. ARGUMENTS go to psql."""
    program = None
    if is_ours():
        beside = own_cluster().binaries.program("psql")
        program = str(beside) if beside.is_file() else None
    program = program or shutil.which("psql")
    if program is None:
        raise click.ClickException("No psql was found beside the server's binaries or on the PATH.")
    # The address goes by the environment, so that a password never shows in the list of processes.
    environment = os.environ | {"PGDATABASE": database_url(as_process)}
    sys.exit(subprocess.run([program, *arguments], env=environment, check=False).returncode)
