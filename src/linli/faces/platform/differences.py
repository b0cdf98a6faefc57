"""What does not agree: a to-do list that should be empty, each line with the ways in which it can be settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.platform.difference_words import MEANINGS
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel import ids
from linli.kernel.ids import CityId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger.rules import Leg, is_allowed, platform_book
from linli.money.payments import actions, queries
from linli.money.payments.rules import DifferenceKind, provider_day
from linli.money.payouts import queries as payouts
from linli.spine.may import May

NEEDS = May.RECONCILE

MOST = 500
A_PAGE = 100
DAYS = 14
"""So many days of bills are shown; an older one is read again by its command."""


@dataclass(frozen=True)
class BillDay:
    """One provider's bill of one day; None where it has not been read."""

    source: str
    day: date
    bill: queries.BillCard | None


@page("platform", "GET", "differences/", needs=NEEDS)
def differences(request: PlatformRequest) -> HttpResponse:
    """This will list what is open, or everything."""
    city, cities = chosen_city(request)
    everything = request.query.flag("all")
    found = _differences(request, A_PAGE + 1)
    return request.render(
        "platform/differences.jinja",
        city=city,
        cities=cities,
        everything=everything,
        differences=found[:A_PAGE],
        are_more=len(found) > A_PAGE,
        kind=_kind(request),
        source=_source(request),
        sources=[provider.source for provider in queries.providers()],
        bank=payouts.bank_differences(request.scope),
        meanings=MEANINGS,
        Kind=DifferenceKind,
        nothing=Money.zero,
    )


