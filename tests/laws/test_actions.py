"""The law of actions: the audit keeps no words of people, and no stored response a secret or personal data."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import linli
from linli.faces.shell import messages
from linli.spine.action import MOMENTS
from linli.spine.may import PERMITS, Role

WORDS = {
    "account", "address", "answer", "bank", "code", "content", "device_name", "name", "note", "password", "phone",
    "reason", "secret", "text", "token", "url", "why",
}  # fmt: skip
"""Arguments of these names are typed by people or are secret: the audit, which is never changed, leaves them out."""
PUBLIC = {
    ("payments.close_collection", "why"),
    ("payments.keep_page", "url"),
    ("payments.record_bank_transfer", "account"),
    ("payouts.import_bank_file", "account"),
    ("payouts.preview_bank_file", "account"),
    ("payouts.record_signal", "bank"),
    ("payouts.record_signal", "reason"),
    ("people._register_organisation", "name"),
    ("people.register_organisation", "name"),
    ("places.add_community", "address"),
}
"""Words of the house and of providers, names of organisations, and our own bank accounts."""
OUR_OWN = {
    "orders.choose_transfer",
    "payments.issue_deposit_slip",
    "payments.issue_transfer_slip",
    "shops.issue_deposit_slip",
}
"""Answers whose name or account is the house's own."""
SHOWN_ONCE = {"phone", "secret", "token", "code", "name", "account"}
BY_PERSONS = {may for role, mays in PERMITS.items() if role is not Role.SYSTEM for may in mays}


def all_actions() -> dict[str, Callable[..., Any]]:
    found = {}
    for module in walk_packages(linli.__path__, "linli."):
        if ".actions" in module.name:
            for value in vars(import_module(module.name)).values():
                if inspect.isfunction(value) and hasattr(value, "verb"):
                    found[value.verb] = value
    return found


ACTIONS = all_actions()


def texts_of(verb: Callable[..., Any]) -> set[str]:
    hints = typing.get_type_hints(verb)
    return {name for name, hint in hints.items() if name != "return" and hint in (str, str | None, bytes)}


def fields_within(hint: Any) -> set[str]:
    """The names of all fields that an answer carries, however deep."""
    inner = {name for part in typing.get_args(hint) for name in fields_within(part)}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        inner |= {field.name for field in dataclasses.fields(hint)}
        inner |= {name for field in dataclasses.fields(hint) for name in fields_within(hints[field.name])}
    return inner


def test_the_house_has_verbs():
    assert len(ACTIONS) > 100


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_part_of_what_the_audit_shows_has_its_chinese(name):
    """An entry says `draft.lines.0.quantity`; an amount of money is one value, and the time of the deed is its own."""
    verb = ACTIONS[name]
    hints = typing.get_type_hints(verb)
    shown = {
        part
        for each in inspect.signature(verb).parameters.values()
        if each.kind is each.KEYWORD_ONLY and each.name not in (*verb.private, *MOMENTS)
        for part in (each.name, *fields_within(hints[each.name]))
    } - {"minor"}
    plain = {part.replace("_", " ").strip() for part in shown}
    assert {part for part in plain if (messages.VALUE, part) not in messages.chinese()} == set()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_the_audit_keeps_no_words_of_people(name):
    verb = ACTIONS[name]
    told = {word for word in texts_of(verb) & WORDS if (name, word) not in PUBLIC}
    assert told - set(verb.private) == set()


@pytest.mark.parametrize("name", sorted(n for n, verb in ACTIONS.items() if verb.needs in BY_PERSONS))
def test_an_answer_with_something_secret_or_personal_is_shown_once_and_never_stored(name):
    verb = ACTIONS[name]
    carried = fields_within(typing.get_type_hints(verb)["return"]) & SHOWN_ONCE
    assert verb.shown_once or name in OUR_OWN or carried == set()
