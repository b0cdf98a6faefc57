"""Charges on screen: formulas and their values in the reader's words, and days as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from linli.estate.billing.rules import PRESETS, Accrual, LateRule, SubjectKind, Terms
from linli.estate.contracts import queries as contracts
from linli.faces.shell import formats, messages
from linli.faces.shell.messages import gettext
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId
from linli.kernel.money import Money, Towards
from linli.kernel.words import _
from linli.spine.scope import SYSTEM

NAMES = {
    "home.area": _("built-up area"),
    "home.inner_area": _("inner area"),
    "home.coefficient": _("coefficient of the home"),
    "home.floor": _("floor"),
    "unit.area": _("area of the unit"),
    "building.area": _("area of the building"),
    "community.area": _("area of the community"),
    "homes.count": _("number of homes"),
    "months": _("months"),
    "days": _("days"),
    "meter.usage": _("usage"),
    "meter.price": _("price of the reading"),
    "price": _("price"),
    "surcharge": _("surcharge"),
    "amount": _("amount"),
    "rent": _("rent"),
}
_IN_YUAN = {"price", "surcharge", "amount", "rent", "meter.price"}
FUNCTIONS = {
    "if": _("if"),
    "min": _("smaller of"),
    "max": _("larger of"),
    "round": _("rounded"),
    "step": _("steps begun"),
}
_SIGNS = {"*": "×", "/": "÷", "<=": "≤", ">=": "≥", "!=": "≠", "==": "="}
_PART = re.compile(
    r'attr\("(?P<attr>[^"]*)"\)|(?P<function>[a-z]+)(?=\()|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)|(?P<sign>[<>!=]=|[*/])'
)


def value_name(name: str) -> str:
    """This will name a value that a formula uses; a community's own attribute keeps its own name."""
    if name.startswith("attr:"):
        return name.removeprefix("attr:")
    return gettext(NAMES[name]) if name in NAMES else name


def value_text(pair: tuple[str, str]) -> str:
    """This will write a value with what it is a value of: 89.37 m², ¥2.85."""
    name, figure = pair
    if name.endswith("area"):
        return f"{figure} m²"
    return f"{formats.SIGN}{figure}" if name in _IN_YUAN else figure


def formula_words(text: str) -> str:
    """This will write a formula, or its figures, with names and signs that people read."""

    def said(part: re.Match[str]) -> str:
        if part["sign"]:
            return _SIGNS[part["sign"]]
        if part["function"]:
            return gettext(FUNCTIONS[part["function"]]) if part["function"] in FUNCTIONS else part["function"]
        return part["attr"] or value_name(part["name"])

    return _PART.sub(said, text)


def preset_says(preset: str) -> str:
    """This will say how a preset charges; a formula of one's own is called so."""
    return gettext(PRESETS[preset].says) if preset in PRESETS else gettext("By a formula of its own")


def terms_of(terms: Terms) -> list[str]:
    """This will say the terms of a tariff one by one: what is as it is as a rule is left out."""
    said = [messages.word(terms.term.proration), gettext("due on day {day}", day=terms.due.day)]
    if terms.due.months_after:
        said.append(gettext("{n} months after", n=terms.due.months_after))
    if terms.term.anchor != 1:
        said.append(gettext("months from day {day}", day=terms.term.anchor))
    if terms.rounding.step != 1 or terms.rounding.towards is not Towards.NEAREST:
        said.append(gettext("rounded to {step}", step=formats.money(Money(terms.rounding.step))))
    if terms.smallest:
        said.append(gettext("at least {amount}", amount=formats.money(terms.smallest)))
    if terms.tiers is not None:
        said.append(gettext("{n} steps of price", n=len(terms.tiers.tiers)))
    said += [f"{messages.word(band)} {formats.SIGN}{price}" for band, price in terms.bands.items()]
    return said + _late_says(terms.late)


def _late_says(late: LateRule | None) -> list[str]:
    if late is None:
        return []
    is_fixed = late.accrual is Accrual.FIXED
    rate = f"{formats.SIGN}{late.rate:f}" if is_fixed else f"{(late.rate * 100).normalize():f} %"
    said = [gettext("late fee {how}, {rate}", how=messages.word(late.accrual), rate=rate)]
    if late.grace_days:
        said.append(gettext("{n} days of grace", n=late.grace_days))
    if late.cap_bp is not None:
        said.append(gettext("at most {percent} % of it", percent=late.cap_bp // 100))
    if late.cap is not None:
        said.append(gettext("at most {amount}", amount=formats.money(late.cap)))
    if late.stops_on is not None:
        said.append(gettext("until {day}", day=formats.day(late.stops_on)))
    return said


def days(period: tuple[date, date]) -> str:
    """This will write some days, the last of them included: a month by its name, others from and to."""
    start, end = period
    if start.day == 1 and end == (start + timedelta(days=32)).replace(day=1):
        return formats.month(start)
    last = end - timedelta(days=1)
    return formats.day(start) if last <= start else f"{formats.day(start)} - {formats.day(last)}"


def day_text(iso: str) -> str:
    """This will write a day that is kept as text; what is none stays as it is."""
    try:
        return formats.day(date.fromisoformat(iso))
    except ValueError:
        return iso


def share_of_month(share: str) -> str:
    """This will say which part of a month's price some days cost."""
    return (
        messages.gettext("the whole month") if share == "1" else messages.gettext("{share} of the month", share=share)
    )


class Charged(Protocol):
    """What was charged: a home, or a space or a contract."""

    @property
    def home(self) -> HomeId | None: ...
    @property
    def kind(self) -> object: ...
    @property
    def subject(self) -> UUID: ...


def called(charged: Iterable[Charged]) -> dict[UUID, str]:
    """This will name what was charged: a home by its door, a contract by its number, else by what it is."""
    things = list(charged)
    doors = places.homes({each.home for each in things if each.home is not None})
    others = [each for each in things if each.home not in doors]
    numbers = contract_numbers(each.subject for each in others if each.kind == SubjectKind.CONTRACT)
    named = {each.subject: numbers.get(each.subject) or messages.word(each.kind) for each in others}
    return named | {each.subject: doors[each.home].door for each in things if each.home in doors}


def contract_numbers(things: Iterable[UUID]) -> dict[UUID, str]:
    """This will call contracts what they are and by their numbers; an agreement of another counter is absent."""
    asked = set(things)
    found = contracts.called(SYSTEM, contracts=asked) if asked else {}
    return {each: f"{messages.word(SubjectKind.CONTRACT)} {number}" for each, number in found.items()}


def doors(things: Iterable[UUID]) -> dict[UUID, str]:
    """This will name homes by their doors and contracts by their numbers; what is neither is absent."""
    asked = set(things)
    found = {UUID(str(home)): card.door for home, card in places.homes({HomeId(each) for each in asked}).items()}
    return found | contract_numbers(asked - found.keys())