@page("platform", "GET", "differences/file/", name="differences-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give what does not agree as a sheet, narrowed as the list is."""
    columns = [_("Day"), _("What"), _("Provider"), _("Reference"), _("Ours"), _("Theirs"), _("On suspense")]
    columns += [_("State"), _("How it was settled")]
    rows = (
        (
            *(one.day, _(MEANINGS[one.kind].title), one.source, one.reference, one.ours, one.theirs),
            *(one.in_suspense, one.state, one.how),
        )
        for one in _differences(request, most_rows())
    )
    return sheet(request.query, "differences", columns, rows)


def _differences(request: PlatformRequest, limit: int) -> tuple[queries.DifferenceCard, ...]:
    """What the address narrows them to."""
    is_open = not request.query.flag("all")
    kind, source = _kind(request), _source(request)
    return queries.differences(request.scope, open_only=is_open, kind=kind, source=source, limit=limit)


def _kind(request: PlatformRequest) -> DifferenceKind | None:
    return next((kind for kind in DifferenceKind if kind.value == request.query.raw("kind")), None)


def _source(request: PlatformRequest) -> str:
    return next((one.source for one in queries.providers() if one.source == request.query.raw("source")), "")


@page("platform", "GET", "differences/bank/file/", name="bank-lines-file", needs=NEEDS)
def take_bank_away(request: PlatformRequest) -> HttpResponse:
    """This will give what the bank booked and nobody can place as a sheet."""
    columns = [_("Day"), _("Account"), _("Line"), _("What"), _("Reference"), _("Amount"), _("Effect")]
    rows = (
        (one.booked_on, one.account, one.line, one.kind, one.reference, one.amount, one.effect)
        for one in payouts.bank_differences(request.scope, limit=most_rows())
    )
    return sheet(request.query, "bank-lines", columns, rows)


@page("platform", "GET", "bills/", needs=NEEDS)
def bills(request: PlatformRequest) -> HttpResponse:
    """This will show the bills of the last days, whether they were read, and what stands open of each."""
    return request.render("platform/bills.jinja", bills=_bill_days(request), latest=provider_day(request.at))


@page("platform", "GET", "bills/file/", name="bills-file", needs=NEEDS)
def take_bills_away(request: PlatformRequest) -> HttpResponse:
    """This will give the bills of the last days as a sheet."""
    columns = [_("Day"), _("Provider"), _("Lines"), _("Read at"), _("Open differences")]
    rows = (
        (one.day, one.source, *((one.bill.lines, one.bill.fetched_at, one.bill.open) if one.bill else ("", "", "")))
        for one in _bill_days(request)
    )
    return sheet(request.query, "bills", columns, rows)


def _bill_days(request: PlatformRequest) -> list[BillDay]:
    latest = provider_day(request.at)
    days = [latest - timedelta(days=back) for back in range(DAYS)]
    known = {(bill.source, bill.day): bill for bill in queries.bills(request.scope, since=days[-1])}
    return [
        BillDay(provider.source, day, known.get((provider.source, day)))
        for day in days
        for provider in queries.providers()
    ]


@page("platform", "POST", "bills/reading/", asks="platform:bills", needs=NEEDS)
def read_bill(request: PlatformRequest) -> HttpResponse:
    """This will read a provider's bill of a day now, instead of what was read of it before."""
    source, day = request.form.text("source", most=64), request.form.day("day")
    if source not in {provider.source for provider in queries.providers()}:
        raise Invalid("source", "Please choose one of the values offered.")
    actions.fetch_bills(day=day, at=request.at, only=source)
    return see_other("platform:bills", said=_("Asked for. What the provider gave is shown here."))


@page("platform", "POST", "differences/<uuid:difference>/acceptance/", asks="platform:differences", needs=NEEDS)
def accept(request: PlatformRequest, difference: UUID) -> HttpResponse:
    """This will close a difference that moved nothing here, with the words that say why."""
    how = request.form.text(f"how.{difference}", most=200)
    actions.accept_difference(request.scope, difference=difference, how=how, at=request.at)
    return see_other("platform:differences", said=_("Closed."))


@page("platform", "POST", "differences/acceptances/", name="acceptances", asks="platform:differences", needs=NEEDS)
def accept_many(request: PlatformRequest) -> HttpResponse:
    """This will close the ticked differences for one reason."""
    ticked, how = chosen(request), request.form.maybe_text("how", most=200) or ""
    done = actions.accept_differences(request.scope, differences=ticked, how=how, at=request.at)
    known = queries.differences(request.scope, limit=MOST) if done.refused else ()
    said = ngettext("{n} difference is closed.", "{n} differences are closed.", len(done.done))
    return back(request, "platform:differences", done, said=said, names={each.id: each.reference for each in known})


@page("platform", "POST", "differences/<uuid:difference>/recording/", asks="platform:differences", needs=NEEDS)
def record(request: PlatformRequest, difference: UUID) -> HttpResponse:
    """This will take what the bill says and we never heard through the one handler."""
    effect = actions.record_missing(request.scope, difference=difference, at=request.at)
    if effect == "unknown":
        return see_other("platform:differences", said=_("This belongs to no payment of ours. Place it on suspense."))
    return see_other("platform:differences", said=_("Recorded."))


@page("platform", "POST", "differences/<uuid:difference>/suspense/", asks="platform:differences", needs=NEEDS)
def suspend(request: PlatformRequest, difference: UUID) -> HttpResponse:
    """This will take the money into a city's suspense."""
    city = CityId(request.form.id("city"))
    actions.place_on_suspense(request.scope, difference=difference, city=city, at=request.at)
    return see_other("platform:differences", said=_("On suspense. Match it as soon as you know whose it is."))


@page("platform", "POST", "differences/<uuid:difference>/match/", asks="platform:differences", needs=NEEDS)
def match(request: PlatformRequest, difference: UUID) -> HttpResponse:
    """This will move what waits on suspense to the account it belongs to."""
    field = f"address.{difference}"
    address, how = request.form.text(field), request.form.text(f"matched.{difference}", most=200)
    found = next((d for d in queries.differences(request.scope, limit=MOST) if d.id == difference), None)
    if found is None or found.city is None:
        raise NotFound("difference")
    if not is_allowed(platform_book(found.city), address):
        raise Invalid(field, _("The book has no such account."))
    legs = (Leg(address, -found.in_suspense),)
    actions.match_suspense(request.scope, difference=difference, legs=legs, how=how, at=request.at)
    return see_other("platform:differences", said=_("Matched."))


@page("platform", "POST", "differences/<uuid:difference>/giving-back/", asks="platform:differences", needs=NEEDS)
def give_back(request: PlatformRequest, difference: UUID) -> HttpResponse:
    """This will send a payment of a wrong amount back to whoever paid it."""
    refund = RefundId(ids.new())
    actions.give_back_suspense(request.scope, difference=difference, refund=refund, at=request.at)
    return see_other("platform:differences", said=_("On its way back to the payer."))
