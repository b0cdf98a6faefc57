from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel import ids
from linli.kernel.ids import PartyId, ShopId
from linli.reach.handover import actions
from linli.reach.handover.rules import Redeemed
from linli.spine import sql
from linli.spine.scope import Role, Scope

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MERCHANT = Scope(role=Role.MERCHANT, person=PartyId(ids.new()), shop=ShopId(ids.new()))


def opened(*fors, place=None, at=AT):
    place = place or ids.new()
    return actions.handover_open(
        MERCHANT,
        fors=fors,
        kinds=["order"] * len(fors),
        places=[place] * len(fors),
        due_ats=[at + timedelta(days=2)] * len(fors),
        at=at,
    )


def redeem(for_, code, at=AT):
    return actions.handover_redeem(MERCHANT, for_=for_, code=code, at=at)


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def inside(statement, *values):
    with transaction.atomic():
        sql.fetch("SELECT set_config('linli.role', 'system', true)")
        return sql.fetch(statement, *values)


@pytest.mark.django_db
def test_codes_have_six_digits_and_differ_at_a_place():
    codes = opened(*(ids.new() for _ in range(200)))
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(set(codes)) == 200


@pytest.mark.django_db
def test_opening_again_keeps_the_code_that_the_buyer_has_seen():
    order = ids.new()
    place = ids.new()
    assert opened(order, place=place) == opened(order, place=place)


@pytest.mark.django_db
def test_the_right_code_redeems_once():
    order = ids.new()
    (code,) = opened(order)
    assert redeem(order, code) is Redeemed.OK
    assert redeem(order, code) is Redeemed.CLOSED


@pytest.mark.django_db
def test_the_fifth_wrong_try_locks_for_fifteen_minutes_even_for_the_right_code():
    order = ids.new()
    (code,) = opened(order)
    tries = [redeem(order, another(code)) for _ in range(5)]
    assert tries == [Redeemed.WRONG] * 4 + [Redeemed.LOCKED]
    assert redeem(order, code, AT + timedelta(minutes=14, seconds=59)) is Redeemed.LOCKED
    assert redeem(order, code, AT + timedelta(minutes=15)) is Redeemed.OK


@pytest.mark.django_db
def test_after_a_lock_the_count_begins_anew():
    order = ids.new()
    (code,) = opened(order)
    for _ in range(5):
        redeem(order, "")
    later = AT + timedelta(minutes=16)
    assert redeem(order, another(code), later) is Redeemed.WRONG
    assert redeem(order, code, later) is Redeemed.OK


@pytest.mark.django_db
def test_a_closed_handover_takes_no_code_and_frees_it_for_others():
    order = ids.new()
    (code,) = opened(order)
    actions.handover_close(MERCHANT, fors=[order], at=AT)
    actions.handover_close(MERCHANT, fors=[order], at=AT)
    assert redeem(order, code) is Redeemed.CLOSED
    assert redeem(ids.new(), code) is Redeemed.CLOSED


@pytest.mark.django_db
def test_nobody_reads_codes_but_from_inside():
    order = ids.new()
    (code,) = opened(order)
    assert sql.fetch("SELECT * FROM handover_handover") == []
    assert inside("SELECT code FROM handover_handover WHERE subject = %s", order) == [(code,)]
    assert sql.fetch_one("SELECT handover_code(%s)", order) == (code,)
    assert sql.fetch_one("SELECT handover_code(%s)", ids.new()) == (None,)


@pytest.mark.django_db
def test_the_database_holds_one_code_at_a_place_and_one_handover_for_a_thing():
    order, place = ids.new(), ids.new()
    (code,) = opened(order, place=place)
    insert = (
        "INSERT INTO handover_handover (id, place, subject, kind, code, state, wrong_tries, opened_at, due_at)"
        " VALUES (%s, %s, %s, 'order', %s, 'open', 0, %s, %s) RETURNING id"
    )
    for row in ((ids.new(), place, ids.new(), code, AT, AT), (ids.new(), place, order, another(code), AT, AT)):
        with pytest.raises(DatabaseError, match="duplicate key"):
            inside(insert, *row)


def test_two_who_tell_the_same_code_at_once_are_let_go_once(own_database):
    order = ids.new()
    (code,) = opened(order)
    answers: list[Redeemed] = []

    def tell() -> None:
        answers.append(redeem(order, code))
        connection.close()

    threads = [Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [Redeemed.CLOSED] * 3 + [Redeemed.OK]
