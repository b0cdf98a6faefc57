"""The law of facts: frozen, past tense, ids and values; nothing personal and nothing secret travels or is kept."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from uuid import UUID

import msgspec
import pytest

import linli
from linli.kernel import facts
from linli.kernel.facts import Fact, fact_of_kind
from linli.kernel.money import Money

PERSONAL = {
    "phone", "name", "names", "address", "code", "token", "secret", "password", "email", "contact", "door", "text",
    "body", "message", "birthday", "number", "account",
}  # fmt: skip
VALUES = (UUID, Money, int, bool, str, datetime, date, Decimal, type(None))


def all_facts() -> list[type[Fact]]:
    for module in walk_packages(linli.__path__, "linli."):
        if module.name.rpartition(".")[2] == "events" or ".events." in module.name:
            import_module(module.name)
    return [f for kind in facts.kinds() if (f := fact_of_kind(kind)).__module__.startswith("linli.")]


FACTS = all_facts()


def is_value(hint: object) -> bool:
    if isinstance(hint, typing.NewType):
        return is_value(hint.__supertype__)
    origin = typing.get_origin(hint)
    if origin in (tuple, typing.Union, types.UnionType):
        return all(is_value(part) for part in typing.get_args(hint) if part is not Ellipsis)
    return isinstance(hint, type) and issubclass(hint, (*VALUES, Enum))


def fields_of(fact: type[Fact]) -> dict[str, object]:
    hints = typing.get_type_hints(fact)
    return {field.name: hints[field.name] for field in dataclasses.fields(fact)}


def test_the_house_tells_facts():
    assert len(FACTS) > 20


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind)
class TestEveryFact:
    def test_carries_nothing_personal_and_nothing_secret(self, fact):
        words = {word for name in fields_of(fact) for word in name.split("_")}
        assert words & PERSONAL == set()

    def test_carries_ids_and_values_only(self, fact):
        assert {name: hint for name, hint in fields_of(fact).items() if not is_value(hint)} == {}

    def test_is_frozen_and_can_be_written_down_and_read_again(self, fact):
        assert fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert msgspec.json.Decoder(fact)
