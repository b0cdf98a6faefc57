"""What a formula is once it is read: numbers, names and calls, each knowing where it stood in the text."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

FUNCTIONS = ("min", "max", "round", "step", "if")
"""`round(x, places)` goes half away from zero; `step(x, size)` counts begun sizes, as in "each begun 30 minutes"."""

BINDING = (("or",), ("and",), ("<", "<=", ">", ">=", "==", "!="), ("+", "-"), ("*", "/"))
"""How strongly operators bind, loosest first."""

COMPARISONS = BINDING[2]


class Mistake(Exception):
    """A formula cannot be used. `at` counts letters from 0; `says` is a sentence with named places for `values`."""

    def __init__(self, says: str, at: int, **values: object) -> None:
        super().__init__(says.format(**values))
        self.says, self.at, self.values = says, at, values


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A value of the home, the meter or the term, a parameter of the tariff, or `attr("x")`, whose name is `attr:x`."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function over its parts."""

    word: str
    parts: tuple[Tree, ...]
    at: int


Tree = Number | Name | Call
