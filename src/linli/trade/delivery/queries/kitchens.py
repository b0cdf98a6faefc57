"""What a shop says of its kitchen, and what the next quarters of an hour hold already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Capacity, Kitchen
from linli.trade.shops import queries as shops


@dataclass(frozen=True, slots=True)
class KitchenPage:
    """A kitchen as its shop sees it: its terms, none where it says nothing, and what is taken of each quarter."""

    terms: rules.KitchenTerms | None
    quarters: tuple[tuple[datetime, Money], ...]


def insist_own(scope: Scope, shop: ShopId) -> None:
    """This will refuse whoever neither is of a shop nor works for its city, as if there were no such shop."""
    if scope.shop == shop or scope.is_everywhere:
        return
    if not scope.is_inside:
        raise NotFound("shop")
    shops.shop(scope, shop=shop)


@query
def kitchen(scope: Scope, *, shop: ShopId, at: datetime) -> KitchenPage:
    """This will show a shop what its kitchen has before it in the next two hours; two statements."""
    insist_own(scope, shop)
    row = Kitchen.objects.filter(shop=shop).first()
    if row is None:
        return KitchenPage(None, ())
    start_at, end_at = rules.cooking_window(at, None)
    taken = dict(
        Capacity.objects.filter(
            axis=rules.Axis.KITCHEN, subject=shop, start_at__gte=start_at, start_at__lt=end_at
        ).values_list("start_at", "taken")
    )
    terms = rules.KitchenTerms(
        value=Money(row.value_minor),
        minutes=row.minutes,
        pauses_by_itself=row.pauses_by_itself,
        queue_minutes=row.queue_minutes,
    )
    return KitchenPage(terms, tuple((each, Money(taken.get(each, 0))) for each in rules.quarters(start_at, end_at)))
