"""What leaves the house: payouts by city, and the payees whose money cannot leave yet."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.kernel.ids import CityId, PartyId, PayoutId
from linli.money.payouts import actions, queries

A_PAGE = 50


@page("platform", "GET", "payouts/")
def payouts(request: PlatformRequest) -> HttpResponse:
    """This will list payouts, the newest first, and who waits."""
    city, cities = chosen_city(request)
    after = request.query.maybe_id("after")
    found = queries.payouts(request.scope, city=city.id, after=PayoutId(after) if after else None, limit=A_PAGE)
    waiting = queries.waiting_payees(request.scope)
    parties = {*(payout.payee for payout in found), *(payee.payee for payee in waiting)}
    return request.render(
        "platform/payouts.jinja",
        city=city,
        cities=cities,
        payouts=found,
        waiting=waiting,
        names=people.names(request.scope, parties=parties),
        more=url("platform:payouts", city=city.id, after=found[-1].id) if len(found) == A_PAGE else None,
    )


@page("platform", "POST", "payouts/drawing/", asks="platform:payouts")
def draw(request: PlatformRequest) -> HttpResponse:
    """This will claim what is free of every payee of a city and put it on its way."""
    drawn = actions.draw_payouts(request.scope, city=CityId(request.form.id("city")), at=request.at)
    said = ngettext("{n} payout is drawn.", "{n} payouts are drawn.", len(drawn))
    return see_other("platform:payouts", said=said)


@page("platform", "POST", "payees/<uuid:payee>/freeing/", asks="platform:payouts")
def free(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will let a held payee be paid again."""
    actions.free_payee(request.scope, payee=payee, at=request.at)
    return see_other("platform:payouts", said=_("Freed. The next drawing pays it."))
