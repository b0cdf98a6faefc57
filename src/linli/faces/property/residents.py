"""Who lives where: homes by their doors, masked phones, and a recorded look at one in the clear."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.queries import LineCard
from linli.estate.billing.rules import LineKind
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.ground.people.actions import Contact
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.may import May

MOST_HOMES = 60


@page("property", "GET", "residents/", needs=May.KEEP_PEOPLE)
def residents(request: PropertyRequest) -> HttpResponse:
    """This will find homes of a community by what people type."""
    cards = own_communities(request)
    community = chosen_community(request, cards) or (cards[0] if cards else None)
    words = request.query.maybe_text("words", most=40) or ""
    homes = places.find_homes(community.id, words=words, limit=MOST_HOMES + 1) if community else ()
    return request.render(
        "property/residents.jinja",
        communities=cards,
        community=community,
        homes=homes[:MOST_HOMES],
        is_cut=len(homes) > MOST_HOMES,
        words=words,
    )


@page("property", "GET", "homes/<uuid:home>/", name="home-page", needs=May.KEEP_PEOPLE)
def home(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will show who lives in a home."""
    return _shown(request, home)


@page(
    "property",
    "POST",
    "homes/<uuid:home>/reveal/<uuid:party>/",
    name="reveal",
    asks="property:home-page",
    needs=May.KEEP_PEOPLE,
)
def reveal(request: PropertyRequest, home: HomeId, party: PartyId) -> HttpResponse:
    """This will show one phone in the clear, once, and write down who read it and why."""
    lives_here = {each.party for each in people.household(request.scope, home=_own(request, home), at=request.at)}
    if party not in lives_here:
        raise NotFound("person")
    why = request.form.text(f"why.{party}", most=200)
    return _shown(request, home, actions.reveal_contact(request.scope, party=party, why=why, at=request.at))


@page("property", "POST", "homes/<uuid:home>/sale/", name="home-sale", asks="property:home-page", needs=May.KEEP_PEOPLE)
def sell(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will let a home pass from its owner to a buyer on a day."""
    form = request.form
    seller, start_on = PartyId(form.id("seller")), form.day("start_on")
    actions.sell_home(
        request.scope,
        home=_own(request, home),
        seller=seller,
        name=form.text("name", most=60),
        phone=form.text("phone", most=32),
        start_on=start_on,
        family_leaves=form.flag("family_leaves"),
        at=request.at,
    )
    return see_other("property:home-page", home, said=_said_of_sale(request, home, seller, start_on))


def _said_of_sale(request: PropertyRequest, home: HomeId, seller: PartyId, start_on: date) -> str:
    """A bill that went out is never changed: what of it is for the buyer's days is named, to be credited."""
    owed = billing.account_page(request.scope, subject=home).open_lines
    beyond = Money.total(
        _of_later_days(one.line, start_on) for one in owed if one.obligor == seller and one.line.kind is LineKind.CHARGE
    )
    if not beyond:
        return _("Written down. Bills are cut at that day.")
    return _(
        "Written down. Bills that go out from now on are cut at that day. Of what was billed before, {amount} is for"
        " days from then on, and still stands with the seller: please credit there what the seller does not owe.",
        amount=formats.money(beyond),
    )


def _of_later_days(line: LineCard, since: date) -> Money:
    """The part of what is open on a line that falls on the days from then on."""
    before, after = (since - line.start_on).days, (line.end_on - since).days
    if after <= 0:
        return Money.zero
    return line.open if before <= 0 else line.open.split((before, after))[1]


def _shown(request: PropertyRequest, home: HomeId, contact: Contact | None = None) -> HttpResponse:
    card = places.home(_own(request, home))
    household = people.household(request.scope, home=home, at=request.at)
    return request.render("property/home.jinja", home=card, household=household, contact=contact, once=ids.new())


def _own(request: PropertyRequest, home: HomeId) -> HomeId:
    """A home of another company's community does not exist."""
    if places.home(home).community not in request.communities:
        raise NotFound("home")
    return home
