"""The book of settings on screen: its subjects first, then one subject, or what a search finds in all of them.

Some three hundred settings on one page are read by nobody: a reader begins with a subject, with a word, or with what is
not as it was built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext
from linli.faces.shell.policies import Map, Where, written
from linli.ground.policies import queries
from linli.ground.policies.queries import PolicyCard
from linli.ground.policies.rules import Explained


@dataclass(frozen=True, slots=True)
class Subject:
    """A policy as one line: how many settings it has, how many are not built in, and how many will change."""

    card: PolicyCard
    settings: int
    said: int
    coming: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a page of settings shows: `cards` of one subject or of a search; where nothing is asked, `subjects`."""

    q: str
    only: str
    about: str
    subjects: tuple[Subject, ...]
    cards: tuple[PolicyCard, ...]

    @property
    def is_opened(self) -> bool:
        """This will tell whether settings are shown and not their subjects."""
        return bool(self.q or self.only or self.about)


def opened(every: Iterable[PolicyCard], where: Where, asked: Fields) -> Book:
    """This will open the book where the address says; what the company sets itself comes first."""
    cards = sorted(every, key=lambda each: not each.of_company)
    book = Book(asked.raw("q"), asked.raw("only"), _about(asked), (), ())
    if not book.is_opened:
        return replace(book, subjects=tuple(_subject(card) for card in cards))
    return replace(book, cards=tuple(narrowed(cards, where, asked)))


def narrowed(cards: Iterable[PolicyCard], where: Where, asked: Fields) -> Iterable[PolicyCard]:
    """This will give the policies with those of their settings that the address asks for."""
    words, only, subject = asked.raw("q").casefold().split(), asked.raw("only"), _about(asked)
    for card in cards:
        if subject not in ("", card.word):
            continue
        about = f"{card.word} {card.says} {_(card.says) if card.says else ''}"
        settings = tuple(
            one for one in card.settings if _is_asked(one, card, where, only) and _names(words, about, one)
        )
        if settings:
            yield replace(card, settings=settings)


def columns() -> list[str]:
    """This will head the sheet of a book."""
    first = [
        pgettext("policy", "About"),
        _("Setting"),
        pgettext("thing", "Name"),
        _("Value"),
        _("Comes from"),
        _("Since"),
        _("Built in"),
    ]
    return [*first, _("Will change to"), _("From")]


def rows(cards: Iterable[PolicyCard], known: Map) -> Iterator[tuple[object, ...]]:
    """This will give a sheet's row for each setting: what it is, where that comes from, and what it will be."""
    for card in cards:
        defaults = queries.defaults_of(card.word)
        next_of = {each.setting: each for each in reversed(card.coming)}
        for one in card.settings:
            change = next_of.get(one.setting)
            yield (
                *(_(card.says) if card.says else card.word, _(one.says) if one.says else one.setting),
                *(f"{card.word}.{one.setting}", written(one.value)),
                *(known.called(one.level, one.place) if one.since else _("built in"), one.since),
                written(defaults[one.setting]),
                *((written(change.value), change.start_at) if change else (None, None)),
            )


def _about(asked: Fields) -> str:
    """The subject of an address; what is searched for is searched for in all of them."""
    return "" if asked.raw("q") else asked.raw("about")


def _subject(card: PolicyCard) -> Subject:
    said = sum(one.since is not None for one in card.settings)
    return Subject(card, len(card.settings), said, len({each.setting for each in card.coming}))


def _is_asked(one: Explained, card: PolicyCard, where: Where, only: str) -> bool:
    if only == "own":
        return one.since is not None
    if only == "here":
        return (one.level, one.place) == (where[0].value, where[1])
    return only != "coming" or any(each.setting == one.setting for each in card.coming)


def _names(words: list[str], about: str, one: Explained) -> bool:
    text = f"{about} {one.setting} {one.says} {_(one.says) if one.says else ''}".casefold()
    return all(word in text for word in words)
