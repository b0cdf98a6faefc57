"""The law of lives: every state can be reached, every life can end, and the database knows the same states."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django.db import connection

import linli
from linli.kernel.facts import module_word
from linli.kernel.life import Life

WITHOUT_END = {"delivery.GOODS_LIFE", "payouts.LINE_LIFE"}
"""Lives that nothing ends: goods that were handed over to a point and never fetched are carried back, and out again;
what was paid out can be returned by the bank at any later day."""
BESIDE = {"payouts.LINE_LIFE": {"reversal"}}
"""States that a column knows beside its life: a line that takes back never moves."""


@cache
def lives() -> dict[str, Life]:  # type: ignore[type-arg]
    """Every life that a rule of the house tells, by the module that tells it."""
    found: dict[int, tuple[str, Life]] = {}  # type: ignore[type-arg]
    for module in walk_packages(linli.__path__, "linli."):
        if ".rules" not in module.name:
            continue
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Life):
                found.setdefault(id(value), (f"{module_word(module.name)}.{name}", value))
    return dict(found.values())


def test_the_house_has_lives():
    assert {"orders.ORDER_LIFE", "orders.CHECKOUT_LIFE", "shops.SHOP_LIFE"} <= lives().keys()


@pytest.mark.parametrize("name", sorted(lives()))
def test_every_state_can_be_reached_from_birth(name):
    life = lives()[name]
    assert set(life.states) - life.reachable == set()


@pytest.mark.parametrize("name", sorted(lives()))
def test_from_every_state_an_end_can_be_reached(name):
    life = lives()[name]
    if name in WITHOUT_END:
        assert life.ends == frozenset()
        return
    assert life.ends
    assert life.stuck() == frozenset()


def checked_sets() -> dict[str, list[set[str]]]:
    """What the CHECK constraints of each module's tables on a column of states allow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, pg_get_constraintdef(c.oid) FROM pg_constraint c"
            " WHERE c.contype = 'c' AND pg_get_constraintdef(c.oid) ~ 'ANY' LIMIT 10000"
        )
        rows = cursor.fetchall()
    found: dict[str, list[set[str]]] = {}
    for table, definition in rows:
        found.setdefault(table.partition("_")[0], []).append(set(re.findall(r"'(\w+)'", definition)))
    return found


@pytest.mark.django_db
def test_the_database_checks_exactly_the_states_of_every_life():
    checked = checked_sets()
    unchecked = {
        name: sorted(s.value for s in life.states)
        for name, life in lives().items()
        if {s.value for s in life.states} | BESIDE.get(name, set())
        not in checked.get(name.partition(".")[0].replace("sign_in", "sign"), [])
    }
    assert unchecked == {}
