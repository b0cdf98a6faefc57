"""Months of a fee paid ahead on the phone: what is offered for their homes, what they bought, and its fate."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.charging import doors
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId

MOST_HOMES = 5
"""So many homes of one resident are priced on one page."""


@page("owner", "GET", "prepaid/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what may be paid ahead for the resident's homes here, and what they paid ahead."""
    community = insist_offered(request, BillingPolicy)
    cards = places.homes(request.homes)
    homes = [home for home in request.homes if cards[home].community == community.id][:MOST_HOMES]
    first_on = billing.next_month(request.scope, community=community.id, at=request.at)
    quotes = [quote for home in homes for quote in billing.quotes(request.scope, home=home, first_on=first_on)]
    terms = billing.my_terms(request.scope)
    return request.render(
        "owner/prepaid.jinja",
        community=community,
        quotes=quotes,
        terms=terms,
        doors=doors([*(quote.home for quote in quotes), *(term.home for term in terms)]),
    )


@page("owner", "POST", "prepaid/", name="prepaid", asks="owner:prepaid")
def create(request: OwnerRequest) -> HttpResponse:
    """This will ask for one payment of a term."""
    insist_offered(request, BillingPolicy)
    collection = actions.begin_term(
        request.scope,
        offer=request.form.id("offer"),
        home=HomeId(request.form.id("home")),
        first_on=request.form.day("first_on"),
        at=request.at,
    )
    return see_other("owner:bill-payment", collection)


@page("owner", "GET", "prepaid/<uuid:term>/", name="prepaid-term")
def show(request: OwnerRequest, term: UUID) -> HttpResponse:
    """This will show a term month by month: what was paid, what the bill charged, and what became of the difference."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.term_page(request.scope, term=term)
    return request.render(
        "owner/prepaid-term.jinja", community=community, term=shown, door=doors([shown.card.home])[shown.card.home]
    )
