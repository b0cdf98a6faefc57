"""Jinja on its own: one environment, autoescaped, its bytecode cached, components and filters at hand everywhere.

A template is named by its face: `merchant/board.jinja` is `faces/merchant/templates/board.jinja`. In every template
stand `ui` (the components), `draw` (an icon), `url`, `_`, `ngettext`, `pgettext`, and `request`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import jinja2
from django.conf import settings
from jinja2.runtime import Context
from markupsafe import Markup

from linli.faces.shell import (
    addresses,
    assets,
    charging,
    charts,
    columns,
    components,
    deeds,
    formats,
    hearing,
    icons,
    menus,
    messages,
    offline_work,
    voice,
)
from linli.ground.people.rules import masked_phone
from linli.spine import sheets as sheet_columns

FACES = Path(__file__).resolve().parents[1]
MOST_CARDS = 2048
BYTECODE = "told-anew-%s.cache"
"""What older houses compiled calls its filters in another way, and is not read."""

_cards: dict[tuple[int, Hashable], str] = {}
_numbers = count()


class NoSuchBlock(LookupError):
    """A defect: a fragment was asked of a page that has no block of this name."""


@cache
def environment() -> jinja2.Environment:
    """This will make the one environment, when the first page is made."""
    folders = {f.parent.name: jinja2.FileSystemLoader(f) for f in sorted(FACES.glob("*/templates"))}
    made = jinja2.Environment(
        loader=jinja2.PrefixLoader({**folders, "components": jinja2.FileSystemLoader(components.FOLDER)}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.RELOAD_TEMPLATES,
        cache_size=1000,
        bytecode_cache=_bytecode(),
    )
    made.filters.update({name: _told_anew(tell) for name, tell in FILTERS.items()})
    made.globals.update(
        _=messages.template_gettext,
        ngettext=messages.template_ngettext,
        pgettext=messages.template_pgettext,
        url=addresses.url,
        draw=icons.icon,
        asset=assets.address,
        chart=charts,
        code_of=charts.code,
        columns_here=columns.choice,
        comma=formats.comma,
        colon=formats.colon,
        voice=voice,
        hears=hearing.hears,
        hears_of=hearing.hears_of,
        live_at=hearing.live_at,
        menus=menus,
        offline_work=offline_work,
        remembered=remembered,
        ui=components.Ui(made),
    )
    return made


def _told_anew(tell: Callable[..., Any]) -> Callable[..., Any]:
    """This will keep Jinja from answering for a constant when it compiles: the next reader has another language."""

    @jinja2.pass_context
    def tells(_context: Context, *given: object, **named: object) -> Any:
        return tell(*given, **named)

    return tells


def _heading(asked: sheet_columns.RowError | str, columns: Sequence[sheet_columns.Column]) -> str:
    """A column of a sheet by its name in the reader's language; that of a wrong cell as its own sheet calls it."""
    if isinstance(asked, sheet_columns.RowError):
        return messages.in_language(sheet_columns.heading_of(asked, columns))
    return messages.in_language(sheet_columns.called(columns, asked))


FILTERS: dict[str, Any] = {
    "money": formats.money,
    "day": formats.day,
    "month": formats.month,
    "near_day": formats.near_day,
    "moment": formats.moment,
    "written": formats.written,
    "clock": formats.clock,
    "far": formats.far,
    "span": lambda window: formats.span(*window),
    "wait": formats.wait,
    "percent": formats.percent,
    "plain_number": formats.plain_number,
    "exact_money": formats.exact_money,
    "count": formats.count,
    "listed": formats.listed,
    "said": formats.said,
    "shortened": formats.shortened,
    "unbroken": formats.unbroken,
    "sortable": formats.sortable,
    "once_key": formats.once_key,
    "provider": formats.provider,
    "days": charging.days,
    "formula_words": charging.formula_words,
    "value_name": charging.value_name,
    "value_text": charging.value_text,
    "preset_says": charging.preset_says,
    "day_text": charging.day_text,
    "share_of_month": charging.share_of_month,
    "masked": masked_phone,
    "word": messages.word,
    "deed": messages.deed,
    "told": deeds.told,
    "done": messages.done,
    "words": messages.in_language,
    "heading": _heading,
}


def render(name: str, values: Mapping[str, Any], *, block: str | None = None) -> str:
    """This will make a page, or only one of its blocks."""
    template = environment().get_template(name)
    asked = values.get("request")
    columns.begin(asked.http.GET.dict() if asked is not None else {})
    if block is None:
        return template.render(values)
    part = _block_of(template, block)
    return "".join(part(template.new_context(dict(values))))


class Shown(Protocol):
    """A thing that tells all that its card shows of it."""

    @property
    def looks(self) -> Hashable: ...


def remembered(macro: Callable[..., str], things: Iterable[Shown], *same: object) -> Markup:
    """This will give what a macro makes of each thing, made once in each language for what the thing looks like.

    Thirty cards cost more than the two statements they are about, and few of them change from one page to the next.
    """
    where = _number_of(macro, voice.current().locale, same)
    cards = []
    for thing in things:
        key = (where, thing.looks)
        card = _cards.get(key)
        if card is None:
            if len(_cards) >= MOST_CARDS:
                _cards.clear()
            card = _cards[key] = macro(thing, *same)
        cards.append(card)
    return Markup("".join(cards))  # noqa: S704 - macros escape


@lru_cache(maxsize=1024)
def _number_of(*_about: object) -> int:
    """Numbers are never given twice: what was forgotten here is made again under another."""
    return next(_numbers)


def has_block(name: str, block: str) -> bool:
    """This will tell whether a page (or the layout under it) has a block of this name."""
    return block in environment().get_template(name).blocks


def _block_of(template: jinja2.Template, block: str) -> Any:
    try:
        return template.blocks[block]
    except KeyError:
        raise NoSuchBlock(f"{template.name} has no block {block!r}") from None


def _bytecode() -> jinja2.BytecodeCache | None:
    folder = Path(settings.HOME) / "cache" / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None  # a read-only home costs a second at start, nothing else
    return jinja2.FileSystemBytecodeCache(str(folder), BYTECODE)
