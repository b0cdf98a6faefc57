"""`linli backup` and `linli restore`: the database and the files, whole or not at all (docs/runbook.md)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click

from linli.config.database import is_ours, own_cluster
from linli.config.home import home
from linli.config.postgres.cluster import SUPERUSER
from linli.config.postgres.roles import DATABASE, OWNER
from linli.config.psql import without_password

DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write the database and the uploaded files into a new FOLDER.

    Linli may go on running: the dump is one consistent moment, and files are never changed, only added.
    """
    if folder.exists():
        raise click.ClickException(f"{folder} exists already; a backup is written to a new folder.")
    unfinished = folder.with_name(folder.name + ".unfinished")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True, mode=0o700)
    click.echo("Writing the database ...")
    _run("pg_dump", "--format=custom", f"--file={unfinished / DUMP}", url=_above_the_walls())
    files = home() / FILES
    if files.is_dir():
        click.echo("Copying the files ...")
        shutil.copytree(files, unfinished / FILES)
    manifest = {"made_at": datetime.now(UTC).isoformat(), "sha256": _digest(unfinished / DUMP)}
    (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    unfinished.rename(folder)
    click.echo(f"The backup is in {folder}. Keep the keys and LINLI_SECRET_KEY apart from it.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def restore(folder: Path) -> None:
    """Bring a backup back into an empty database, then rebuild and check the books.

    Refuses a database that holds anything, and a backup that is not as it was written.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{folder} holds no finished backup: {error}") from error
    if _digest(folder / DUMP) != manifest["sha256"]:
        raise click.ClickException("The dump is not as it was written; nothing was restored.")
    url = _above_the_walls()
    if _holds_tables(url):
        raise click.ClickException("This database is not empty; nothing was restored. Restore into a new LINLI_HOME.")
    click.echo("Restoring the database ...")
    _run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={without_password(url)[0]}",
         str(folder / DUMP), url=url)  # fmt: skip
    if (folder / FILES).is_dir():
        click.echo("Restoring the files ...")
        shutil.copytree(folder / FILES, home() / FILES, dirs_exist_ok=True)
    click.echo("Restored. Now run `linli migrate`, `linli ledger rebuild` and `linli doctor`.")


def _above_the_walls() -> str:
    """A role that row-level security does not hold: a dump behind the walls would silently miss rows."""
    if is_ours():
        return own_cluster().url(DATABASE, SUPERUSER)
    if given := os.environ.get("LINLI_BACKUP_DATABASE_URL"):
        return given
    raise click.ClickException(
        "Set LINLI_BACKUP_DATABASE_URL to a role that bypasses row-level security (the server's superuser);"
        f" {OWNER} and the application's roles would miss rows."
    )


def _run(program: str, *arguments: str, url: str) -> None:
    beside = own_cluster().binaries.program(program) if is_ours() else None
    found = str(beside) if beside and beside.is_file() else shutil.which(program)
    if found is None:
        raise click.ClickException(f"No {program} was found beside the server's binaries or on the PATH.")
    address, password = without_password(url)
    target = [] if program == "pg_restore" else [address]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run([found, *arguments, *target], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{program} failed: {done.stderr.strip()[-800:]}")


def _holds_tables(url: str) -> bool:
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema'))"
        ).fetchone()
    return bool(row and row[0])


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
