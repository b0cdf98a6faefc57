"""Actions: one transaction, one permission, one audit row, one effect per key."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Refusal
from linli.spine import sql
from linli.spine.action import KeyNotTaken, KeyReused, StillRunning, action, errand, query, reading
from linli.spine.may import May, Role
from linli.spine.scope import GUEST, SYSTEM, Scope
from linli.spine.tasks import forget_responses

NOTE = "INSERT INTO spine_audit (role, action, said) VALUES ('test', %s, '{}')"


def notes(word: str) -> int:
    rows = sql.fetch("SELECT count(*) FROM spine_audit WHERE role = 'test' AND action = %s", word)
    return int(rows[0][0])


class NoPears(Refusal):
    says = "There are no pears."


@action(needs=May.PLACE_ORDER, private=("secret",))
def buy(scope: Scope, *, word: str, at: datetime, secret: str = "", fail: bool = False) -> Money:
    sql.run(NOTE, word)
    if fail:
        raise NoPears
    return Money(1280)


@action(needs=May.APPROVE_SHOPS)
def buy_twice(scope: Scope, *, word: str, at: datetime) -> None:
    buy(scope, word=word, at=at)
    buy(scope, word=word, at=at)


@action(needs=May.PLACE_ORDER)
def press(scope: Scope, *, word: str, said_at: datetime | None = None, at: datetime) -> None:
    sql.run(NOTE, word)


@query
def who(scope: Scope) -> tuple[str, str]:
    return sql.fetch("SELECT linli_role(), coalesce(linli_person()::text, '')")[0]  # type: ignore[return-value]


def resident(once: str | None = None) -> Scope:
    return Scope(role=Role.RESIDENT, person=PartyId(ids.new()), once=once)


@pytest.mark.django_db
class TestAnAction:
    def test_is_carried_out_and_audited_without_its_private_arguments(self, at):
        scope = resident()
        assert buy(scope, word="carried", at=at, secret="1234") == Money(1280)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        rows = sql.fetch("SELECT person, role, action, said FROM spine_audit WHERE person = %s", scope.person)
        assert len(rows) == 1
        person, role, name, said = rows[0]
        assert (person, role, name) == (scope.person, "resident", "test_action.buy")
        assert "carried" in str(said)
        assert "1234" not in str(said)

    def test_that_is_refused_leaves_the_world_as_it_was(self, at):
        with pytest.raises(NoPears):
            buy(SYSTEM, word="refused", at=at, fail=True)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert notes("refused") == 0
        assert sql.fetch("SELECT count(*) FROM spine_audit WHERE action = 'test_action.buy'") == [(0,)]

    def test_asks_the_permission_of_the_outermost_verb(self, at):
        with pytest.raises(Denied):
            buy(GUEST, word="denied", at=at)
        with pytest.raises(Denied):
            buy_twice(resident(), word="denied", at=at)
        buy_twice(Scope(role=Role.PLATFORM), word="twice", at=at)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert (notes("denied"), notes("twice")) == (0, 2)

    def test_repeated_with_its_key_takes_effect_once_and_answers_the_same(self, at):
        scope = resident(once="k1")
        assert buy(scope, word="once", at=at) == Money(1280)
        assert buy(scope, word="once", at=at + timedelta(seconds=3)) == Money(1280)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert notes("once") == 1

    def test_refuses_a_key_that_comes_back_with_another_request(self, at):
        scope = resident(once="k2")
        buy(scope, word="first", at=at)
        with pytest.raises(KeyReused):
            buy(scope, word="second", at=at)
        with pytest.raises(KeyReused):
            buy(scope, word="first", at=at, secret="another")
        assert notes("second") == 0

    def test_keeps_two_persons_keys_apart(self, at):
        buy(resident(once="same"), word="apart", at=at)
        buy(resident(once="same"), word="apart", at=at)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert notes("apart") == 2


def test_a_key_in_flight_is_answered_with_a_conflict_and_a_refused_request_frees_it(own_database, at):
    scope = resident(once="slow")
    running, go_on = threading.Event(), threading.Event()

    @action(needs=May.PLACE_ORDER)
    def slow(scope: Scope, *, at: datetime) -> None:
        running.set()
        go_on.wait(10)
        raise NoPears

    outcome: list[type[BaseException]] = []

    def first() -> None:
        from django.db import connection

        try:
            slow(scope, at=at)
        except Refusal as refused:
            outcome.append(type(refused))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert running.wait(10)
    with pytest.raises(StillRunning):
        slow(scope, at=at)
    go_on.set()
    thread.join(10)
    assert outcome == [NoPears]
    with pytest.raises(NoPears):
        slow(scope, at=at)


@pytest.mark.django_db
class TestAQuery:
    def test_sets_the_walls_of_its_scope(self):
        scope = resident()
        assert who(scope) == ("resident", str(scope.person))
        assert who(SYSTEM) == ("system", "")

    def test_within_a_page_restores_the_outer_scope(self):
        scope = resident()
        with reading(scope):
            assert who(scope)[0] == "resident"
            assert who(SYSTEM)[0] == "system"
            assert who(scope)[0] == "resident"


def test_walls_fall_with_the_transaction(own_database):
    who(SYSTEM)
    assert sql.fetch("SELECT linli_role(), linli_inside(), linli_person()") == [("", False, None)]


@pytest.mark.django_db
def test_an_errand_may_not_run_inside_an_action(at):
    @errand
    def fetch_something() -> None: ...

    @action(needs=May.ANYONE)
    def careless(scope: Scope, *, at: datetime) -> None:
        fetch_something()

    fetch_something()
    with pytest.raises(RuntimeError, match="outside world"):
        careless(GUEST, at=at)


def test_the_audit_trail_is_insert_only_even_for_its_owner(own_database, at):
    buy(resident(), word="kept", at=at)
    import psycopg

    with own_database.connect_as_superuser() as behind:
        for statement in ("UPDATE spine_audit SET role = 'x'", "DELETE FROM spine_audit", "TRUNCATE spine_audit"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                behind.execute(statement)
    with own_database.connect() as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("DELETE FROM spine_audit")


@action(needs=May.ANYONE)
def look_up(scope: Scope, *, at: datetime) -> str:
    return "seen"


@action(needs=May.PLACE_ORDER, shown_once=True)
def draw_secret(scope: Scope, *, at: datetime) -> str:
    sql.run(NOTE, "drawn")
    return "whsec"


@pytest.mark.django_db
class TestAKey:
    def test_of_nobody_is_refused_by_its_header(self, at):
        for nobody in (GUEST, SYSTEM):
            with pytest.raises(KeyNotTaken) as refused:
                look_up(nobody.keyed("mine"), at=at)
            assert refused.value.field == "Idempotency-Key"

    def test_is_refused_where_the_answer_may_be_kept_nowhere(self, at):
        scope = resident()
        with pytest.raises(KeyNotTaken):
            draw_secret(scope.keyed("k"), at=at)
        assert notes("drawn") == 0
        assert draw_secret(scope, at=at) == "whsec"

    def test_stands_for_another_request_under_another_hat(self, at):
        scope = resident(once="k")
        buy(scope, word="hat", at=at)
        with pytest.raises(KeyReused):
            buy(replace(scope, role=Role.SYSTEM), word="hat", at=at)

    def test_comes_again_with_the_phones_own_time_and_is_the_same_request(self, at):
        scope = resident(once="k")
        press(scope, word="pressed", at=at)
        press(scope, word="pressed", said_at=at, at=at + timedelta(minutes=5))
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert notes("pressed") == 1

    def test_is_forgotten_after_a_day(self, at):
        scope = resident(once="k")
        buy(scope, word="day", at=at)
        assert forget_responses(at=datetime.now(UTC) + timedelta(hours=23)) == 0
        assert forget_responses(at=datetime.now(UTC) + timedelta(hours=25)) == 1
        buy(scope, word="day", at=at)
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        assert notes("day") == 2
