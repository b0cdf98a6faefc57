"""Prepaid terms at the desk: what is offered, sold from an account, given back by line, handed on after a sale."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import Channel, TermPrice, TermState
from linli.faces.property.charging import community_here, community_of, till_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats, voice
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

A_PAGE = 50
BY_HAND = (Channel.CASH, Channel.POS, Channel.QR, Channel.BANK)
BACK = (Channel.CASH, Channel.BANK, Channel.ONLINE, Channel.WALLET)


@page("property", "GET", "terms/", needs=May.TAKE_FEES)
def terms(request: PropertyRequest) -> HttpResponse:
    """This will list what was paid ahead in a community, in one state or in all."""
    cards = own_communities(request)
    community, state, after = community_here(request, cards), _state(request), request.query.maybe_id("after")
    found = billing.terms(request.scope, community=community.id, state=state, after=after, limit=A_PAGE + 1)
    return request.render(
        "property/terms.jinja",
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(TermState),
        terms=found[:A_PAGE],
        more=found[A_PAGE - 1].term if found[A_PAGE:] else None,
        doors=doors(each.home for each in found[:A_PAGE]),
        names=people.names(request.scope, parties=[each.obligor for each in found[:A_PAGE]]),
    )


@page("property", "GET", "terms/file/", name="terms-file", needs=May.TAKE_FEES)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    found = billing.terms(request.scope, community=community.id, state=_state(request), limit=most_rows())
    called = doors(each.home for each in found)
    columns = [_("Door"), _("Item"), _("Price"), _("From"), _("To"), _("State"), _("Paid"), _("Used"), _("Given back")]
    columns += [_("Left"), _("Gift months")]
    rows = (
        (
            *(called.get(each.home, "–"), in_language(each.name), word(each.price), each.start_on, each.end_on),
            *(each.state, each.paid, each.used, each.returned, each.left, each.gifts),
        )
        for each in found
    )
    return sheet(request.query, "terms", columns, rows)


@page("property", "GET", "terms/<uuid:term>/", name="term", needs=May.TAKE_FEES)
def show(request: PropertyRequest, term: UUID) -> HttpResponse:
    """This will show a term month by month, its history, and what would go back of it."""
    shown = billing.term_page(request.scope, term=term)
    who = [shown.card.obligor, *(step.person for step in shown.history if step.person)]
    return request.render(
        "property/term.jinja",
        term=shown,
        community=community_of(request, shown.card.community),
        door=doors([shown.card.home]).get(shown.card.home, "–"),
        names=people.names(request.scope, parties=who),
        ways=BACK,
        may_hand_on=shown.card.state is TermState.CUT and bool(shown.card.left),
        may_return=shown.card.state in (TermState.HELD, TermState.CUT) and bool(shown.back.amount),
        once=ids.new(),
    )


@page("property", "POST", "terms/<uuid:term>/returns/", asks="property:term", name="term-returns", needs=May.TAKE_FEES)
def give_back(request: PropertyRequest, term: UUID) -> HttpResponse:
    """This will give back the months from one on."""
    form = request.form
    back = actions.return_term(
        request.scope,
        term=term,
        since=form.maybe_day("since"),
        channel=form.choice("channel", Channel),
        another_way=form.flag("another_way"),
        why=form.text("why", most=200),
        at=request.at,
    )
    return see_other("property:term", term, said=_("{amount} went back.", amount=formats.money(back)))


@page("property", "POST", "terms/<uuid:term>/heirs/", asks="property:term", name="term-heirs", needs=May.TAKE_FEES)
def hand_on(request: PropertyRequest, term: UUID) -> HttpResponse:
    """This will hand what is left on to whoever owns the home now."""
    made = actions.hand_on_term(request.scope, term=term, at=request.at)
    return see_other("property:term", made, said=_("Handed on to the owner of today."))


@page("property", "GET", "accounts/<uuid:home>/terms/", name="account-terms", needs=May.TAKE_FEES)
def ask(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will price what a home may pay ahead from a month on, and show what was bought for it."""
    card = places.homes([home]).get(home)
    if card is None:
        raise NotFound("home")
    community = community_of(request, CommunityId(card.community))
    first_on = request.query.maybe_day("first_on")
    first_on = first_on or billing.next_month(request.scope, community=community.id, at=request.at)
    return request.render(
        "property/account-terms.jinja",
        home=card,
        community=community,
        first_on=first_on,
        quotes=billing.quotes(request.scope, home=home, first_on=_first_of(first_on)),
        terms=billing.terms(request.scope, community=community.id, home=home),
        ways=BY_HAND,
        once=ids.new(),
    )


@page("property", "POST", "accounts/<uuid:home>/terms/", name="account-terms", needs=May.TAKE_FEES)
def sell(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will take the money for a term."""
    form = request.form
    term = actions.take_term(
        request.scope,
        offer=form.id("offer"),
        home=home,
        first_on=_first_of(form.day("first_on")),
        channel=form.choice("channel", Channel),
        desk=till_of(form),
        at=request.at,
    )
    return see_other("property:term", term, said=_("Received. The months are covered."))


@page("property", "GET", "term-offers/file/", name="term-offers-file", needs=May.KEEP_TARIFFS)
def offers_file(request: PropertyRequest) -> HttpResponse:
    """This will give what may be paid ahead as a sheet."""
    community = community_here(request, own_communities(request))
    columns = [_("Item"), _("Months paid"), _("Months free"), _("Price")]
    found = billing.offers(request.scope, community=community.id)
    rows = ((in_language(each.name), each.months, each.gifts, word(each.price)) for each in found)
    return sheet(request.query, "term-offers", columns, rows)


@page("property", "GET", "term-offers/", name="term-offers", needs=May.KEEP_TARIFFS)
def offers(request: PropertyRequest) -> HttpResponse:
    """This will list what a community lets its homes pay ahead."""
    cards = own_communities(request)
    community = community_here(request, cards)
    return request.render(
        "property/term-offers.jinja",
        communities=cards,
        community=community,
        offers=billing.offers(request.scope, community=community.id),
        items=billing.items(request.scope, on=request.at.astimezone(voice.current().zone).date()),
        prices=tuple(TermPrice),
    )


@page("property", "POST", "term-offers/", name="term-offers", needs=May.KEEP_TARIFFS)
def offer(request: PropertyRequest) -> HttpResponse:
    """This will offer months of an item."""
    form = request.form
    community = CommunityId(form.id("community"))
    actions.offer_term(
        request.scope,
        community=community,
        item=ItemId(form.id("item")),
        months=form.whole("months", low=1, high=60),
        gifts=form.whole("gifts", low=0, high=60, default=0),
        price=form.choice("price", TermPrice),
        at=request.at,
    )
    return see_other("property:term-offers", community=community, said=_("It is offered from now on."))


@page(
    "property",
    "POST",
    "term-offers/<uuid:offer>/withdrawal/",
    asks="property:term-offers",
    name="term-offer-withdrawal",
    needs=May.KEEP_TARIFFS,
)
def withdraw(request: PropertyRequest, offer: UUID) -> HttpResponse:
    """This will take an offer back."""
    actions.withdraw_offer(request.scope, offer=offer, at=request.at)
    return see_other("property:term-offers", said=_("Withdrawn. What was bought stays as it was bought."))


def _state(request: PropertyRequest) -> TermState | None:
    asked = request.query.raw("state")
    return next((state for state in TermState if state.value == asked), None)


def _first_of(day: date) -> date:
    return day.replace(day=1)
