"""`linli psql`: PostgreSQL's own prompt on Linli's database."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from urllib.parse import unquote, urlsplit

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
    # The password goes by the environment, so that it never shows in the list of processes.
    address, password = without_password(database_url(as_process))
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is psql's: it ends a query, not the prompt
    sys.exit(subprocess.run([program, address, *arguments], env=environment, check=False).returncode)


def without_password(url: str) -> tuple[str, str]:
    """This will take the password out of an address and give both."""
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    bare = url.replace(f"//{parts.netloc}", f"//{user.partition(':')[0]}@{place}" if user else f"//{place}", 1)
    return bare, unquote(parts.password or "")
