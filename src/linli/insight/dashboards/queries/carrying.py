"""What a shop should carry: its goods in one of its communities or in all, reckoned from orders and the stock book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce

from linli.ground.places import queries as places
from linli.ground.places.rules import business_day
from linli.ground.policies.queries import policy
from linli.insight.dashboards import rules
from linli.insight.dashboards.rules import Bought, Shelf, Terms, Verdict, Worth
from linli.kernel.ids import CommunityId, FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import SoldHere
from linli.trade.shops import queries as shops
from linli.trade.stock import queries as stock
from linli.trade.stock.queries import Turnover


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A good with its evidence. `homes` and `again` are None where they are too few to be shown.

    `elsewhere` are units that the shop's other communities bought; `days` how long a unit stands before it is sold.
    """

    variant: VariantId
    listing: ListingId
    name: dict[str, str]
    label: dict[str, str]
    picture: FileId | None
    units: int
    elsewhere: int
    homes: int | None
    again: int | None
    here: int
    lost: int
    days: float | None
    net: Money
    worth: Worth


@dataclass(frozen=True, slots=True)
class CarryPage:
    """All goods of the shop, what loses most or earns least first among those to drop, then by what they leave.

    `of` counts the goods of each verdict; the days looked at are [first_on, last_on].
    """

    communities: tuple[CommunityId, ...]
    lines: tuple[Carried, ...]
    of: dict[Verdict, int]
    first_on: date
    last_on: date
    least_homes: int
    terms: Terms


@query
def what_to_carry(
    scope: Scope, *, shop: ShopId, community: CommunityId | None = None, trip: Money | None = None, at: datetime
) -> CarryPage:
    """This will reckon what each good of a shop leaves in one of its communities or in all; to its merchant alone.

    `trip`: what a way of the shop's own costs, where the merchant knows better than the policy.
    """
    communities = shops.sells_in(shop=shop)
    if scope.shop != shop or not communities or (community is not None and community not in communities):
        raise NotFound("community")
    rule = policy(scope, rules.FiguresPolicy, at=at, community=community or communities[0])
    start = at - timedelta(weeks=rule.weeks)
    homes = places.homes_counted(communities)
    sold = orders.sold_here(scope, shop=shop, communities=communities, start=start, end=at)
    shelves = {each.variant: each for each in stock.turnover(scope, shop=shop, start=start, end=at)}
    variants = list(dict.fromkeys([*(each.variant for each in sold), *shelves]))
    cards = catalogue.kept_variants(scope, shop=shop, variants=variants)
    terms = Terms(
        trip=rule.trip if trip is None else trip, least_a_month=rule.least_a_month, least_margin=rule.least_margin
    )
    looked_at = {community} if community else set(communities)
    by_variant: dict[VariantId, list[SoldHere]] = {variant: [] for variant in variants if variant in cards}
    for each in sold:
        if each.variant in by_variant:
            by_variant[each.variant].append(each)
    lines = [
        _carried(
            variant,
            cards[variant],
            rules.Line(
                own=_bought(each for each in those if each.community in looked_at),
                everywhere=_bought(those),
                homes=sum(homes.get(each, 0) for each in looked_at),
                homes_everywhere=sum(homes.values()),
                shelf=_shelf(shelves.get(variant), those, start=start, at=at),
            ),
            terms,
            rule.least_homes,
        )
        for variant, those in by_variant.items()
    ]
    timezone = places.market_of(communities[0]).timezone
    return CarryPage(
        communities=communities,
        lines=tuple(sorted(lines, key=_order)),
        of={verdict: sum(line.worth.verdict is verdict for line in lines) for verdict in Verdict},
        first_on=business_day(start, timezone),
        last_on=business_day(at, timezone),
        least_homes=rule.least_homes,
        terms=terms,
    )


def _order(line: Carried) -> tuple[int, int, VariantId]:
    rank = (Verdict.DROP, Verdict.WATCH, Verdict.CARRY, Verdict.OPEN).index(line.worth.verdict)
    margin = (line.worth.margin or Money.zero).minor
    return rank, -margin if line.worth.verdict is Verdict.CARRY else margin, line.variant


def _bought(those: Iterable[SoldHere]) -> Bought:
    """Homes are of one community each, so that they may be added up."""
    return reduce(
        lambda so_far, each: Bought(
            units=so_far.units + each.units,
            homes=so_far.homes + each.homes,
            again=so_far.again + each.again,
            net=so_far.net + each.net,
            merchant=so_far.merchant + each.merchant,
            trips=so_far.trips + each.trips,
            fees=so_far.fees + each.fees,
        ),
        those,
        Bought(),
    )


def _shelf(turned: Turnover | None, sold: Sequence[SoldHere], *, start: datetime, at: datetime) -> Shelf:
    """What no stock is kept of has been there since it was first sold."""
    since = turned.since if turned and turned.since else min((each.first_at for each in sold), default=at)
    weeks = Decimal((at - max(start, since)).total_seconds()) / Decimal(7 * 86_400)
    if turned is None:
        return Shelf(weeks=weeks)
    return Shelf(
        weeks=weeks,
        here=turned.here,
        costed=turned.costed,
        cost=turned.cost,
        lost=turned.lost,
        lost_cost=turned.lost_cost,
        days=turned.days,
    )


def _carried(
    variant: VariantId, card: catalogue.VariantCard, line: rules.Line, terms: Terms, least_homes: int
) -> Carried:
    own, shelf = line.own, line.shelf
    is_few = own.homes < least_homes
    return Carried(
        variant=variant,
        listing=card.listing,
        name=card.name,
        label=card.label,
        picture=card.picture,
        units=own.units,
        elsewhere=line.everywhere.units - own.units,
        homes=None if is_few else own.homes,
        again=None if is_few or 0 < own.again < least_homes else own.again,
        here=shelf.here,
        lost=shelf.lost,
        days=shelf.days,
        net=own.net,
        worth=rules.judge(line, terms),
    )
