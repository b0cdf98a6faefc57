"""The harness keeps its word: the second wall stands in tests, and databases are apart."""

from __future__ import annotations

from threading import Thread

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from harness.databases import OwnDatabase


def one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row and row[0]


@pytest.mark.django_db
def test_tests_speak_as_the_web_role_which_no_wall_lets_through() -> None:
    assert one("SELECT current_user") == "linli_web"
    assert one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_web_may_write_the_audit_trail_and_never_change_it() -> None:
    assert one("SELECT has_table_privilege('spine_audit', 'INSERT')") is True
    for right in ("UPDATE", "DELETE", "TRUNCATE"):
        assert one(f"SELECT has_table_privilege('spine_audit', '{right}')") is False
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE spine_audit SET role = 'nobody'")


@pytest.mark.django_db
def test_web_may_not_write_the_list_of_migrations() -> None:
    assert one("SELECT has_table_privilege('django_migrations', 'SELECT')") is True
    assert one("SELECT has_table_privilege('django_migrations', 'INSERT, UPDATE, DELETE')") is False


@pytest.mark.django_db
def test_web_may_not_make_tables() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE sneaked_in (id int)")


def test_a_database_of_its_own_commits_and_is_seen_by_other_connections_and_threads(own_database: OwnDatabase) -> None:
    fact = "INSERT INTO spine_fact (kind, body) VALUES ('test', '{}')"
    with connection.cursor() as cursor:
        cursor.execute(fact)
    with own_database.connect("worker") as other:
        row = other.execute("SELECT count(*), current_user FROM spine_fact").fetchone()
    seen: list[object] = []

    def look() -> None:
        seen.extend([one("SELECT current_database()"), one("SELECT count(*) FROM spine_fact")])
        connection.close()

    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert row == (1, "linli_worker")
    assert seen == [own_database.name, 1]


def test_a_database_of_its_own_is_fresh_each_time(own_database: OwnDatabase) -> None:
    assert one("SELECT count(*) FROM spine_fact") == 0


def test_readers_only_read(own_database: OwnDatabase) -> None:
    with own_database.connect("read") as reader:
        assert reader.execute("SELECT count(*) FROM spine_fact").fetchone() == (0,)
        with pytest.raises(psycopg.Error, match=r"read-only|permission denied"):
            reader.execute("DELETE FROM spine_fact")
