"""Cash of the house in other people's hands: who holds how much, the slip to pay it in with, and what came without."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import sheet
from linli.ground.people import queries as people
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.payments import actions, queries
from linli.money.payments.queries import DepositSlip
from linli.spine.may import May

NEEDS = May.RECONCILE

MOST = 500


@page("platform", "GET", "cash/", needs=NEEDS)
def cash(request: PlatformRequest) -> HttpResponse:
    """This will list a city's holders of cash, the most first, and the money on suspense that may be theirs."""
    return _shown(request)


@page("platform", "GET", "cash/file/", name="cash-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give a city's holders of cash as a sheet."""
    city, _cities = chosen_city(request)
    held = _held(request, city.id)
    names = people.names(request.scope, parties={each.holder for each in held}) if held else {}
    rows = ((names.get(each.holder) or _("erased"), each.amount) for each in held)
    return sheet(request.query, "cash", [_("Holder"), _("Amount")], rows)


@page("platform", "POST", "cash/<uuid:holder>/slip/", name="cash-slip", asks="platform:cash", needs=NEEDS)
def slip(request: PlatformRequest, holder: PartyId) -> HttpResponse:
    """This will show what a holder has to quote; asked again, it is the same slip."""
    city, _cities = chosen_city(request)
    if holder not in {held.holder for held in _held(request, city.id)}:
        raise NotFound("holder")
    issued = actions.issue_deposit_slip(
        request.scope, holder=holder, city=city.id, currency=city.currency, at=request.at
    )
    return _shown(request, holder, issued)


@page("platform", "POST", "cash/handing-in/", asks="platform:cash", needs=NEEDS)
def hand_in(request: PlatformRequest) -> HttpResponse:
    """This will settle a holder's cash with money of the bank that waits on suspense."""
    city, _cities = chosen_city(request)
    difference, holder = request.form.id("difference"), PartyId(request.form.id("holder"))
    if difference not in {one.id for one in _waiting(request, city.id)}:
        raise Invalid("difference", _("This waits on suspense no more."))
    actions.hand_in_cash(request.scope, difference=difference, holder=holder, at=request.at)
    return see_other("platform:cash", said=_("Handed in. The holder owes so much less."), city=city.id)


def _shown(request: PlatformRequest, holder: PartyId | None = None, slip: DepositSlip | None = None) -> HttpResponse:
    city, cities = chosen_city(request)
    held = _held(request, city.id)
    return request.render(
        "platform/cash.jinja",
        city=city,
        cities=cities,
        held=held,
        total=Money.total(each.amount for each in held),
        waiting=_waiting(request, city.id),
        names=people.names(request.scope, parties={each.holder for each in held}) if held else {},
        takes_slips=queries.takes_transfers(request.scope, city=city.id, at=request.at),
        holder=holder,
        slip=slip,
    )


def _held(request: PlatformRequest, city: CityId) -> tuple[queries.CashHeld, ...]:
    return tuple(each for each in queries.cash_held(request.scope, limit=MOST) if each.city == city)


def _waiting(request: PlatformRequest, city: CityId) -> list[queries.DifferenceCard]:
    """What the bank booked for nobody we know; money that left is nobody's cash."""
    found = queries.differences(request.scope, limit=MOST)
    return [one for one in found if one.city == city and one.in_suspense > Money.zero]
