"""Running: a checked tree and its values come to an exact number, or to the name of the value that lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from linli.estate.billing.rules.expressions.tree import Call, Name, Number, Tree

Value = Fraction | bool


class Missing(Exception):
    """A name of the formula has no value here: the line is stopped and somebody is asked for it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def round_to(number: Fraction, places: int) -> Fraction:
    """This will round half away from zero to so many decimal places."""
    scale = 10**places
    whole, rest = divmod(abs(number) * scale, 1)
    return Fraction(int(whole) + (2 * rest >= 1), scale) * (1 if number >= 0 else -1)


_RUN: dict[str, Callable[..., Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "negative": lambda a: -a,
    "not": lambda a: not a,
    "min": min,
    "max": max,
    "round": lambda number, places: round_to(number, int(places)),
    "step": lambda number, size: Fraction(-(-number // size)),
}


def evaluate(tree: Tree, values: Mapping[str, Fraction]) -> Value:
    """This will work a checked tree out, exactly. Raises `Missing` for a name without a value."""
    match tree:
        case Number(value):
            return value
        case Name(name):
            try:
                return values[name]
            except KeyError:
                raise Missing(name) from None
        case Call("if", (condition, then, otherwise)):
            return evaluate(then if evaluate(condition, values) else otherwise, values)
        case Call("and", (left, right)):
            return bool(evaluate(left, values)) and bool(evaluate(right, values))
        case Call("or", (left, right)):
            return bool(evaluate(left, values)) or bool(evaluate(right, values))
        case Call(word, parts):
            return _RUN[word](*(evaluate(part, values) for part in parts))


def names_in(tree: Tree) -> frozenset[str]:
    """This will tell which names a formula uses."""
    match tree:
        case Name(name):
            return frozenset((name,))
        case Call(_word, parts):
            return frozenset().union(*(names_in(part) for part in parts))
        case _:
            return frozenset()
