"""The first page: what waits for an operator, and whether the house is sound."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city, offered_cities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.kernel.ids import CityId
from linli.money.ledger import queries as ledger
from linli.money.ledger.queries import Safeguarding
from linli.money.payments import queries as payments
from linli.money.payments.queries import ProviderHealth
from linli.money.payouts import queries as payouts
from linli.reach.sign_in import queries as sign_in
from linli.spine import findings
from linli.spine.findings import Finding
from linli.trade.orders import queries as orders
from linli.trade.shops import queries as shops
from linli.trade.shops.rules import ShopState


@page("platform", "GET", "", name="home")
def overview(request: PlatformRequest) -> HttpResponse:
    """This will show what is to be done, in figures that lead to it; without a city, its places come first."""
    offered = offered_cities(request)
    if not offered:
        return see_other("platform:places", said=_("Welcome. Begin with a sheet of the places that you serve."))
    city, cities = chosen_city(request, offered)
    return request.render(
        "platform/overview.jinja",
        city=city,
        cities=cities,
        applications=shops.applications(request.scope, state=ShopState.APPLIED),
        disputes=orders.refund_requests(request.scope),
        house=_house(request, city.id) if request.scope.is_everywhere else None,
    )


@dataclass(frozen=True, slots=True)
class House:
    """What concerns every city: the money and the machine. Who works for one city does not see it."""

    differences: int
    waiting: int
    lost: int
    safe: Safeguarding
    providers: tuple[ProviderHealth, ...]
    outbox: tuple[Finding, ...]


def _house(request: PlatformRequest, city: CityId) -> House:
    return House(
        len(payments.differences(request.scope)) + len(payouts.bank_differences(request.scope)),
        len(payouts.waiting_payees(request.scope)),
        len(sign_in.losses(request.scope)),
        ledger.safeguarding(request.scope, city=city),
        payments.provider_health(request.scope, at=request.at),
        findings.check(request.scope, at=request.at),
    )
