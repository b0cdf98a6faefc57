"""What a change of a setting means to those it concerns, beyond the value: each counter says what it knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import cast

from linli.estate.assembly import queries as assembly
from linli.estate.assets import queries as assets
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import First, OpenLine, allocate
from linli.estate.contracts import queries as contracts
from linli.estate.metering import queries as metering
from linli.estate.notices import queries as notices
from linli.estate.parcels import queries as parcels
from linli.estate.parking import queries as parking
from linli.estate.patrols import queries as patrols
from linli.estate.permits import queries as permits
from linli.estate.venues import queries as venues
from linli.estate.visits import queries as visits
from linli.estate.workorders import queries as workorders
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.policies import Change, Where
from linli.faces.shell.requests import PropertyRequest
from linli.ground.policies.queries import Effect, SettingPage
from linli.ground.policies.rules import Level
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money

Asked = Callable[[PropertyRequest, Collection[CommunityId]], int]

GOING_ON: dict[str, tuple[Asked, Callable[[int], str]]] = {
    "assembly": (
        lambda r, c: assembly.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} meeting is not over; it goes on to its end.", "{n} meetings are not over; they go on to their end.", n
        ),
    ),
    "assets": (
        lambda r, c: assets.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} maintenance task is open; it is done, and no other is opened.",
            "{n} maintenance tasks are open; they are done, and no others are opened.",
            n,
        ),
    ),
    "billing": (
        lambda r, c: billing.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} bill is not paid; the desk goes on taking money for it.",
            "{n} bills are not paid; the desk goes on taking money for them.",
            n,
        ),
    ),
    "contracts": (
        lambda r, c: contracts.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} contract is not over; it is collected to its end.",
            "{n} contracts are not over; they are collected to their end.",
            n,
        ),
    ),
    "metering": (
        lambda r, c: metering.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} reading waits for the desk; it is kept.", "{n} readings wait for the desk; they are kept.", n
        ),
    ),
    "notices": (
        lambda r, c: notices.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} notice hangs now; it is kept, and shown again when the counter opens.",
            "{n} notices hang now; they are kept, and shown again when the counter opens.",
            n,
        ),
    ),
    "parcels": (
        lambda r, c: parcels.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} parcel waits on the shelves; it can be handed over.",
            "{n} parcels wait on the shelves; they can be handed over.",
            n,
        ),
    ),
    "parking": (
        lambda r, c: parking.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} car is inside; it leaves and pays as before.", "{n} cars are inside; they leave and pay as before.", n
        ),
    ),
    "patrols": (
        lambda r, c: patrols.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} patrol is due or being walked; it is finished, and no other is made.",
            "{n} patrols are due or being walked; they are finished, and no others are made.",
            n,
        ),
    ),
    "permits": (
        lambda r, c: permits.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} permit, move or slip is not over; it goes on to its end.",
            "{n} permits, moves and slips are not over; they go on to their end.",
            n,
        ),
    ),
    "venues": (
        lambda r, c: venues.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} booking is still to come; it is kept.", "{n} bookings are still to come; they are kept.", n
        ),
    ),
    "visits": (
        lambda r, c: visits.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} pass is good now or later; the gate goes on letting it in.",
            "{n} passes are good now or later; the gate goes on letting them in.",
            n,
        ),
    ),
    "workorders": (
        lambda r, c: workorders.going_on(r.scope, communities=c),
        lambda n: ngettext(
            "{n} work order is not done; it goes on to its end.",
            "{n} work orders are not done; they go on to their end.",
            n,
        ),
    ),
}
"""By the word of the policy: how much is under way when the counter is closed, and what becomes of it."""


def told(request: PropertyRequest, setting: SettingPage, change: Change, where: Where) -> tuple[str, ...]:
    """This will say, in sentences, what a change does to what is there now."""
    effects = change.below.effects
    if where[0] == Level.BUILDING or not effects:
        return ()
    return tuple(_sentences(request, setting, effects))


def _sentences(request: PropertyRequest, setting: SettingPage, effects: Collection[Effect]) -> Iterator[str]:
    communities = [each.community for each in effects]
    key = (setting.word, setting.declared.name)
    if key[1] == "is_offered" and key[0] in GOING_ON:
        yield from _switched(request, key[0], effects)
    elif key == ("billing", "reminder_days"):
        yield from _reminders(request, effects)
    elif key == ("billing", "first"):
        yield _example(next(iter(effects)))
    elif key[0] in ("workorders", "parking", "permits", "assembly", "venues", "visits"):
        n = GOING_ON[key[0]][0](request, communities)
        if n:
            yield _(
                "What is under way keeps what it was promised ({n} now); the new value holds for what comes after.",
                n=formats.count(n),
            )


def _switched(request: PropertyRequest, word: str, effects: Iterable[Effect]) -> Iterator[str]:
    closing = [each.community for each in effects if each.after is False]
    if closing:
        asked, says = GOING_ON[word]
        n = asked(request, closing)
        yield _(
            "The counter disappears from the residents' phones and is marked as closed on the desk. Nothing is deleted."
        )
        yield says(n) if n else _("Nothing is under way at this counter.")
    else:
        yield _("The counter appears on the residents' phones.")


def _reminders(request: PropertyRequest, effects: Collection[Effect]) -> Iterator[str]:
    today: date = request.at.date()
    for name, sentence in (
        ("before", _("Now {n} homes are late enough to be reminded.")),
        ("after", _("Then {n} homes are late enough to be reminded.")),
    ):
        n = 0
        for days in {cast("tuple[int, ...]", getattr(each, name)) for each in effects}:
            here = [each.community for each in effects if getattr(each, name) == days]
            n += billing.homes_late(request.scope, communities=here, days=min(days), on=today) if days else 0
        yield sentence.replace("{n}", formats.count(n))


def _example(effect: Effect) -> str:
    """The same payment, spent in the old order and in the new one."""
    lines = (
        OpenLine(line=1, due_on=date(2026, 1, 10), priority=20, open=Money(30_000)),
        OpenLine(line=2, due_on=date(2026, 2, 1), priority=20, is_late_fee=True, open=Money(500)),
        OpenLine(line=3, due_on=date(2026, 2, 10), priority=10, open=Money(30_000)),
    )
    names = {1: _("January's property fee"), 2: _("the late fee"), 3: _("February's water")}

    def said(first: First) -> str:
        paid = allocate(Money(30_500), lines, first).allocations
        return ", ".join(f"{names[one.line]} {formats.money(one.amount)}" for one in paid)

    return _(
        "An example: a home owes ¥300.00 for January's property fee, ¥5.00 of late fee and ¥300.00 for February's"
        " water, and pays ¥305.00. Now that pays: {before}. Then it pays: {after}.",
        before=said(First(effect.before)),
        after=said(First(effect.after)),
    )
