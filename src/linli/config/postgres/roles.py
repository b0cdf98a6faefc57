"""Who may do what in the database: the second wall behind `@action(needs=...)`.

`linli_owner` owns the database and its tables and runs migrations; `linli_web` and `linli_worker` use the tables;
`linli_read` looks. None of them is a superuser or escapes row-level security.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString

from psycopg import Connection, connect, sql

from linli.config.postgres.cluster import SUPERUSER, Cluster

OWNER = "linli_owner"
USERS = ("linli_web", "linli_worker")
READER = "linli_read"
ROLES = (OWNER, *USERS, READER)
DATABASE = "linli"

# A forgotten transaction holds locks and keeps vacuum from cleaning; a statement that nobody waits for only costs.
ROLE_SETTINGS = {
    "linli_web": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"},
    "linli_worker": {"statement_timeout": "10min", "idle_in_transaction_session_timeout": "10min"},
    "linli_read": {"statement_timeout": "60s", "default_transaction_read_only": "on"},
}


def prepare(cluster: Cluster, database: str = DATABASE) -> None:
    """This will make the roles and an empty database owned by `linli_owner`; what exists already stays."""
    with connect(cluster.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('linli.roles'))")  # web and worker may start together
        for role in ROLES:
            _make_role(connection, role, cluster.password(role) if cluster.tcp else None)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            name, owner = sql.Identifier(database), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
            others = sql.SQL(", ").join(map(sql.Identifier, (*USERS, READER)))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, others))


def _make_role(connection: Connection[Any], role: str, password: str | None) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION").format(name)
    )
    if password is not None:
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))
    for setting, value in ROLE_SETTINGS.get(role, {}).items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        )


def grant(
    connection: Connection[Any], *, insert_only: Iterable[str], users: Iterable[str] = USERS, reader: str = READER
) -> None:
    """This will give the roles exactly what they need on the current schema; run by the owner after migrations.

    Partitions get nothing: rows are reached through the parent, whose rights and row-level policies then decide.
    A function that runs with its owner's rights is for web and worker alone.
    """
    existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
    users, readers = [u for u in users if u in existing], [r for r in (reader,) if r in existing]
    roles = [*users, *readers]
    if not roles:
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('linli.grants'))")
        schema = sql.Identifier(_one(connection, "SELECT current_schema()"))
        _on_everything(connection, "REVOKE ALL ON ALL {} IN SCHEMA {} FROM {}", ("TABLES", "SEQUENCES"), schema, roles)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, _names(roles)))
        if users:
            _grant_users(connection, schema, users, insert_only)
        if tables := _tables(connection):
            for role in readers:
                connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(_names(tables), sql.Identifier(role)))
        _grant_functions(connection, users)


def _grant_users(
    connection: Connection[Any], schema: sql.Identifier, users: list[str], insert_only: Iterable[str]
) -> None:
    tables = _tables(connection)
    if tables:
        rights = sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}")
        connection.execute(rights.format(_names(tables), _names(users)))
    _on_everything(connection, "GRANT USAGE, SELECT ON ALL {} IN SCHEMA {} TO {}", ("SEQUENCES",), schema, users)
    if kept := sorted(set(insert_only) & set(tables)):
        connection.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(_names(kept), _names(users)))
    if "django_migrations" in tables:
        connection.execute(sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(_names(users)))


def _grant_functions(connection: Connection[Any], users: list[str]) -> None:
    found = connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        " AND prosecdef AND pg_get_userbyid(proowner) = current_user AND prokind = 'f'"
    )
    for (function,) in found.fetchall():
        signature = sql.SQL(function)  # regprocedure quotes its own names
        connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(signature))
        if users:
            connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(signature, _names(users)))


def _tables(connection: Connection[Any]) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition AND pg_get_userbyid(relowner) = current_user"
        " ORDER BY relname"
    )
    return [row[0] for row in found.fetchall()]


def _on_everything(
    connection: Connection[Any],
    statement: LiteralString,
    kinds: tuple[LiteralString, ...],
    schema: sql.Identifier,
    roles: list[str],
) -> None:
    for kind in kinds:
        connection.execute(sql.SQL(statement).format(sql.SQL(kind), schema, _names(roles)))


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _one(connection: Connection[Any], statement: LiteralString) -> str:
    row = connection.execute(statement).fetchone()
    return str(row[0]) if row else ""
