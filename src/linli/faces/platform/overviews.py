"""The first page: what waits for an operator, and whether the house is sound."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.money.ledger import queries as ledger
from linli.money.payments import queries as payments
from linli.money.payouts import queries as payouts
from linli.spine import findings
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import ShopState


@page("platform", "GET", "", name="home")
def overview(request: PlatformRequest) -> HttpResponse:
    """This will show what is to be done, in figures that lead to it."""
    city, cities = chosen_city(request)
    return request.render(
        "platform/overview.jinja",
        city=city,
        cities=cities,
        applications=shops.applications(request.scope, state=ShopState.APPLIED),
        differences=payments.differences(request.scope),
        bank=payouts.bank_differences(request.scope),
        waiting=payouts.waiting_payees(request.scope),
        disputes=orders.refund_requests(request.scope),
        safe=ledger.safeguarding(request.scope, city=city.id),
        providers=payments.provider_health(request.scope, at=request.at),
        outbox=findings.check(request.scope, at=request.at),
    )
