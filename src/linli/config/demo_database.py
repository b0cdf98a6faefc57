"""Whose database is this? A demo takes an empty one or its own, and throws away nothing else."""

from __future__ import annotations

from psycopg import connect, sql
from psycopg.errors import UndefinedTable

from linli.config.database import database_url, is_ours, own_cluster
from linli.config.postgres.cluster import SUPERUSER
from linli.config.postgres.roles import DATABASE, prepare


class NotADemo(RuntimeError):
    """The database belongs to something else; nothing in it was touched."""


def insist_on_a_demo() -> bool:
    """This will refuse a database that is anything but empty or a demo's, and tell whether it is a demo's already."""
    with connect(database_url("owner"), autocommit=True) as connection:
        try:
            row = connection.execute("SELECT kind FROM spine_installation").fetchone()
        except UndefinedTable:
            tables = connection.execute(
                "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() LIMIT 1"
            ).fetchone()
            row = None if tables is None else ("something else's",)
        else:
            if row is None and connection.execute("SELECT 1 FROM places_city LIMIT 1").fetchone():
                row = ("unmarked",)
    if row is None:
        return False
    if row[0] != "demo":
        raise NotADemo(
            f"This database is {row[0]}, and the demo's sign-ins are public, so nothing was touched. Point DATABASE_URL"
            " or LINLI_HOME somewhere else."
        )
    return True


def throw_away() -> None:
    """This will drop the demo's database and make an empty one; only where we run the server ourselves."""
    if not is_ours():
        raise NotADemo("Linli deletes no database on a server that somebody else runs; drop it there.")
    insist_on_a_demo()
    cluster = own_cluster()
    with connect(cluster.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
    prepare(cluster)
