"""Facts are what happened: frozen, past tense, ids and values; they climb the house while calls go down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, dataclass_transform

_kinds: dict[str, type[Fact]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened. A subclass is a frozen, keyword-only dataclass and is known by `module.ClassName`.

    Facts carry ids and values only: no names, phones, addresses or secrets (they are kept and they travel).
    """

    kind: ClassVar[str]
    at: datetime

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        cls.kind = f"{module_word(cls.__module__)}.{cls.__name__}"
        known = _kinds.setdefault(cls.kind, cls)
        if known.__module__ != cls.__module__:
            raise TypeError(f"two facts are called {cls.kind}")
        _kinds[cls.kind] = cls


def fact_of_kind(kind: str) -> type[Fact]:
    """This will find the class of a fact by its kind; KeyError for one that nobody tells any more."""
    return _kinds[kind]


def kinds() -> tuple[str, ...]:
    """This will list every fact that the house can tell, by name."""
    return tuple(sorted(_kinds))


def module_word(dotted: str) -> str:
    """This will name the module of the house that a Python module belongs to: linli.trade.orders.events -> orders."""
    parts = dotted.split(".")
    if parts[0] == "linli" and len(parts) > 2 and parts[1] not in {"kernel", "spine"}:
        return parts[2]
    return parts[-1] if parts[0] != "linli" else parts[1]
