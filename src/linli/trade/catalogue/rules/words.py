"""The words by which a listing is found: Chinese by character pairs and pinyin, other scripts by words.

A stored listing carries more tokens than are asked for, and every asked token must be among the stored ones:
东北大米 is found by 大米, 米, dami, dongbei dami and dm; "Tomatoes" by tomato, tomatoes and tom.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_TOKENS = 400
MOST_ASKED = 16
LONGEST = 40
SHORTEST_PREFIX = 3
MOST_SYLLABLES = 4
"""How many syllables may be typed in one go; longer runs are found by parts or by their initials."""

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")


def search_tokens(texts: Iterable[str]) -> list[str]:
    """This will make the tokens to store for a listing's texts."""
    found: dict[str, None] = {}
    for run in _runs(" ".join(texts)):
        for token in _of_han(run) if _IS_HAN.match(run) else _of_word(run):
            found.setdefault(token[:LONGEST])
    return list(found)[:MOST_TOKENS]


def asked_tokens(words: str) -> list[str]:
    """This will make the tokens that must all be stored with what is looked for; none when nothing can be asked."""
    found: dict[str, None] = {}
    for run in _runs(words):
        if not _IS_HAN.match(run):
            found.setdefault(_singular(run)[:LONGEST])
        elif len(run) == 1:
            found.setdefault(run)
        else:
            found.update(dict.fromkeys(_windows(run, 2)))
    return list(found)[:MOST_ASKED]


def _runs(text: str) -> Iterator[str]:
    return (found.group() for found in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()))


def _of_word(word: str) -> Iterator[str]:
    yield _singular(word)
    if not word.isdigit():
        yield from (word[:n] for n in range(SHORTEST_PREFIX, min(len(word), LONGEST) + 1))


def _of_han(run: str) -> Iterator[str]:
    yield from run
    yield from _windows(run, 2)
    from pypinyin import Style, lazy_pinyin  # a second of start-up for a dictionary that only merchants need

    syllables = lazy_pinyin(run, style=Style.NORMAL, errors="ignore")
    for size in range(1, MOST_SYLLABLES + 1):
        yield from ("".join(part) for part in _windows(syllables, size))
    initials = "".join(s[0] for s in syllables)
    for size in range(2, MOST_SYLLABLES + 1):
        yield from _windows(initials, size)
    yield initials


def _windows(run: str | list[str], size: int) -> Iterator[str]:
    return ("".join(run[n : n + size]) for n in range(len(run) - size + 1))


def _singular(word: str) -> str:
    if len(word) > 3 and word.isascii():
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("oes", "ses", "xes", "zes", "ches", "shes")):
            return word[:-2]
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word
