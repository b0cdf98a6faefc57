"""Checking: a formula is proved before it is kept: names known, types right, no division by what may be zero."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from linli.estate.billing.rules.expressions.ranges import RANGE_OF, Range, Ranges, hull
from linli.estate.billing.rules.expressions.reading import tree_of
from linli.estate.billing.rules.expressions.telling import said
from linli.estate.billing.rules.expressions.tree import COMPARISONS, FUNCTIONS, Call, Mistake, Name, Number, Tree
from linli.kernel.words import _

MOST_LETTERS = 500


def read(text: str, names: Ranges) -> Tree:
    """This will read a formula and prove that it can run: every name known, every type right, no division by zero.

    `names` are the names that may be used and what each may be; attributes of the community's own stand in it as
    `attr:name`. Raises `Mistake` with the place of the first thing that is wrong.
    """
    if not text.strip():
        raise Mistake(_("A formula cannot be empty."), 0)
    if len(text) > MOST_LETTERS:
        raise Mistake(_("A formula has at most {most} letters."), MOST_LETTERS, most=MOST_LETTERS)
    tree = tree_of(text)
    if _range(tree, names) is None:
        raise Mistake(_("The result must be an amount, not yes or no."), 0)
    return tree


def _range(tree: Tree, names: Ranges) -> Range | None:
    """What the tree may come to; None for yes or no."""
    match tree:
        case Number(value):
            return Range(value, value)
        case Name(name, at):
            if name not in names:
                raise _unknown(name, at, names)
            return names[name]
        case Call("if", parts, at):
            return _range_of_if(parts, at, names)
        case Call("and" | "or" | "not", parts):
            for part in parts:
                if _range(part, names) is not None:
                    raise Mistake(_("A comparison is expected here."), part.at)
            return None
        case Call(word, parts, at):
            ranges = [_number(part, names) for part in parts]
            if word in COMPARISONS:
                return None
            return _combined(word, parts, ranges, at)


def _number(tree: Tree, names: Ranges) -> Range:
    found = _range(tree, names)
    if found is None:
        raise Mistake(_("A number is expected here, not yes or no."), tree.at)
    return found


def _range_of_if(parts: Sequence[Tree], at: int, names: Ranges) -> Range:
    if len(parts) != 3:
        raise Mistake(_("if needs a comparison, what holds then, and what holds otherwise."), at)
    condition, then, otherwise = parts
    if _range(condition, names) is not None:
        raise Mistake(_("A comparison is expected here."), condition.at)
    a = _number(then, {**names, **_known_from(condition, names)})
    b = _number(otherwise, names)
    return hull(a, b)


def _known_from(condition: Tree, names: Ranges) -> dict[str, Range]:
    """What a comparison of a name with a number tells where it holds; so `if(a > 0, 1 / a, 0)` may divide."""
    match condition:
        case Call(">", (Name(name), Number(low))) | Call("<", (Number(low), Name(name))):
            return {name: names[name].from_(low, itself=False)}
        case Call(">=", (Name(name), Number(low))) | Call("<=", (Number(low), Name(name))):
            return {name: names[name].from_(low, itself=True)}
        case Call("!=", (Name(name), Number(value))) if value == 0:
            return {name: names[name].without_zero()}
        case Call("and", (left, right)):
            known = _known_from(left, names)
            return {**known, **_known_from(right, {**names, **known})}
    return {}


def _combined(word: str, parts: Sequence[Tree], ranges: Sequence[Range], at: int) -> Range:
    _insist_on_number_of_parts(word, parts, at)
    match word:
        case "/" if ranges[1].may_be_zero:
            raise Mistake(
                _("This could divide by zero. Say max(…, a number above zero), or ask first with if(… > 0, …, …)."),
                parts[1].at,
            )
        case "step" if ranges[1].low is None or ranges[1].low < 0 or ranges[1].may_be_zero:
            raise Mistake(_("The size of a step must be above zero."), parts[1].at)
        case "round":
            places = parts[1]
            if not isinstance(places, Number) or places.value not in range(7):
                raise Mistake(_("round needs a whole number of places from 0 to 6."), places.at)
    return RANGE_OF[word](*ranges)


def _insist_on_number_of_parts(word: str, parts: Sequence[Tree], at: int) -> None:
    if word in ("min", "max"):
        if len(parts) < 2:
            raise Mistake(_("“{word}” needs at least two values."), at, word=word)
    elif word in FUNCTIONS and len(parts) != 2:
        raise Mistake(_("“{word}” needs two values."), at, word=word)


def _unknown(name: str, at: int, names: Ranges) -> Mistake:
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return Mistake(_("There is no value “{name}”. Is “{close}” meant?"), at, name=said(name), close=said(close[0]))
    return Mistake(_("There is no value “{name}”."), at, name=said(name))
