"""What was done and what is wrong, in plain words: whose verb it was, and the values that it was done with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime

from linli.faces.shell import formats, messages
from linli.faces.shell.messages import gettext
from linli.kernel.money import Money
from linli.kernel.words import _
from linli.spine.findings import Told

_AMOUNT = ".minor"
_MINUTE, _WEEKDAY = "_minute", ".weekday"
"""A minute of the day, and a day of the week from Monday on, as rules keep them."""
_WEEK = "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
_DAY, _INSTANT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")

AREAS = {
    "assembly": _("Owners' assembly"),
    "assets": _("Assets"),
    "attachments": _("Photos and papers"),
    "billing": _("Billing"),
    "catalogue": _("Goods"),
    "chores": _("Long work"),
    "contracts": _("Contracts"),
    "delivery": _("Delivery"),
    "demand": _("Fresh demand"),
    "files": _("Files"),
    "handover": _("Hand-over"),
    "intake": _("Sheets of a community"),
    "ledger": _("Ledger"),
    "lockers": _("Lockers"),
    "metering": _("Meters"),
    "notices": _("Notices"),
    "notify": _("Messages"),
    "orders": _("Orders"),
    "parcels": _("Parcels"),
    "parking": _("Parking"),
    "patrols": _("Patrols"),
    "patterns": _("Communities set up alike"),
    "payments": _("Payments"),
    "payouts": _("Payouts"),
    "people": _("People"),
    "permits": _("Permits"),
    "places": _("Places"),
    "policies": _("Policies"),
    "read": _("Read in the clear"),
    "replenish": _("What runs out soon"),
    "reviews": _("Reviews"),
    "shops": _("Shops"),
    "sign_in": _("Sign-in"),
    "stock": _("Stock"),
    "venues": _("Venues"),
    "visits": _("Visitors"),
    "webhooks": _("Webhooks"),
    "workorders": _("Work orders"),
}
"""Every module that has verbs, and readings of personal data; a test holds the two together."""


OF_ITS_OWN = {("sign_in", "session"): _("session of a sign-in")}
"""Values whose name means something else in the module of the verb than elsewhere (a car's stay is a session, too)."""
_HOURS = {"opens_min": _("opens"), "closes_min": _("closes")}
"""Minutes of the day that their names do not give away."""


def spoken(said: Iterable[tuple[str, str]], action: str = "") -> Iterator[tuple[str, str, str]]:
    """This will say the values of an entry as people read them: what each is, its words, and what it is in the books.

    Times are told in the reader's zone, amounts as money, and an id by its last letters; `action` is the verb.
    """
    module = action.partition(".")[0]
    for name, value in said:
        if name == "at":
            continue
        if (module, name) in OF_ITS_OWN:
            yield gettext(OF_ITS_OWN[module, name]), _words(value), value
        elif name.endswith(_AMOUNT) and re.fullmatch(r"-?\d{1,15}", value):
            yield messages.value_of_deed(name.removesuffix(_AMOUNT)), formats.money(Money(int(value))), value
        elif name.endswith(_MINUTE) and re.fullmatch(r"\d{1,4}", value):
            yield messages.value_of_deed(name.removesuffix(_MINUTE) + "s_at"), _clock(int(value)), value
        elif (last := name.rpartition(".")[2]) in _HOURS and re.fullmatch(r"\d{1,4}", value):
            before = messages.value_of_deed(name.removesuffix(last).rstrip("."))
            yield f"{before} {gettext(_HOURS[last])}".strip(), _clock(int(value)), value
        elif name.endswith(_WEEKDAY) and re.fullmatch("[0-6]", value):
            yield messages.value_of_deed(name.removesuffix(_WEEKDAY) + ".day"), messages.word(_WEEK[int(value)]), value
        else:
            yield messages.value_of_deed(name), _words(value), value


def told(detail: Told | str) -> str:
    """This will say what is wrong in the reader's language; what a machine said is shown as it said it."""
    if isinstance(detail, str):
        return detail
    values = {
        name: formats.provider(value) if name == "source" else _found(value) for name, value in detail.values.items()
    }
    return gettext(detail.says, **values) if values else gettext(detail.says)


def _found(value: str) -> str:
    """A state or a time as people read it; ids stay whole, since they are what somebody looks for."""
    with suppress(ValueError, OverflowError):
        if _DAY.fullmatch(value):
            return formats.day(date.fromisoformat(value))
        if _INSTANT.match(value):
            return formats.moment(datetime.fromisoformat(value))
    said = messages.word(value)
    return value if said == value.replace("_", " ") else said


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _words(value: str) -> str:
    if value in ("true", "false"):
        return gettext("yes") if value == "true" else gettext("no")
    with suppress(ValueError, OverflowError):  # somebody may have typed what only looks like a day
        if _DAY.fullmatch(value):
            return formats.day(date.fromisoformat(value))
        if _INSTANT.match(value):
            return formats.moment(datetime.fromisoformat(value))
    return messages.word(formats.shortened(value)) if value else "–"
