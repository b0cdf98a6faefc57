"""Who may do what: insert-only tables and their partitions, functions with the owner's rights, rows behind walls."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from harness.databases import Databases, OwnDatabase
from linli.config.postgres.roles import DATABASE, grant, prepare

TOWN = f"w_{os.getpid()}_town"  # other test workers have towns of their own
TABLES = """
CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, who text NOT NULL DEFAULT current_user);
CREATE TABLE flood (at date NOT NULL, n int) PARTITION BY RANGE (at);
CREATE TABLE flood_2026 PARTITION OF flood FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE mine (who text);
ALTER TABLE mine ENABLE ROW LEVEL SECURITY;
ALTER TABLE mine FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON mine USING (who = current_user);
CREATE FUNCTION with_owners_rights() RETURNS text LANGUAGE sql SECURITY DEFINER RETURN current_user::text;
"""


@pytest.fixture
def town(databases: Databases) -> Iterator[OwnDatabase]:
    """A database with tables of this test, granted as `linli migrate` grants, and no migrations."""
    town = OwnDatabase(TOWN, databases.cluster)
    databases.drop(town.name)
    prepare(databases.cluster, town.name)
    with town.connect("owner") as owner:
        owner.execute(TABLES.encode())
        grant(owner, insert_only=["note", "flood", "not_there"])
    yield town
    databases.drop(town.name)


def refused(link: psycopg.Connection[tuple[object, ...]], statement: str, because: str = "permission denied") -> None:
    with pytest.raises(psycopg.Error, match=because), link.transaction():
        link.execute(statement.encode())


def test_an_insert_only_table_takes_rows_and_never_gives_them_up(town: OwnDatabase) -> None:
    for process in ("web", "worker"):
        with town.connect(process) as link:  # type: ignore[arg-type]
            link.execute("INSERT INTO note DEFAULT VALUES")
            for statement in ("UPDATE note SET who = ''", "DELETE FROM note", "TRUNCATE note"):
                refused(link, statement)
    with town.connect_as_superuser() as link:
        assert link.execute("SELECT who FROM note ORDER BY id").fetchall() == [("linli_web",), ("linli_worker",)]


def test_a_partition_is_reached_only_through_its_parent(town: OwnDatabase) -> None:
    with town.connect() as web:
        web.execute("INSERT INTO flood VALUES ('2026-05-01', 7)")
        assert web.execute("SELECT n FROM flood").fetchall() == [(7,)]
        for statement in ("UPDATE flood SET n = 8", "DELETE FROM flood_2026", "SELECT n FROM flood_2026"):
            refused(web, statement)


def test_row_level_security_holds_for_web_and_for_the_owner_too(town: OwnDatabase) -> None:
    with town.connect_as_superuser() as link:
        link.execute("INSERT INTO mine VALUES ('linli_web'), ('linli_owner'), ('someone')")
    for process in ("web", "owner"):
        with town.connect(process) as link:  # type: ignore[arg-type]
            assert link.execute("SELECT who FROM mine").fetchall() == [(f"linli_{process}",)]
            refused(link, "INSERT INTO mine VALUES ('someone')", "row-level security")


def test_functions_with_the_owners_rights_are_for_web_and_worker(town: OwnDatabase) -> None:
    with town.connect() as web:
        assert web.execute("SELECT with_owners_rights()").fetchone() == ("linli_owner",)
    with town.connect("read") as reader:
        refused(reader, "SELECT with_owners_rights()")


def test_no_role_of_ours_is_a_superuser_or_escapes_the_walls_or_makes_things(town: OwnDatabase) -> None:
    with town.connect_as_superuser() as link:
        strong = link.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'linli%' AND rolname <> 'linli_super'"
            " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)"
        )
        assert strong.fetchall() == []
    for process in ("web", "worker", "read"):
        with town.connect(process) as weak:  # type: ignore[arg-type]
            refused(weak, "CREATE TABLE sneaked_in (id int)", "permission denied|read-only")


def test_granting_again_changes_nothing_and_takes_back_what_was_given_by_hand(town: OwnDatabase) -> None:
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    with town.connect("owner", autocommit=True) as owner:
        before = owner.execute(rights.encode()).fetchall()
        owner.execute("GRANT UPDATE ON note TO linli_web")
        owner.execute("GRANT DELETE ON flood_2026 TO linli_web")
        grant(owner, insert_only=["note", "flood"])
        after = owner.execute(rights.encode()).fetchall()
        assert owner.execute("SELECT has_table_privilege('linli_web', 'note', 'UPDATE')").fetchone() == (False,)
        right = owner.execute("SELECT has_table_privilege('linli_web', 'flood_2026', 'DELETE')")
        assert right.fetchone() == (False,)
        grant(owner, insert_only=["note", "flood"])
        assert owner.execute(rights.encode()).fetchall() == after
        assert [name for name, _ in before] == [name for name, _ in after]


def test_preparing_twice_is_harmless(databases: Databases) -> None:
    prepare(databases.cluster, TOWN)
    prepare(databases.cluster, TOWN)
    databases.drop(TOWN)
    assert DATABASE == "linli"
