"""Communities in numbers: orders, who comes again, baskets, what bringing costs and what is thrown away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.ground.policies.queries import policy
from linli.insight.dashboards import rules
from linli.kernel.ids import CommunityId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.queries import Spent
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import CommunitySales, UnitsSold
from linli.trade.stock import queries as stock
from linli.trade.stock.queries import UnitsLost


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityFigures:
    """A community over some weeks. What cannot be told is None: a part of nothing, or of fewer homes than are shown.

    `brought` went by couriers, who were `paid` so much for it, while buyers paid `fees`; `waste_bp` is the part of all
    units of the goods bought here that were thrown away, each good counted by what this community bought of it.
    """

    community: CommunityId
    orders: int
    homes: int | None
    again_bp: int | None
    basket: Money | None
    turnover: Money
    refunded: Money
    brought: int
    paid: Money
    fees: Money
    waste_bp: int | None

    @property
    def paid_each(self) -> Money | None:
        """What bringing an order cost in the mean."""
        return Money(round(self.paid.minor / self.brought)) if self.brought else None

    @property
    def lacking(self) -> Money:
        """What bringing cost more than buyers paid for it."""
        return self.paid - self.fees


@query
def communities_in_numbers(
    scope: Scope, *, communities: Sequence[CommunityId], start: datetime, end: datetime
) -> tuple[CommunityFigures, ...]:
    """This will reckon the figures of some communities over [start, end), in the order asked; four statements."""
    if not scope.is_inside:
        raise Denied
    sales = orders.community_sales(scope, communities=communities, start=start, end=end)
    brought = delivery.spent(scope, communities=communities, start=start, end=end)
    units = orders.units_sold(scope, communities=communities, start=start, end=end)
    lost = stock.units_lost(scope, variants=dict.fromkeys(each.variant for each in units), start=start, end=end)
    waste = _waste(units, lost)
    return tuple(
        _figures(
            each,
            sales.get(each),
            brought.get(each),
            waste.get(each),
            policy(scope, rules.FiguresPolicy, at=end, community=each).least_homes,
        )
        for each in communities
    )


@query
def community_in_numbers(scope: Scope, *, community: CommunityId, start: datetime, end: datetime) -> CommunityFigures:
    """This will reckon the figures of one community."""
    return communities_in_numbers(scope, communities=[community], start=start, end=end)[0]


def _figures(
    community: CommunityId, sales: CommunitySales | None, brought: Spent | None, waste_bp: int | None, least: int
) -> CommunityFigures:
    homes = sales.homes if sales else 0
    is_told = homes >= least
    return CommunityFigures(
        community=community,
        orders=sales.orders if sales else 0,
        homes=homes if is_told else None,
        again_bp=round(10_000 * sales.homes_again / homes) if sales and is_told else None,
        basket=Money(round(sales.goods.minor / sales.checkouts)) if sales and sales.checkouts and is_told else None,
        turnover=sales.goods + sales.fees if sales else Money.zero,
        refunded=sales.refunded if sales else Money.zero,
        brought=brought.brought if brought else 0,
        paid=brought.pay if brought else Money.zero,
        fees=brought.fees if brought else Money.zero,
        waste_bp=waste_bp,
    )


def _waste(units: Sequence[UnitsSold], lost: dict[VariantId, UnitsLost]) -> dict[CommunityId, int]:
    """A good lies on one shelf for all communities, so each bears what was lost of it by what it bought."""
    bought: dict[CommunityId, float] = defaultdict(float)
    wasted: dict[CommunityId, float] = defaultdict(float)
    for each in units:
        of = lost.get(each.variant)
        if of is None or not of.sold:
            continue
        bought[each.community] += each.units
        wasted[each.community] += of.lost * min(1.0, each.units / of.sold)
    return {
        community: round(10_000 * wasted[community] / (bought[community] + wasted[community])) for community in bought
    }
