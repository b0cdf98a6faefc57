"""Deposits at the desk: asked for, taken, deducted with a reason, given back; listed and taken away as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import DepositCard
from linli.estate.billing.rules import Channel, DepositState
from linli.faces.property.accounts import BY_HAND
from linli.faces.property.charging import community_here, community_of, till_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats, messages, voice
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import called
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import HomeId, ItemId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.TAKE_FEES
WORDS = ("renovation", "access_card", "lease", "venue", "other")
"""What a deposit is for: each stands on an account of its own."""
BACK = (Channel.CASH, Channel.BANK, Channel.ONLINE, Channel.DEPOSIT)


@page("property", "GET", "deposits/", needs=NEEDS)
def deposits(request: PropertyRequest) -> HttpResponse:
    """This will list deposits by state and door, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, after=request.query.maybe_id("after"), limit=A_PAGE + 1)
    shown, chosen = found[:A_PAGE], _chosen(request)
    return request.render(
        "property/deposits.jinja",
        communities=cards,
        community=community,
        deposits=shown,
        doors=called(shown),
        names=people.names(request.scope, parties={each.obligor for each in shown}),
        states=list(DepositState),
        chosen=chosen,
        more=url("property:deposits", **chosen, after=shown[-1].deposit) if found[A_PAGE:] else None,
        export=url("property:deposits-sheet", **chosen),
    )


@page("property", "GET", "deposits/sheet/", name="deposits-sheet", needs=NEEDS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the deposits that the list shows as a spreadsheet."""
    community = community_here(request, own_communities(request))
    columns = [
        _("Number"),
        _("For"),
        _("Where"),
        _("Who pays"),
        _("State"),
        _("Amount"),
        _("Deducted"),
        _("Given back"),
    ]
    found = _found(request, community, after=None, limit=most_rows())
    return sheet(
        request.query,
        "deposits",
        [*columns, _("In our hands"), _("Received"), _("Should go back")],
        _rows(request, found),
    )


@page("property", "GET", "accounts/<uuid:home>/deposit/", name="deposit-new", needs=NEEDS)
def new(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will ask who leaves a deposit for a home, for what, and how much."""
    account = billing.account_page(request.scope, subject=home)
    return request.render(
        "property/deposit-new.jinja",
        account=account,
        community=community_of(request, account.community),
        residents=people.household(request.scope, home=home, at=request.at),
        channels=BY_HAND,
        words=WORDS,
        once=ids.new(),
    )


@page("property", "POST", "accounts/<uuid:home>/deposit/", name="deposit-new", needs=NEEDS)
def create(request: PropertyRequest, home: HomeId) -> HttpResponse:
    """This will ask for a deposit, which is then paid on the phone or at the desk."""
    form, account = request.form, billing.account_page(request.scope, subject=home)
    obligor, word = PartyId(form.id("obligor")), form.raw("word")
    if obligor not in {each.party for each in people.household(request.scope, home=home, at=request.at)}:
        raise Invalid("obligor", "Please choose one of the values offered.")
    if word not in WORDS:
        raise Invalid("word", "Please choose one of the values offered.")
    deposit = actions.ask_deposit(
        request.scope,
        community=account.community,
        subject=home,
        obligor=obligor,
        word=word,
        title={request.locale[:2]: form.text("title", most=60)},
        amount=form.money("amount", low=Money(1)),
        back_on=form.maybe_day("back_on"),
        at=request.at,
    )
    return see_other("property:deposit", deposit, said=_("Asked for. It is paid on the phone, or here at the desk."))


@page("property", "GET", "deposits/<uuid:deposit>/", name="deposit", needs=NEEDS)
def show(request: PropertyRequest, deposit: UUID) -> HttpResponse:
    """This will show a deposit, its statement, and what can be done with it now."""
    cards = {card.id: card for card in own_communities(request)}
    shown = billing.deposit_page(request.scope, deposit=deposit)
    card = shown.card
    wanted = [card.obligor, *(each.person for each in shown.entries if each.person)]
    return request.render(
        "property/deposit.jinja",
        deposit=shown,
        community=cards[card.community],
        door=called([card])[card.subject],
        names=people.names(request.scope, parties=wanted),
        channels=BY_HAND,
        back=[each for each in BACK if each is not Channel.ONLINE or card.is_online],
        items=[
            each
            for each in billing.items(request.scope, on=request.at.astimezone(voice.current().zone).date())
            if each.retired_at is None
        ],
        once=ids.new(),
    )


@page(
    "property", "POST", "deposits/<uuid:deposit>/taking/", name="deposit-taking", asks="property:deposit", needs=NEEDS
)
def take(request: PropertyRequest, deposit: UUID) -> HttpResponse:
    """This will take the whole of a deposit at the desk."""
    form = request.form
    desk = till_of(form)
    channel = form.choice("channel", Channel)
    number = actions.take_deposit(request.scope, deposit=deposit, channel=channel, desk=desk, at=request.at)
    return see_other("property:deposit", deposit, said=_("Received. Its number is {number}.", number=number))


@page(
    "property",
    "POST",
    "deposits/<uuid:deposit>/deduction/",
    name="deposit-deduction",
    asks="property:deposit",
    needs=NEEDS,
)
def deduct(request: PropertyRequest, deposit: UUID) -> HttpResponse:
    """This will charge something to who left the deposit, and pay it out of that."""
    form = request.form
    actions.deduct_deposit(
        request.scope,
        deposit=deposit,
        item=ItemId(form.id("item")),
        amount=form.money("deducted", low=Money(1)),
        why=form.text("why", most=200),
        at=request.at,
    )
    return see_other("property:deposit", deposit, said=_("Deducted: it stands on a bill of its own, and is paid."))


@page(
    "property", "POST", "deposits/<uuid:deposit>/return/", name="deposit-return", asks="property:deposit", needs=NEEDS
)
def give_back(request: PropertyRequest, deposit: UUID) -> HttpResponse:
    """This will give back what is held of a deposit, or a part of it."""
    form = request.form
    back = actions.return_deposit(
        request.scope,
        deposit=deposit,
        channel=form.choice("back_by", Channel),
        amount=form.maybe_money("back"),
        desk=till_of(form),
        another_way=form.flag("another_way"),
        at=request.at,
    )
    return see_other("property:deposit", deposit, said=_("{amount} went back.", amount=formats.money(back)))


def _found(
    request: PropertyRequest, community: CommunityCard, *, after: UUID | None, limit: int
) -> tuple[DepositCard, ...]:
    words, state = request.query.maybe_text("words", most=40) or "", request.query.raw("state")
    found = places.find_homes(community.id, words=words, limit=places.MOST_HOMES) if words else ()
    return billing.deposits(
        request.scope,
        community=community.id,
        state=DepositState(state) if state in list(DepositState) else None,
        homes=[home.id for home in found] if words else None,
        after=after,
        limit=limit,
    )


def _chosen(request: PropertyRequest) -> dict[str, str]:
    return {name: request.query.raw(name) for name in ("community", "state", "words")}


def _rows(request: PropertyRequest, found: tuple[DepositCard, ...]) -> Iterator[list[object]]:
    doors, names = called(found), people.names(request.scope, parties={each.obligor for each in found})
    for each in found:
        yield [
            each.number,
            messages.in_language(each.title),
            doors[each.subject],
            names.get(each.obligor, ""),
            messages.word(each.state),
            each.amount,
            each.deducted,
            each.returned,
            each.held,
            each.taken_at,
            each.goes_back_on,
        ]
