"""Orders hold, get and give back goods: whole or not at all, first expired first out, as the oracle says."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.databases import OwnDatabase
from linli.kernel import ids
from linli.kernel.ids import OrderId, VariantId
from linli.kernel.refusals import Invalid
from linli.spine.scope import SYSTEM
from linli.trade.stock import actions, queries
from linli.trade.stock.actions import Line
from linli.trade.stock.models import Batch, Level, Movement, Reservation
from linli.trade.stock.rules import PLENTY
from trade.stock.oracle import OracleStock, Short
from trade.stock.rows import AT, shop_row, variant_row

LATER = AT + timedelta(minutes=15)


def an_order() -> OrderId:
    return OrderId(ids.new())


def a_variant(stock: int = 0, *, days: int | None = None, tracked: bool = True) -> VariantId:
    variant = variant_row(shop_row(), tracked=tracked)
    if stock:
        expires_at = None if days is None else AT + timedelta(days=days)
        actions.receive_batch(SYSTEM, variant=variant, quantity=stock, expires_at=expires_at, at=AT)
    return variant


def level(variant: VariantId) -> tuple[int, int]:
    found = Level.objects.get(pk=variant)
    return found.on_hand, found.reserved


@pytest.mark.django_db
def test_a_checkout_of_two_orders_is_held_whole() -> None:
    rice, oil = a_variant(10), a_variant(4)
    one, two = an_order(), an_order()
    lines = (Line(one, rice, 3), Line(two, rice, 2), Line(two, oil, 4))
    actions.reserve(SYSTEM, lines=lines, until=LATER, at=AT)
    assert (level(rice), level(oil)) == ((10, 5), (4, 4))
    assert queries.available(variants=[rice, oil], at=AT) == {rice: 5, oil: 0}


@pytest.mark.django_db
def test_one_short_line_is_refused_and_nothing_is_held() -> None:
    rice, oil = a_variant(10), a_variant(4)
    order = an_order()
    lines = (Line(order, rice, 3), Line(order, oil, 3), Line(order, oil, 2))
    with pytest.raises(actions.OutOfStock) as refused:
        actions.reserve(SYSTEM, lines=lines, until=LATER, at=AT)
    assert refused.value.values == {"variant": str(oil)}
    assert (level(rice), level(oil), Reservation.objects.count()) == ((10, 0), (4, 0), 0)


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1])
def test_no_units_and_fewer_than_none_are_refused(quantity: int) -> None:
    rice = a_variant(10)
    with pytest.raises(Invalid):
        actions.reserve(SYSTEM, lines=(Line(an_order(), rice, quantity),), until=LATER, at=AT)
    assert level(rice) == (10, 0)


@pytest.mark.django_db
def test_prepared_food_is_always_there_and_what_was_never_received_is_not() -> None:
    noodles, rice = a_variant(tracked=False), a_variant()
    assert queries.available(variants=[noodles, rice], at=AT) == {noodles: PLENTY, rice: 0}
    order = an_order()
    actions.reserve(SYSTEM, lines=(Line(order, noodles, 40),), until=LATER, at=AT)
    actions.take(SYSTEM, orders=(order,), at=AT)
    actions.give_back(SYSTEM, lines=(Line(order, noodles, 1),), at=AT)
    assert (Reservation.objects.count(), Level.objects.count()) == (0, 0)
    with pytest.raises(actions.OutOfStock):
        actions.reserve(SYSTEM, lines=(Line(order, rice, 1),), until=LATER, at=AT)


@pytest.mark.django_db
def test_expired_goods_are_not_sold_even_before_the_clock_moves_them_out() -> None:
    milk = a_variant(5, days=1)
    actions.receive_batch(SYSTEM, variant=milk, quantity=2, expires_at=AT + timedelta(days=9), at=AT)
    tomorrow = AT + timedelta(days=1)
    assert queries.available(variants=[milk], at=AT) == {milk: 7}
    assert queries.available(variants=[milk], at=tomorrow) == {milk: 2}
    with pytest.raises(actions.OutOfStock):
        actions.reserve(SYSTEM, lines=(Line(an_order(), milk, 3),), until=LATER, at=tomorrow)
    actions.reserve(SYSTEM, lines=(Line(an_order(), milk, 2),), until=LATER, at=tomorrow)
    assert actions.dispose_expired(SYSTEM, at=tomorrow) == 1
    assert level(milk) == (2, 2)
    assert Movement.objects.get(kind="disposal").quantity == -5


@pytest.mark.django_db
def test_goods_that_expire_while_they_are_held_are_neither_served_nor_disposed_until_they_are_let_go() -> None:
    milk = a_variant(5, days=1)
    order, tomorrow = an_order(), AT + timedelta(days=1)
    actions.reserve(SYSTEM, lines=(Line(order, milk, 4),), until=LATER, at=AT)
    assert actions.keep(SYSTEM, orders=(order,)) == ()
    actions.dispose_expired(SYSTEM, at=tomorrow)
    assert level(milk) == (4, 4)
    with pytest.raises(actions.OutOfStock):
        actions.take(SYSTEM, orders=(order,), at=tomorrow)
    assert level(milk) == (4, 4)
    actions.release(SYSTEM, orders=(order,), at=tomorrow)
    actions.dispose_expired(SYSTEM, at=tomorrow)
    assert level(milk) == (0, 0)


@pytest.mark.django_db
def test_first_expired_goes_out_first_whatever_came_in_first() -> None:
    milk = a_variant(3, days=9)
    for days, quantity in ((2, 2), (5, 2)):
        expires_at = AT + timedelta(days=days)
        actions.receive_batch(SYSTEM, variant=milk, quantity=quantity, expires_at=expires_at, at=AT)
    one, two = an_order(), an_order()
    lines = (Line(one, milk, 3), Line(two, milk, 2))
    actions.reserve(SYSTEM, lines=lines, until=LATER, at=AT)
    actions.take(SYSTEM, orders=(one, two), at=AT)
    left = {b.expires_at - AT: b.remaining for b in Batch.objects.filter(variant=milk) if b.expires_at}
    assert left == {timedelta(days=2): 0, timedelta(days=5): 0, timedelta(days=9): 2}
    sold = Movement.objects.filter(kind="sale").values_list("order", "quantity")
    assert sorted(sold) == sorted([(one, -2), (one, -1), (two, -1), (two, -1)])
    assert level(milk) == (2, 0)


@pytest.mark.django_db
def test_taking_twice_takes_once() -> None:
    rice, order = a_variant(10), an_order()
    actions.reserve(SYSTEM, lines=(Line(order, rice, 3),), until=LATER, at=AT)
    for _ in range(2):
        actions.take(SYSTEM, orders=(order,), at=AT)
    assert level(rice) == (7, 0)


@pytest.mark.django_db
def test_a_return_frees_what_is_held_then_refills_the_batches() -> None:
    rice, order = a_variant(10), an_order()
    actions.reserve(SYSTEM, lines=(Line(order, rice, 5),), until=LATER, at=AT)
    actions.give_back(SYSTEM, lines=(Line(order, rice, 2),), at=AT)
    assert level(rice) == (10, 3)
    actions.take(SYSTEM, orders=(order,), at=AT)
    actions.give_back(SYSTEM, lines=(Line(order, rice, 1),), at=AT)
    assert level(rice) == (8, 0)
    with pytest.raises(actions.NeverTaken):
        actions.give_back(SYSTEM, lines=(Line(order, rice, 3),), at=AT)
    assert level(rice) == (8, 0)


@pytest.mark.django_db
def test_the_clock_frees_only_what_was_not_kept() -> None:
    rice, paid, lost = a_variant(10), an_order(), an_order()
    for order in (paid, lost):
        actions.reserve(SYSTEM, lines=(Line(order, rice, 2),), until=LATER, at=AT)
    assert actions.keep(SYSTEM, orders=(paid,)) == ()
    assert actions.release_overdue(SYSTEM, limit_at=LATER - timedelta(seconds=1), most=10, at=LATER) == 0
    assert actions.release_overdue(SYSTEM, limit_at=LATER, most=10, at=LATER) == 1
    assert level(rice) == (10, 2)
    assert actions.keep(SYSTEM, orders=(paid, lost)) == (lost,)


@pytest.mark.django_db
def test_the_database_itself_refuses_to_oversell_and_to_change_the_book() -> None:
    rice = a_variant(10)
    with pytest.raises(IntegrityError, match="stock_never_oversold"), transaction.atomic():
        Level.objects.filter(pk=rice).update(reserved=11)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Movement.objects.update(quantity=1)


def test_many_connections_and_the_last_items_sell_exactly_what_there_was(own_database: OwnDatabase) -> None:
    stock, buyers, tries = 25, 8, 6
    rice, oil = a_variant(stock), a_variant(1000)
    answers: list[Any] = []

    def buy() -> None:
        with own_database.connect(autocommit=True) as link:
            for nth in range(tries):
                variants = [oil, rice] if nth % 2 else [rice, oil]
                order = ids.new()
                row = link.execute(
                    "SELECT stock_reserve(%s::uuid[], %s::uuid[], '{1,1}', now(), now())", [[order, order], variants]
                ).fetchone()
                answers.append(row and row[0])

    threads = [Thread(target=buy) for _ in range(buyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(None) == stock
    assert answers.count(rice) == buyers * tries - stock
    assert (level(rice), level(oil)) == ((stock, stock), (1000, stock))
    assert Reservation.objects.filter(variant=rice).count() == stock


def test_a_late_keep_and_the_clock_never_lose_units(own_database: OwnDatabase) -> None:
    rice, order = a_variant(5), an_order()
    actions.reserve(SYSTEM, lines=(Line(order, rice, 2),), until=LATER, at=AT)
    with own_database.connect() as paying:
        paying.execute("SELECT stock_keep(%s::uuid[])", [[order]])
        clock = Thread(target=lambda: (_overdue(own_database),))
        clock.start()
        clock.join(0.3)
        paying.commit()
    clock.join()
    assert level(rice) == (5, 2)
    assert Reservation.objects.get(order=order).until is None


def _overdue(database: OwnDatabase) -> None:
    with database.connect("worker", autocommit=True) as link:
        link.execute("SELECT stock_release_overdue(%s, 10)", [LATER])


units = st.integers(1, 6)
days = st.one_of(st.none(), st.integers(1, 6))
step = st.one_of(
    st.tuples(st.just("receive"), st.integers(0, 1), units, days),
    st.tuples(
        st.just("reserve"), st.integers(0, 5), st.lists(st.tuples(st.integers(0, 1), units), min_size=1, max_size=3)
    ),
    st.tuples(st.just("release"), st.integers(0, 5)),
    st.tuples(st.just("take"), st.integers(0, 5)),
    st.tuples(st.just("return"), st.integers(0, 5), st.integers(0, 1), units),
    st.tuples(st.just("dispose")),
    st.tuples(st.just("wait")),
)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=25))
def test_any_story_of_stock_ends_as_the_oracle_tells_it(steps: list[tuple[Any, ...]]) -> None:
    variants = [a_variant(), a_variant()]
    orders: dict[int, OrderId] = {}
    oracle, now = OracleStock(), AT
    for word, *rest in steps:
        if word == "wait":
            now += timedelta(days=1)
        elif word == "receive":
            variant, quantity, lasts = variants[rest[0]], rest[1], rest[2]
            expires_at = None if lasts is None else now + timedelta(days=lasts)
            actions.receive_batch(SYSTEM, variant=variant, quantity=quantity, expires_at=expires_at, at=now)
            oracle.receive(variant, quantity, expires_at)
        elif word == "dispose":
            actions.dispose_expired(SYSTEM, at=now)
            oracle.dispose(now)
        else:
            _play_order(oracle, variants, orders, word, rest, now)
        for variant in variants:
            found = Level.objects.filter(pk=variant).first()
            seen = (found.on_hand, found.reserved) if found else (0, 0)
            assert seen == (oracle.on_hand(variant), oracle.reserved(variant)), word
            assert queries.available(variants=[variant], at=now) == {variant: oracle.sellable(variant, now)}
            batches = Batch.objects.filter(variant=variant).order_by("id")
            assert [b.remaining for b in batches] == [b.units for b in oracle.batches.get(variant, [])]
            assert sum(m.quantity for m in Movement.objects.filter(variant=variant)) == oracle.on_hand(variant)


def _play_order(
    oracle: OracleStock, variants: list[VariantId], orders: dict[int, OrderId], word: str, rest: list[Any], now: Any
) -> None:
    if word == "reserve":
        number, lines = rest
        if number in orders:
            return
        order = an_order()
        asked = [(order, variants[v], q) for v, q in lines]
        short = oracle.reserve(asked, now)
        held = [Line(*line) for line in asked]
        if short is None:
            actions.reserve(SYSTEM, lines=held, until=now, at=now)
            orders[number] = order
            return
        with pytest.raises(actions.OutOfStock) as refused:
            actions.reserve(SYSTEM, lines=held, until=now, at=now)
        assert refused.value.values["variant"] == str(short)
        return
    known = orders.get(rest[0])
    if known is None:
        return
    if word == "release":
        actions.release(SYSTEM, orders=(known,), at=now)
        oracle.release(known)
    elif word == "take":
        _alike(lambda: actions.take(SYSTEM, orders=(known,), at=now), lambda: oracle.take(known, now))
    else:
        variant, quantity = variants[rest[1]], rest[2]
        line = Line(known, variant, quantity)
        _alike(
            lambda: actions.give_back(SYSTEM, lines=(line,), at=now),
            lambda: oracle.give_back(known, variant, quantity),
        )


def _alike(ours: Any, theirs: Any) -> None:
    try:
        theirs()
    except Short:
        with pytest.raises((actions.OutOfStock, actions.NeverTaken)):
            ours()
    else:
        ours()
