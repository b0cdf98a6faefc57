"""`linli migrate`: bring the tables up to date as their owner, then say who may do what with them."""

from __future__ import annotations

import os
from typing import Any, cast
from urllib.parse import urlsplit

import click
import psycopg
from psycopg import Connection

from linli.config.database import CONNECT_TIMEOUT_S, NoTables, database_url, is_ours, process
from linli.config.postgres.roles import USERS, grant


@click.command()
@click.option("--plan", is_flag=True, help="Only show what would be done.")
@click.option("--quiet", is_flag=True, help="Say nothing when all goes well.")
def migrate(plan: bool, quiet: bool) -> None:
    """Bring the database's tables up to date and grant the roles their rights."""
    os.environ["LINLI_PROCESS"] = "owner"  # before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    run_migrations(plan=plan, verbosity=0 if quiet else 1)


def run_migrations(*, plan: bool = False, verbosity: int = 1) -> None:
    """This will run all migrations and grants on Django's default connection, which must be the owner's."""
    from django.core.management import call_command
    from django.db import connection

    if process() != "owner":
        raise RuntimeError("Migrations run as the owner of the tables: LINLI_PROCESS=owner")
    call_command("migrate", interactive=False, plan=plan, verbosity=verbosity)
    if plan:
        return
    connection.ensure_connection()
    grant(cast(Connection[Any], connection.connection), insert_only=insert_only_tables(), users=_users())
    if verbosity:
        click.echo("The tables are up to date, and the roles have their rights.")


def insist_on_tables() -> None:
    """This will refuse with what to do where nobody has migrated yet; asked before Django reads its settings."""
    with psycopg.connect(database_url("web"), connect_timeout=CONNECT_TIMEOUT_S) as connection:
        row = connection.execute("SELECT to_regclass('spine_installation') IS NOT NULL").fetchone()
    if not (row and row[0]):
        raise NoTables("This database has no tables yet. Run `linli migrate` first.")


def insert_only_tables() -> list[str]:
    """This will list the tables whose models say `insert_only = True`: ledgers, facts, audit."""
    from django.apps import apps

    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if getattr(model, "insert_only", False)})


def _users() -> tuple[str, ...]:
    """Our own roles, and on a given server the ones its addresses name, unless one is the owner itself."""
    if is_ours():
        return USERS
    names = ("DATABASE_URL", "LINLI_WEB_DATABASE_URL", "LINLI_WORKER_DATABASE_URL")
    given = {urlsplit(os.environ.get(name, "")).username or "" for name in names}
    owner = urlsplit(os.environ.get("LINLI_OWNER_DATABASE_URL", os.environ["DATABASE_URL"])).username
    return tuple(sorted({*USERS, *given} - {"", owner or ""}))
