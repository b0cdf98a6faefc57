"""Vouchers that shops give to their guests' cars: granted, followed, ended."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.rules import Terms, VoucherKind
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId, VoucherStockId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.may import May
from linli.trade.shops import queries as shops

NEEDS = May.KEEP_PARKING
MOST_SHOPS = 200


@page("property", "GET", "parking/vouchers/", name="parking-vouchers", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list what was granted, and ask for one more stock."""
    cards = own_communities(request)
    community = community_here(request, cards)
    rows = queries.stocks(request.scope, community=community.id)
    return request.render(
        "property/parking-vouchers.jinja",
        communities=cards,
        community=community,
        rows=rows,
        names=people.names(request.scope, parties={row.giver for row in rows}) if rows else {},
        givers=_givers(community.id, request.at),
        kinds=tuple(VoucherKind),
        terms=tuple(Terms),
        until=(request.at + timedelta(days=90)).astimezone(voice.current().zone).date(),
        once=ids.new(),
    )


@page("property", "GET", "parking/vouchers/file/", name="parking-vouchers-file", needs=NEEDS)
def index_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    rows = queries.stocks(request.scope, community=community.id, limit=most_rows())
    names = people.names(request.scope, parties={row.giver for row in rows}) if rows else {}
    columns = [
        _("Number"),
        _("Giver"),
        _("Takes off"),
        _("Paid how"),
        _("Granted"),
        _("Given"),
        _("Used"),
        _("Bore"),
        _("Until"),
    ]
    return sheet(
        request.query,
        "parking-vouchers",
        columns,
        (
            (
                r.label,
                names.get(r.giver, ""),
                word(r.kind),
                word(r.terms),
                r.count,
                r.given,
                r.used,
                r.worth,
                r.expires_at,
            )
            for r in rows
        ),
    )


@page(
    "property",
    "POST",
    "parking/vouchers/<uuid:community>/",
    name="parking-voucher-grants",
    asks="property:parking-vouchers",
    needs=NEEDS,
)
def grant(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will let a shop give so many vouchers."""
    community_of(request, community)
    giver = PartyId(request.form.id("giver"))
    if giver not in dict(_givers(community, request.at)):
        raise Invalid("giver", "Please choose one of the values offered.")
    kind, terms = request.form.choice("kind", VoucherKind), request.form.choice("terms", Terms)
    last = datetime.combine(request.form.day("until") + timedelta(days=1), time(), voice.current().zone)
    actions.grant_vouchers(
        request.scope,
        community=community,
        giver=giver,
        kind=kind,
        count=request.form.whole("count", low=1, high=100_000),
        terms=terms,
        expires_at=last,
        minutes=request.form.whole("minutes", high=10_080, default=0) if kind is VoucherKind.MINUTES else 0,
        amount=(request.form.maybe_money("amount") or Money.zero) if kind is VoucherKind.AMOUNT else Money.zero,
        price=(request.form.maybe_money("price") or Money.zero) if terms is Terms.PREPAID else Money.zero,
        at=request.at,
    )
    said = _("Granted. They can be given as soon as the shop has paid.") if terms is Terms.PREPAID else _("Granted.")
    return see_other("property:parking-vouchers", said=said, community=community)


@page(
    "property",
    "POST",
    "parking/vouchers/<uuid:stock>/ending/",
    name="parking-voucher-ending",
    asks="property:parking-vouchers",
    needs=NEEDS,
)
def end(request: PropertyRequest, stock: VoucherStockId) -> HttpResponse:
    """This will end a stock."""
    actions.close_stock(request.scope, stock=stock, at=request.at)
    return see_other("property:parking-vouchers", said=_("No more of these are given."))


def _givers(community: CommunityId, at: datetime) -> list[tuple[PartyId, str]]:
    """The merchants whose shops sell here: the two wings do not know each other, a face may ask both."""
    near = shops.shops_near(community=community, at=at, limit=MOST_SHOPS)
    terms = shops.sale_terms(community=community, shops=[card.shop for card in near], at=at)
    return [(each.merchant, in_language(each.name)) for each in terms.values()]
