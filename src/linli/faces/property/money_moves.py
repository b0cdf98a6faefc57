"""The cash book: each movement of money, what it was for, and whether the company's book says the same of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.queries import MoneyMove, MoneySum
from linli.estate.billing.rules import Channel, Purpose
from linli.estate.parking import queries as parking
from linli.faces.property.charging import community_here, month_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.spine.may import May

SHOWN = 200
MOST = 20_000
SORTED_BY = ("when", "in", "back")
MONEY_WAYS = (Channel.CASH, Channel.POS, Channel.QR, Channel.BANK, Channel.ONLINE)


def sums(request: PropertyRequest, community: CommunityId, since: date, until: date) -> tuple[MoneySum, ...]:
    """This will sum all that came in and went back in months, by what it was for and how it came."""
    found = [
        one
        for module in (billing, parking)
        for one in module.money_sums(request.scope, communities=[community], since=since, until=until)
    ]
    order = list(Purpose)
    return tuple(sorted(found, key=lambda one: (-one.month.toordinal(), order.index(one.purpose), one.channel.value)))


@page("property", "GET", "money-moves/", needs=May.CHASE_ARREARS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will list the movements of a month, or those behind one figure of the report."""
    cards = own_communities(request)
    community = community_here(request, cards)
    word_, of, by = (request.query.raw(name) for name in ("month", "purpose", "channel"))
    month = month_of(word_) if word_ else places.day_in(community.id, request.at).replace(day=1)
    found = _moves(
        request,
        community.id,
        month,
        Purpose(of) if of in list(Purpose) else None,
        Channel(by) if by in MONEY_WAYS else None,
    )
    booked = billing.booked_money(
        request.scope, company=request.company, community=community.id, since=month, until=month
    )
    names = _named(found)
    chosen = {"community": community.id, "month": f"{month:%Y-%m}", "purpose": of, "channel": by}
    sorting = Sorting.of(request, "property:money-moves", SORTED_BY, chosen)
    if sorting.key:
        found.sort(key=lambda one: _rank(one, sorting), reverse=not sorting.is_rising)
    if request.query.raw("form"):
        return _sheet(request, found, names, booked)
    return request.render(
        "property/money-moves.jinja",
        communities=cards,
        community=community,
        month=month,
        purposes=list(Purpose),
        channels=MONEY_WAYS,
        chosen=chosen,
        moves=found[:SHOWN],
        count=len(found),
        came=Money.total(one.amount for one in found if one.amount > Money.zero),
        back=-Money.total(one.amount for one in found if one.amount < Money.zero),
        names=names,
        differing=_differing(found, booked),
        sorting=sorting,
        export=url("property:money-moves", **chosen, by=sorting.word or None, form="xlsx"),
    )


def _rank(one: MoneyMove, sorting: Sorting) -> tuple[bool, int, datetime]:
    """What came in stands before what went back, or behind it, however the amounts themselves are turned."""
    if sorting.key == "when":
        return True, 0, one.at
    amount = one.amount if sorting.key == "in" else -one.amount
    return (amount > Money.zero) is not sorting.is_rising, amount.minor, one.at


def _moves(
    request: PropertyRequest, community: CommunityId, month: date, purpose: Purpose | None, channel: Channel | None
) -> list[MoneyMove]:
    found: list[MoneyMove] = []
    for module in (billing, parking):
        found += module.money_moves(
            request.scope,
            communities=[community],
            since=month,
            until=month,
            purpose=purpose,
            channel=channel,
            limit=MOST,
        )
    return sorted(found, key=lambda one: (one.at, one.document), reverse=True)


def _named(found: Iterable[MoneyMove]) -> dict[UUID, str]:
    """Homes by their doors; what is none is called what it is."""
    things = {one.subject: one for one in found}
    homes = doors(thing for thing, one in things.items() if one.home is not None)
    return {
        thing: homes.get(thing) or (_("Wallet") if one.kind is None else word(one.kind))
        for thing, one in things.items()
    }


def _differing(found: Sequence[MoneyMove], booked: Mapping[str, Money]) -> dict[str, tuple[Money, Money]]:
    """Documents of which the book says something else, with both figures; where all agree there is none."""
    counted: dict[str, Money] = defaultdict(lambda: Money.zero)
    for one in found:
        counted[one.document] += one.amount
    pairs = ((document, minor, booked.get(document, Money.zero)) for document, minor in counted.items())
    return {document: (here, there) for document, here, there in pairs if here != there}


def _sheet(
    request: PropertyRequest, found: Sequence[MoneyMove], names: Mapping[UUID, str], booked: Mapping[str, Money]
) -> HttpResponse:
    wrong = _differing(found, booked)
    columns = [
        _("When"),
        _("For"),
        _("Way of paying"),
        _("Number"),
        _("Where"),
        _("Money in"),
        _("Money back"),
        _("Book"),
    ]
    rows = (
        [
            *(one.at, one.purpose, one.channel, one.number, names[one.subject]),
            *((one.amount, "") if one.amount > Money.zero else ("", -one.amount)),
            _("differs") if one.document in wrong else _("agrees"),
        ]
        for one in found
    )
    return sheet(request.query, "money", columns, rows)
