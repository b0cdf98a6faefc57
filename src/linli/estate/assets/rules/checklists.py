"""Checklists: what is looked at when an asset is maintained, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.estate.assets.rules.words import Outcome
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

MOST_ITEMS = 30
LONGEST_ITEM = 80
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """An item with what was found; a finding says what."""

    item: str
    outcome: Outcome
    words: str = ""


def checked_items(items: Sequence[str]) -> tuple[str, ...]:
    """This will give the items of a checklist, trimmed, each once, or refuse them."""
    kept = tuple(dict.fromkeys(" ".join(item.split()) for item in items if item.strip()))
    if not 1 <= len(kept) <= MOST_ITEMS or any(len(item) > LONGEST_ITEM for item in kept):
        raise Invalid(
            "items", _("Between 1 and {most} items of at most {long} characters."), most=MOST_ITEMS, long=LONGEST_ITEM
        )
    return kept


def answered(items: Sequence[str], given: Sequence[tuple[Outcome, str]]) -> tuple[Answer, ...]:
    """This will put answers beside their items, or refuse at the first that is missing or says nothing."""
    answers = []
    for nth, item in enumerate(items):
        if nth >= len(given):
            raise Invalid(f"items.{nth}", _("Please answer this one."))
        outcome, words = given[nth][0], given[nth][1].strip()
        if len(words) > LONGEST_WORDS:
            raise Invalid(f"words.{nth}", _("At most {most} characters."), most=LONGEST_WORDS)
        if outcome is Outcome.FINDING and not words:
            raise Invalid(f"words.{nth}", _("Please say what is not in order."))
        answers.append(Answer(item, outcome, words))
    return tuple(answers)
