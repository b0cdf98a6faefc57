"""What the house says, in the reader's language. English source strings; Chinese from `locale/zh_Hans/*.po`.

Catalogs are read and merged in memory when the first text is asked for: there is no compiled file and no build step.
One catalog per module or face keeps people who translate at the same time out of each other's way. Places in a message
are named and written `{so}`; in templates the values are escaped, the message is not trusted either.

`python -m linli.faces.shell.message_harvest` brings the catalogs up to date with the code.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from linli.faces.shell import voice
from linli.faces.shell.days import day
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, Refusal

FOLDER = Path(__file__).resolve().parents[2] / "locale" / "zh_Hans"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WORD = "word"
"""The context of words from rules: states, verbs, kinds and roles."""
DEED, VALUE = "deed", "value"
"""The contexts of what people call an action or a task of the clock, and the values that an action is given."""

Catalog = dict[tuple[str | None, str], str]


class TwoTranslations(ValueError):
    """A defect: two catalogs translate one message differently; one of them needs a context."""


@cache
def chinese() -> Catalog:
    """This will read and merge all Chinese catalogs."""
    merged: Catalog = {}
    for path in sorted(FOLDER.glob("*.po")):
        for key, text in read_catalog(path).items():
            if merged.setdefault(key, text) != text:
                raise TwoTranslations(f"{key[1]!r}: {merged[key]!r} and, in {path.name}, {text!r}")
    return merged


def read_catalog(path: Path) -> Catalog:
    """This will read the usable messages of one catalog (no fuzzy and no empty ones)."""
    found: Catalog = {}
    with path.open("rb") as file:
        for message in read_po(file, locale="zh_Hans"):
            text = message.string if isinstance(message.string, str) else "".join((message.string or ())[:1])
            one = message.id if isinstance(message.id, str) else message.id[0]
            if one and text and not message.fuzzy:
                found[(message.context, one)] = text
    return found


def look_up(text: str, context: str | None = None) -> str:
    """This will give a message in the current language, its places still open."""
    if voice.current().locale == voice.ENGLISH:
        return text
    return chinese().get((context, text), text)


def gettext(text: str, **values: object) -> str:
    """This will say a message in the reader's language with its values in place."""
    said = look_up(text)
    return said.format(**values) if values else said


_ = gettext


def pgettext(context: str, text: str, **values: object) -> str:
    """This will say a message that means something else elsewhere; the context tells the translator where this is."""
    said = look_up(text, context)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """This will say a message about `n` things; Chinese has one form for all numbers."""
    said = look_up(one)
    if said == one and n != 1:
        said = many
    return said.format(n=n, **values)


IN_ENGLISH = {
    "pos": "card terminal",
    "qr": "QR code",
    "sf": "SF Express",
    "jd": "JD Logistics",
    "ems": "EMS",
    "todo": "to be given",
    "zto": "ZTO Express",
    "yto": "YTO Express",
    "sto": "STO Express",
    "yunda": "Yunda Express",
    "monday": "Monday",
    "tuesday": "Tuesday",
    "wednesday": "Wednesday",
    "thursday": "Thursday",
    "friday": "Friday",
    "saturday": "Saturday",
    "sunday": "Sunday",
}
"""Words of the rules that are no English words, or are written otherwise."""


def word_of(enum: str) -> str:
    """This will give the context of the words that are one enum's own: months and slips are "issued" in two senses."""
    return f"{WORD} {enum}"


def word(value: object) -> str:
    """This will say a word from the rules (a state, a verb, a kind, a role) in the reader's language.

    A word that means something else in one enum than in the others has a translation of that enum's own.
    """
    plain = str(value.value if isinstance(value, Enum) else value).replace("_", " ")
    said = look_up(plain, word_of(type(value).__name__)) if isinstance(value, Enum) else plain
    said = look_up(plain, WORD) if said == plain else said
    return IN_ENGLISH.get(said, said) if voice.current().locale == voice.ENGLISH else said


def deed(name: str) -> str:
    """This will say what people call an action or a task of the clock, by its name in the code without its module.

    `orders.accept_order` is "Accept order": verbs of the house are named so that this can be read.
    """
    said = look_up(name.rpartition(".")[2].replace("_", " ").strip(), DEED)
    return said[:1].upper() + said[1:]


def value_of_deed(name: str) -> str:
    """This will say what people call a value that an action was given (`start_on`, `lines.0.quantity`)."""
    return " ".join(
        str(int(each) + 1) if each.isdecimal() else look_up(each.replace("_", " ").strip(), VALUE)
        for each in name.split(".")
    )


_DONE_IN_ENGLISH = {
    "withdraw": "withdrawn",
    "write": "written",
    "send": "sent",
    "give": "given",
    "take": "taken",
    "keep": "kept",
    "hold": "held",
    "lose": "lost",
    "break": "broken",
    "bring": "brought",
    "pay": "paid",
    "repay": "repaid",
    "cut": "cut",
    "put": "put",
    "top": "topped",
    "reapply": "applied again",
    "pin": "pinned",
    "unpin": "unpinned",
    "tell": "told",
}


def done(verb: object) -> str:
    """This will say a verb of the rules as what was done: `ask` is "asked"; in Chinese a verb is said as it is."""
    said = word(verb)
    if voice.current().locale != voice.ENGLISH:
        return said
    first, space, rest = said.partition(" ")
    regular = first + ("d" if first.endswith("e") else "led" if first == "cancel" else "ed")
    return _DONE_IN_ENGLISH.get(first, regular) + space + rest


def template_gettext(text: str, **values: object) -> str | Markup:
    """This will be `_` in templates: as `gettext`, but values are escaped into safe markup."""
    said = look_up(text)
    return Markup(escape(said)).format(**values) if values else said  # noqa: S704


def template_pgettext(context: str, text: str, **values: object) -> str | Markup:
    """This will be `pgettext` in templates, escaped in the same way."""
    said = look_up(text, context)
    return Markup(escape(said)).format(**values) if values else said  # noqa: S704


def template_ngettext(one: str, many: str, n: int, **values: object) -> Markup:
    """This will be `ngettext` in templates, escaped in the same way."""
    said = look_up(one)
    if said == one and n != 1:
        said = many
    return Markup(escape(said)).format(n=n, **values)  # noqa: S704


def words_of(refusal: Refusal) -> str:
    """This will put a refusal into the reader's words."""
    values = {name: _shown(value) for name, value in refusal.values.items()}
    says = str(refusal.values["reason"]) if isinstance(refusal, Invalid) else refusal.says
    return look_up(says).format(**values)


def _shown(value: object) -> object:
    if isinstance(value, Money):
        return f"¥{value}"
    if isinstance(value, Mapping):
        return in_language(value)
    if isinstance(value, Enum):
        return word(value)
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):  # refusals of the floors below carry days as figures
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    as_word = value.replace("_", " ")
    said = look_up(as_word, WORD)
    return said if said != as_word else look_up(value)


def in_language(names: Mapping[str, str]) -> str:
    """This will pick the reader's language from a name kept in two (`{"zh": ..., "en": ...}`), else the other one."""
    first, second = ("en", "zh") if voice.current().locale == voice.ENGLISH else ("zh", "en")
    return names.get(first) or names.get(second) or ""


def places(text: str) -> frozenset[str]:
    """This will name the open places of a message."""
    return frozenset(name for _text, name, _spec, _conv in string.Formatter().parse(text) if name)
