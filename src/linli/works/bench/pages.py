"""`linli bench pages`: what Lighthouse says of the owner's main pages, on a phone with a slow network."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linli.faces.shell import voice
from linli.works.bench.lighthouse import CATEGORIES, Lighthouse, Measured
from linli.works.bench.report import Report
from linli.works.gallery.views import PEOPLE, VIEWS
from linli.works.gallery.visitors import NotLetIn, Visitor

LIMIT = 95
PAGES = ("home", "shelf", "bill", "order", "checkout", "payment")


@dataclass(frozen=True)
class Page:
    """A page with the medians of its runs."""

    name: str
    scores: dict[str, int]
    figures: dict[str, float]
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return all(score >= LIMIT for score in self.scores.values())


def look(
    lighthouse: Lighthouse, house: str, names: Sequence[str], runs: int, tell: Callable[[str], None]
) -> list[Page]:
    """This will let Lighthouse see each page so many times, as the demo's resident."""
    owner = Visitor(house)
    owner.signs_in(PEOPLE["owner"])
    owner.cookies[voice.LANGUAGE_COOKIE] = voice.CHINESE
    found = []
    for name in names:
        where = _BOUGHT[name](owner) if name in _BOUGHT else _found(owner, name)
        seen = []
        for _run in range(runs):
            owner.reads(where)  # renews what has run out
            seen.append(lighthouse.measure(house + where, owner.cookies))
        found.append(median_of(name, seen))
        tell(_in_words(found[-1]))
    return found


def median_of(name: str, seen: Sequence[Measured]) -> Page:
    """This will give a page with the medians of what was seen, and every fault that was found at all."""
    return Page(
        name,
        scores={word: int(statistics.median_low([one.scores[word] for one in seen])) for word in CATEGORIES},
        figures={word: statistics.median_low([one.figures[word] for one in seen]) for word in seen[0].figures},
        faults=tuple(sorted({fault for one in seen for fault in one.faults})),
    )


def _found(owner: Visitor, name: str) -> str:
    view = next(view for view in VIEWS if (view.who, view.name) == ("owner", name))
    where = owner.finds(view)
    if where is None:
        raise NotLetIn(f"the demo's resident has no {name} to look at")
    return where


def _checkout(owner: Visitor) -> str:
    """A checkout of the first thing on the shelf, which runs out by itself."""
    listing = _found(owner, "listing")
    variant = re.search(r'name="variant" value="([^"]+)"', owner.reads(listing))
    if variant is None:
        raise NotLetIn(f"{listing} sells nothing")
    owner.sends(listing, variant=variant[1], quantity="1")
    owner.sends("/o/checkouts/")
    return owner.at


def _payment(owner: Visitor) -> str:
    """What there is to pay for such a checkout once it is placed; nobody pays it, so its goods are let go in time."""
    owner.sends(f"{_checkout(owner)}placement/")
    return owner.at


_BOUGHT: dict[str, Callable[[Visitor], str]] = {"checkout": _checkout, "payment": _payment}
"""Pages that stand only after somebody has put something into the basket."""


def _in_words(page: Page) -> str:
    scores = " ".join(f"{word} {score}" for word, score in page.scores.items())
    figures = " ".join(f"{name} {value:g}" for name, value in page.figures.items())
    faults = "".join(f"\n      {fault}" for fault in page.faults)
    return f"{'✓' if page.is_good else '✗'} {page.name:<10} {scores}   {figures}{faults}"


def report_of(found: Sequence[Page], runs: int) -> Report:
    """This will put what was found on one line for programs."""
    figures = {
        f"{page.name}_{word.replace('-', '_')}": value
        for page in found
        for word, value in {**page.scores, **page.figures}.items()
    }
    return Report(
        name="pages",
        parameters={"runs": runs, "language": "zh"},
        figures=figures,
        limit={"score_at_least": LIMIT},
        ratio=None,
        checks={f"{page.name}_has_{LIMIT}": page.is_good for page in found},
    )
