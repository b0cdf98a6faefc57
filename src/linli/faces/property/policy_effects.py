"""What a change of a setting means to those it concerns, beyond the value: each counter says what it knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Protocol, cast

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
from linli.faces.shell import formats, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.policies import Change, Where
from linli.faces.shell.requests import PropertyRequest
from linli.ground.policies.queries import Effect, SettingPage
from linli.ground.policies.rules import Level
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.spine.scope import Scope


class GoingOn(Protocol):
    """How much is under way at a counter of some communities."""

    def __call__(self, scope: Scope, /, *, communities: Collection[CommunityId]) -> int: ...


GOING_ON: dict[str, tuple[GoingOn, Callable[[int], str]]] = {
    "assembly": (
        assembly.going_on,
        lambda n: ngettext(
            "{n} meeting is not over; it goes on to its end.", "{n} meetings are not over; they go on to their end.", n
        ),
    ),
    "assets": (
        assets.going_on,
        lambda n: ngettext(
            "{n} maintenance task is open; it is done, and no other is opened.",
            "{n} maintenance tasks are open; they are done, and no others are opened.",
            n,
        ),
    ),
    "billing": (
        billing.going_on,
        lambda n: ngettext(
            "{n} bill is not paid; the desk goes on taking money for it.",
            "{n} bills are not paid; the desk goes on taking money for them.",
            n,
        ),
    ),
    "contracts": (
        contracts.going_on,
        lambda n: ngettext(
            "{n} contract is not over; it is collected to its end.",
            "{n} contracts are not over; they are collected to their end.",
            n,
        ),
    ),
    "metering": (
        metering.going_on,
        lambda n: ngettext(
            "{n} reading waits for the desk; it is kept.", "{n} readings wait for the desk; they are kept.", n
        ),
    ),
    "notices": (
        notices.going_on,
        lambda n: ngettext(
            "{n} notice hangs now; it is kept, and shown again when the counter opens.",
            "{n} notices hang now; they are kept, and shown again when the counter opens.",
            n,
        ),
    ),
    "parcels": (
        parcels.going_on,
        lambda n: ngettext(
            "{n} parcel waits on the shelves; it can be handed over.",
            "{n} parcels wait on the shelves; they can be handed over.",
            n,
        ),
    ),
    "parking": (
        parking.going_on,
        lambda n: ngettext(
            "{n} car is inside; it leaves and pays as before.", "{n} cars are inside; they leave and pay as before.", n
        ),
    ),
    "patrols": (
        patrols.going_on,
        lambda n: ngettext(
            "{n} patrol is due or being walked; it is finished, and no other is made.",
            "{n} patrols are due or being walked; they are finished, and no others are made.",
            n,
        ),
    ),
    "permits": (
        permits.going_on,
        lambda n: ngettext(
            "{n} permit, move or slip is not over; it goes on to its end.",
            "{n} permits, moves and slips are not over; they go on to their end.",
            n,
        ),
    ),
    "venues": (
        venues.going_on,
        lambda n: ngettext(
            "{n} booking is still to come; it is kept.", "{n} bookings are still to come; they are kept.", n
        ),
    ),
    "visits": (
        visits.going_on,
        lambda n: ngettext(
            "{n} pass is good now or later; the gate goes on letting it in.",
            "{n} passes are good now or later; the gate goes on letting them in.",
            n,
        ),
    ),
    "workorders": (
        workorders.going_on,
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
        n = GOING_ON[key[0]][0](request.scope, communities=communities)
        if n:
            yield _(
                "What is under way keeps what it was promised ({n} now); the new value holds for what comes after.",
                n=formats.count(n),
            )


def _switched(request: PropertyRequest, word: str, effects: Iterable[Effect]) -> Iterator[str]:
    closing = [each.community for each in effects if each.after is False]
    if closing:
        asked, says = GOING_ON[word]
        n = asked(request.scope, communities=closing)
        yield _(
            "The counter disappears from the residents' phones. What is under way is finished at the desk, and nothing"
            " is deleted."
        )
        yield says(n) if n else _("Nothing is under way at this counter.")
    else:
        yield _("The counter appears on the residents' phones.")


def _reminders(request: PropertyRequest, effects: Collection[Effect]) -> Iterator[str]:
    now = _reminded(request, [(each.community, each.before) for each in effects])
    then = _reminded(request, [(each.community, each.after) for each in effects])
    yield ngettext("Now {n} home is late enough to be reminded.", "Now {n} homes are late enough to be reminded.", now)
    yield ngettext(
        "Then {n} home is late enough to be reminded.", "Then {n} homes are late enough to be reminded.", then
    )


def _reminded(request: PropertyRequest, values: Collection[tuple[CommunityId, object]]) -> int:
    """How many homes are late enough; asked once for all communities that remind after the same days."""
    alike: dict[tuple[int, ...], list[CommunityId]] = {}
    for community, days in values:
        alike.setdefault(cast("tuple[int, ...]", days), []).append(community)
    return sum(
        billing.homes_late(
            request.scope, communities=here, days=min(days), on=request.at.astimezone(voice.current().zone).date()
        )
        for days, here in alike.items()
        if days
    )


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
        return formats.listed(f"{names[one.line]} {formats.money(one.amount)}" for one in paid)

    return _(
        "An example: a home owes ¥300.00 for January's property fee, ¥5.00 of late fee and ¥300.00 for February's"
        " water, and pays ¥305.00. Now that pays: {before}. Then it pays: {after}.",
        before=said(First(effect.before)),
        after=said(First(effect.after)),
    )
