"""What leaves the house: who waits and why, payouts by city, and one payout with what the bank said about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.payout_sheets import payouts_sheet
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, PayoutId
from linli.money.payouts import actions, queries
from linli.money.payouts.queries import PayoutSort, PayoutsWanted
from linli.money.payouts.rules import PayoutPolicy, PayoutState
from linli.spine.may import May
from linli.trade.orders import queries as orders

NEEDS = May.RUN_PAYOUTS

A_PAGE = 50
MOST_FREE = 200
SENT_AT_ONCE = 20
"""A person waits for these calls of the bank; the worker sends the rest."""


@page("platform", "GET", "payouts/", needs=NEEDS)
def payouts(request: PlatformRequest) -> HttpResponse:
    """This will list payouts, the newest first, and who waits."""
    city, cities = chosen_city(request)
    after = request.query.maybe_id("after")
    asked, sorting = _asked(request, city.id)
    minimum = policy(request.scope, PayoutPolicy, at=request.at, city=city.id).minimum
    found = _found(request, city.id, after=PayoutId(after) if after else None, limit=A_PAGE + 1)
    free = queries.waiting_payees(request.scope, city=city.id, minimum=minimum, with_ready=True, limit=MOST_FREE)
    parties = {*(payout.payee for payout in found), *(payee.payee for payee in free)}
    return request.render(
        "platform/payouts.jinja",
        city=city,
        cities=cities,
        payouts=found[:A_PAGE],
        asked=asked,
        states=list(PayoutState),
        sorting=sorting,
        waiting=[payee for payee in free if payee.why],
        ready=[payee for payee in free if not payee.why],
        minimum=minimum,
        names=people.names(request.scope, parties=parties),
        more=url("platform:payouts", **asked, by=sorting.word or None, after=found[A_PAGE - 1].id)
        if found[A_PAGE:]
        else None,
    )


@page("platform", "GET", "payouts/file/", name="payouts-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give a city's payouts as a sheet, narrowed and sorted as the list is."""
    city, _cities = chosen_city(request)
    found = _found(request, city.id, limit=most_rows())
    parties = {one.payee for one in found}
    return payouts_sheet(request, found, people.names(request.scope, parties=parties) if parties else {})


def _asked(request: PlatformRequest, city: CityId) -> tuple[dict[str, object], Sorting]:
    """What the address narrows the payouts to, and how it sorts them; a state that there is not narrows nothing."""
    query = request.query
    state = query.raw("state") if query.raw("state") in tuple(PayoutState) else None
    asked: dict[str, object] = {
        "city": city, "state": state, "first": query.maybe_day("first"), "last": query.maybe_day("last"),
    }  # fmt: skip
    return asked, Sorting.of(request, "platform:payouts", tuple(PayoutSort), asked)


def _found(
    request: PlatformRequest, city: CityId, *, after: PayoutId | None = None, limit: int
) -> tuple[queries.PayoutCard, ...]:
    asked, sorting = _asked(request, city)
    zone, last = voice.current().zone, request.query.maybe_day("last")
    first = request.query.maybe_day("first")
    wanted = PayoutsWanted(
        state=next((each for each in PayoutState if each == asked["state"]), None),
        since=datetime.combine(first, time(), zone) if first else None,
        until=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
    )
    return queries.payouts(
        request.scope,
        city=city,
        wanted=wanted,
        order=PayoutSort(sorting.key) if sorting.key else PayoutSort.NEWEST,
        is_rising=sorting.is_rising,
        after=after,
        limit=limit,
    )


@page("platform", "GET", "payouts/payees/file/", name="payees-file", needs=NEEDS)
def take_payees_away(request: PlatformRequest) -> HttpResponse:
    """This will give everybody whose money is free as a sheet: with what keeps it here, or nothing."""
    city, _cities = chosen_city(request)
    minimum = policy(request.scope, PayoutPolicy, at=request.at, city=city.id).minimum
    found = queries.waiting_payees(request.scope, city=city.id, minimum=minimum, with_ready=True, limit=most_rows())
    names = people.names(request.scope, parties={one.payee for one in found}) if found else {}
    rows = ((names.get(one.payee, ""), one.free, _why(one.why)) for one in found)
    return sheet(request.query, "payees", [_("Payee"), _("Free"), _("Why")], rows)


def _why(why: str) -> str:
    said = {
        "": _("goes with the next drawing"),
        "no receiver": _("nowhere to send it"),
        "below minimum": _("too little to send"),
        "held: payout failed": _("the bank refused the last payout"),
        "held: payout returned": _("the bank sent the last payout back"),
    }
    return said.get(why) or f"{_('held')}: {why.removeprefix('held: ')}"


@page("platform", "GET", "payouts/<uuid:payout>/", name="payout", needs=NEEDS)
def show(request: PlatformRequest, payout: PayoutId) -> HttpResponse:
    """This will show one payout, what it claimed, what the bank said, and what comes next."""
    found = queries.payout_page(request.scope, payout=payout)
    return request.render(
        "platform/payout.jinja",
        payout=found,
        name=people.names(request.scope, parties=[found.card.payee]).get(found.card.payee, ""),
        numbers=orders.order_numbers(request.scope, orders={line.order for line in found.lines}),
    )


@page("platform", "POST", "payouts/<uuid:payout>/calling-off/", asks="platform:payout", needs=NEEDS)
def call_off(request: PlatformRequest, payout: PayoutId) -> HttpResponse:
    """This will undo a payout that no bank has been asked for."""
    why = request.form.text("why", most=200)
    actions.call_off_payout(request.scope, payout=payout, why=why, at=request.at)
    return see_other("platform:payout", payout, said=_("Called off. Its money is free again, and its payee is held."))


@page("platform", "POST", "payouts/<uuid:payout>/recall/", asks="platform:payout", needs=NEEDS)
def recall(request: PlatformRequest, payout: PayoutId) -> HttpResponse:
    """This will have a share asked back that the provider paid to the wrong receiver."""
    why = request.form.text("recall_why", most=200)
    actions.recall_payout(request.scope, payout=payout, why=why, at=request.at)
    return see_other("platform:payout", payout, said=_("Asked back. Its lines are free again when it is back."))


@page("platform", "POST", "payouts/drawing/", asks="platform:payouts", needs=NEEDS)
def draw(request: PlatformRequest) -> HttpResponse:
    """This will claim what is free of every payee of a city and put it on its way."""
    city = CityId(request.form.id("city"))
    drawn = actions.draw_payouts(request.scope, city=city, at=request.at)
    said = ngettext("{n} payout is drawn.", "{n} payouts are drawn.", len(drawn))
    return see_other("platform:payouts", said=said, city=city)


@page("platform", "POST", "payouts/sending/", asks="platform:payouts", needs=NEEDS)
def send(request: PlatformRequest) -> HttpResponse:
    """This will ask the bank now for the payouts that are due, as the worker does every few seconds."""
    sent = actions.send_payouts(at=request.at, limit=SENT_AT_ONCE)
    said = ngettext("The bank was asked for {n} payout.", "The bank was asked for {n} payouts.", sent)
    return see_other("platform:payouts", said=said)


@page("platform", "POST", "payouts/bank-file/", asks="platform:payouts", needs=NEEDS)
def write_file(request: PlatformRequest) -> HttpResponse:
    """This will give the city's drawn payouts as a file for a bank that takes files."""
    city = CityId(request.form.id("city"))
    file = actions.write_bank_file(request.scope, city=city, at=request.at)
    if not file.payouts:
        return see_other("platform:payouts", said=_("No drawn payout waits for the bank."), city=city)
    return download(file.name, "text/csv", file.content)
