"""Telling: a tree written out again, with its names in words or in figures, for "why this amount"."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from linli.estate.billing.rules.expressions.running import round_to
from linli.estate.billing.rules.expressions.tree import BINDING, Call, Name, Number, Tree


def said(name: str) -> str:
    """This will write a name as it is written in a formula."""
    return f'attr("{name.removeprefix("attr:")}")' if name.startswith("attr:") else name


_STRENGTH = {word: nth for nth, words in enumerate(BINDING) for word in words} | dict.fromkeys(
    ("not", "negative"), len(BINDING)
)


def written(tree: Tree, say: Callable[[str], str] = said) -> str:
    """This will write a tree out again; `say` turns a name into words, or into its figure for "why this amount"."""
    match tree:
        case Number(value):
            return decimal_text(value)
        case Name(name):
            return say(name)
        case Call("negative" | "not" as word, (part,)):
            return f"{'-' if word == 'negative' else 'not '}{_bracketed(part, len(BINDING), say)}"
        case Call(word, (left, right)) if word in _STRENGTH:
            own = _STRENGTH[word]
            return f"{_bracketed(left, own, say)} {word} {_bracketed(right, own + 1, say)}"
        case Call(word, parts):
            return f"{word}({', '.join(written(part, say) for part in parts)})"


def _bracketed(tree: Tree, strength: int, say: Callable[[str], str]) -> str:
    loose = isinstance(tree, Call) and _STRENGTH.get(tree.word, strength) < strength
    return f"({written(tree, say)})" if loose else written(tree, say)


def decimal_text(value: Fraction, places: int = 6) -> str:
    """This will write an exact number as a decimal without trailing zeros, rounded to so many places for the eye."""
    shown = round_to(value, places)
    sign, (whole, rest) = ("-" if shown < 0 else ""), divmod(abs(shown), 1)
    tail = f"{int(rest * 10**places):0{places}d}".rstrip("0")
    return f"{sign}{int(whole)}{'.' + tail if tail else ''}"
