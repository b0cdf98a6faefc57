"""The words that a desk puts on homes, so that a notice finds those it is for."""

from __future__ import annotations

import re

from linli.kernel.refusals import Invalid
from linli.kernel.words import _

LONGEST_TAG = 20
MOST_TAGS = 100
MOST_TAGGED_AT_ONCE = 5_000
_APART = re.compile(r"[\s,，、;；]")


def tag_word(text: str) -> str:
    """This will read a word for homes: one word, because several are typed apart by commas and blanks."""
    word = text.strip()
    if not word or len(word) > LONGEST_TAG or _APART.search(word):
        raise Invalid("word", _("Please write one word of at most {most} characters."), most=LONGEST_TAG)
    return word
