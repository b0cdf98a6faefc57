"""A checkout: the basket at prices that are kept for some minutes, with every fen explained."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.shell import messages
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import CheckoutId
from linli.trade.orders import actions
from linli.trade.orders import queries as orders
from linli.trade.orders.rules import CheckoutState


@page("owner", "POST", "checkouts/", asks="owner:basket")
def create(request: OwnerRequest) -> HttpResponse:
    """This will lock the prices of the basket and show them."""
    checkout = actions.lock_checkout(request.scope, community=neighbourhoods.own(request), at=request.at)
    return see_other("owner:checkout", checkout)


@page("owner", "GET", "checkouts/<uuid:checkout>/", name="checkout")
def show(request: OwnerRequest, checkout: CheckoutId) -> HttpResponse:
    """This will show the locked prices, or what has changed since; of a checkout that went on, how it stands."""
    standing = orders.checkout_page(request.scope, checkout=checkout)
    card = neighbourhoods.look_at(standing.community)
    if standing.state in (CheckoutState.PAYING, CheckoutState.PLACED):
        return see_other("owner:payment", checkout)
    is_over = standing.state is CheckoutState.EXPIRED or standing.due_at is None or standing.due_at <= request.at
    if is_over or request.refusal is not None:
        return request.render(
            "owner/checkout-changed.jinja",
            community=card,
            says=None if request.refusal is None else messages.words_of(request.refusal),
            changes=orders.changes_since(request.scope, checkout=checkout, at=request.at),
        )
    return request.render(
        "owner/checkout.jinja",
        community=card,
        page=orders.quote(request.scope, checkout=checkout, at=request.at),
        home=places.home(standing.home),
    )
