"""The line: how many trips a transaction takes, that what goes ahead holds, and that what is concluded is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Refusal
from linli.spine import sql
from linli.spine.action import action, conclude, query, reading
from linli.spine.line.base import AfterTheLast
from linli.spine.line.trips import Trips
from linli.spine.may import May, Role
from linli.spine.scope import SYSTEM, ProvidedScope, Proviso, Scope

NOTE = "INSERT INTO spine_audit (role, action, said) VALUES ('test', %s, '{}')"
AT = datetime(2026, 3, 2, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("own_database")


class SessionOver(Refusal):
    says = "The session is over."
    status = 401


@action(needs=May.PLACE_ORDER)
def note(scope: Scope, *, word: str, at: datetime) -> None:
    conclude(NOTE, word)


@action(needs=May.PLACE_ORDER)
def note_twice(scope: Scope, *, word: str, at: datetime) -> None:
    note(scope, word=word, at=at)
    note(scope, word=word, at=at)


@action(needs=May.PLACE_ORDER)
def note_and_refuse(scope: Scope, *, word: str, at: datetime) -> None:
    conclude(NOTE, word)
    raise SessionOver


@action(needs=May.PLACE_ORDER)
def do_nothing(scope: Scope, *, at: datetime) -> None: ...


@query
def who(scope: Scope) -> str:
    return str(sql.fetch("SELECT linli_person()")[0][0])


@query
def by_the_orm(scope: Scope) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT linli_person()")
        return str(cursor.fetchone()[0])


@query
def from_memory(scope: Scope) -> str:
    return "known"


def resident(once: str | None = None) -> Scope:
    return Scope(role=Role.RESIDENT, person=PartyId(ids.new()), once=once)


def over(scope: Scope) -> Scope:
    return ProvidedScope.of(scope, Proviso("1 / %s", (0,), "22012", SessionOver))


@query
def _counted(scope: Scope, *, action: str) -> int:
    return int(sql.fetch("SELECT count(*) FROM spine_audit WHERE action = %s", action)[0][0])


def count(action: str) -> int:
    """So many rows, as the house itself sees them."""
    return _counted(SYSTEM, action=action)


@contextmanager
def trips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    """The trips taken inside, each with the beginnings of its statements."""
    taken: list[tuple[str, ...]] = []
    ask, ask_all, say = Trips.ask, Trips.ask_all, Trips.say

    def word(statement: str) -> str:
        return " ".join(statement.split()[:2]).partition("(")[0]

    def one(self: Trips, ahead: Any, asked: Any) -> Any:
        if not ahead:
            taken.append((word(asked[0]),))
        return ask(self, ahead, asked)

    def many(self: Trips, asked: Any) -> Any:
        taken.append(tuple(word(each[0]) for each in asked))
        return ask_all(self, asked)

    def plain(self: Trips, command: bytes) -> None:
        taken.append((command.decode(),))
        say(self, command)

    with monkeypatch.context() as patch:
        patch.setattr(Trips, "ask", one)
        patch.setattr(Trips, "ask_all", many)
        patch.setattr(Trips, "say", plain)
        yield taken


class TestTrips:
    def test_an_action_that_concludes_takes_one(self, monkeypatch):
        note(resident(), word="warm", at=AT)
        with trips(monkeypatch) as taken:
            note(resident(), word="one", at=AT)
        assert taken == [("INSERT INTO", "INSERT INTO")], "the trip is the transaction"
        assert (count("one"), count("test_line.note")) == (1, 2)

    def test_inside_another_action_nothing_is_concluded(self, monkeypatch):
        with trips(monkeypatch) as taken:
            note_twice(resident(), word="two", at=AT)
        assert taken == [("BEGIN", "INSERT INTO", "INSERT INTO"), ("INSERT INTO",), ("COMMIT",)]

    def test_with_a_key_the_answer_is_stored_before_the_commit(self, monkeypatch):
        scope = resident("k1")
        with trips(monkeypatch) as taken:
            note(scope, word="keyed", at=AT)
            note(scope, word="keyed", at=AT)
        assert [trip[-1] for trip in taken] == [
            *("SELECT spine_begin", "INSERT INTO", "SELECT spine_finish", "COMMIT"),
            *("SELECT spine_begin", "COMMIT"),
        ]
        assert count("keyed") == 1

    def test_an_action_that_asks_nothing_is_audited_all_the_same(self):
        do_nothing(resident(), at=AT)
        assert count("test_line.do_nothing") == 1

    def test_a_query_raises_its_walls_on_the_way(self, monkeypatch):
        scope = resident()
        connection.ensure_connection()
        with trips(monkeypatch) as taken:
            assert who(scope) == str(scope.person)
        assert taken == [("SELECT set_config", "SELECT linli_person")]

    def test_every_question_of_a_page_has_its_walls_and_nothing_begins(self, monkeypatch):
        scope = resident()
        connection.ensure_connection()
        with trips(monkeypatch) as taken, reading(scope):
            assert (who(scope), who(scope)) == (str(scope.person), str(scope.person))
        assert taken == [("SELECT set_config", "SELECT linli_person")] * 2
        assert sql.fetch("SELECT linli_role()") == [("",)], "the walls ended with the question"

    def test_a_page_that_asks_as_somebody_else_meanwhile_has_one_transaction_from_then_on(self, monkeypatch):
        mine, theirs = resident(), resident()
        connection.ensure_connection()
        with trips(monkeypatch) as taken, reading(mine):
            assert [who(mine), who(theirs), who(mine)] == [str(mine.person), str(theirs.person), str(mine.person)]
        walls = "SELECT set_config"
        assert taken == [
            (walls, "SELECT linli_person"),
            ("BEGIN", walls, walls, "SELECT linli_person"),
            (walls, "SELECT linli_person"),
            ("COMMIT",),
        ]

    def test_the_orm_and_a_change_on_a_page_have_a_transaction(self, monkeypatch):
        scope = resident()
        connection.ensure_connection()
        with trips(monkeypatch) as taken, reading(scope):
            who(scope)
            assert by_the_orm(scope) == str(scope.person)
            assert sql.run(NOTE, "on a page") == 1
        assert taken[1] == ("BEGIN", "SELECT set_config")
        assert taken[-1] == ("COMMIT",)
        assert count("on a page") == 1

    def test_a_transaction_in_which_nothing_is_asked_never_begins(self, monkeypatch):
        connection.ensure_connection()
        with trips(monkeypatch) as taken, transaction.atomic():
            pass
        with trips(monkeypatch) as refused, pytest.raises(SessionOver), sql.transaction():
            raise SessionOver
        assert taken == refused == []


class TestWhatGoesAhead:
    def test_a_scope_whose_proviso_does_not_hold_does_nothing_and_sees_nothing(self):
        with pytest.raises(SessionOver):
            note(over(resident()), word="never", at=AT)
        with pytest.raises(SessionOver):
            do_nothing(over(resident()), at=AT)
        with pytest.raises(SessionOver):
            who(over(resident()))
        with pytest.raises(SessionOver):
            from_memory(over(resident()))
        with pytest.raises(SessionOver):
            note(over(resident("k2")), word="never", at=AT)
        assert (count("never"), count("test_line.note"), count("test_line.do_nothing")) == (0, 0, 0)

    def test_django_s_own_statements_come_after_it(self):
        with transaction.atomic():
            sql.ahead("SELECT set_config('linli.role', %s, true)", "merchant")
            with connection.cursor() as cursor:
                cursor.execute("SELECT linli_role()")
                assert cursor.fetchone() == ("merchant",)
        assert sql.fetch("SELECT linli_role()") == [("",)]

    def test_what_nothing_followed_is_asked_before_the_commit_and_can_still_undo_it(self):
        def half() -> None:
            with transaction.atomic():
                sql.run(NOTE, "undone")
                sql.ahead("SELECT 1 / %s", 0)

        with pytest.raises(DataError):
            half()
        assert count("undone") == 0


class TestWhatIsConcluded:
    def test_a_verb_that_refuses_after_it_is_a_defect(self):
        with pytest.raises(AfterTheLast):
            note_and_refuse(resident(), word="late", at=AT)
        assert who(scope := resident()) == str(scope.person), "nobody else is hurt"

    def test_a_statement_that_fails_commits_nothing(self):
        def half() -> None:
            with sql.transaction():
                sql.run(NOTE, "half")
                sql.conclude("SELECT 1 / %s", 0)

        with pytest.raises(DataError):
            half()
        assert count("half") == 0

    def test_a_trip_that_is_a_transaction_fails_as_a_whole(self, monkeypatch):
        def half() -> None:
            with sql.transaction():
                sql.ahead(NOTE, "half a trip")
                sql.conclude("SELECT 1 / %s", 0)

        connection.ensure_connection()
        with trips(monkeypatch) as taken, pytest.raises(DataError):
            half()
        assert taken == [("INSERT INTO", "SELECT 1")], "there is nothing to roll back"
        assert count("half a trip") == 0

    def test_what_is_checked_at_the_end_of_it_is_raised_and_undoes_it(self):
        sql.run("CREATE TEMP TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")

        def twice() -> None:
            with sql.transaction():
                sql.ahead(NOTE, "unique")
                sql.conclude("INSERT INTO late VALUES (%s), (1)", 1)

        with pytest.raises(IntegrityError):
            twice()
        assert count("unique") == 0
        assert sql.fetch("SELECT count(*) FROM late") == [(0,)], "and the connection goes on"

    def test_in_a_savepoint_it_only_runs(self):
        def outer() -> None:
            with transaction.atomic():
                with transaction.atomic():
                    sql.conclude(NOTE, "inner")
                raise SessionOver

        with pytest.raises(SessionOver):
            outer()
        assert count("inner") == 0


class TestAConnection:
    def test_keeps_what_it_prepared_when_django_rolls_back_to_a_savepoint(self):
        sql.run(NOTE, "kept")
        with transaction.atomic():
            for _ in range(3):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM spine_audit WHERE role = %s", ["test"])
                with pytest.raises(DataError), transaction.atomic():
                    sql.fetch("SELECT 1 / %s", 0)
            sql.run(NOTE, "kept")
        assert count("kept") == 2

    def test_what_it_prepared_is_forgotten_before_a_trip_and_never_on_the_way(self, monkeypatch):
        monkeypatch.setattr("linli.spine.line.trips.MOST_PREPARED", 3)
        for nth in range(8):  # one trip with another: a statement that is known, and a new one that is one too many
            with sql.transaction():
                sql.ahead("SELECT set_config('linli.role', %s, true)", "resident")
                assert sql.fetch(f"SELECT {nth} + %s", 1) == [(nth + 1,)]

    def test_when_it_forgets_what_it_prepared_cursors_know_that_theirs_is_gone_too(self, monkeypatch):
        def by_a_cursor() -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::int + 1", [1])
                return cursor.fetchone()[0]

        monkeypatch.setattr("linli.spine.line.trips.MOST_PREPARED", 3)
        for _nth in range(8):  # psycopg prepares what it sees for the sixth time
            assert by_a_cursor() == 2
        for nth in range(4):
            assert sql.fetch(f"SELECT {nth} + %s", 1) == [(nth + 1,)]
        assert by_a_cursor() == 2

    def test_a_percent_sign_is_one(self):
        assert sql.fetch("SELECT 7 %% %s, '%%s'", 4) == [(3, "%s")]

    def test_that_broke_is_replaced_for_the_next_one(self):
        with pytest.raises(OperationalError), sql.transaction():
            sql.fetch("SELECT pg_terminate_backend(pg_backend_pid())")
        sql.forget_broken()
        assert sql.fetch("SELECT 1") == [(1,)]


def test_beside_a_running_loop_the_short_way_and_the_orm_speak_on_one_connection(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # as where a browser is driven from the same thread
    sql.fetch("SELECT 1")

    async def is_one() -> bool:
        try:
            with sql.transaction():
                return connection.in_atomic_block
        finally:
            connection.close()

    assert asyncio.run(is_one())
