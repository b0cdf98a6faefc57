"""Cash that a shop took at doors and has not paid in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CityId, PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import cash_due, platform_book
from linli.money.payments import queries as payments
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.shops.models import Shop


@dataclass(frozen=True, slots=True)
class CashInHand:
    """What a shop's merchant owes of the cash it took, and whether it can be paid in at the bank."""

    owed: Money
    takes_slips: bool


@query
def cash_in_hand(scope: Scope, *, shop: ShopId, at: datetime) -> CashInHand:
    """This will tell what the merchant of a shop holds, to whoever works there; to others there is no such shop."""
    row = Shop.objects.filter(pk=shop).values_list("merchant", "city").first()
    if row is None or not (scope.is_inside or scope.shop == shop):
        raise NotFound("shop")
    merchant, city = PartyId(row[0]), CityId(row[1])
    return CashInHand(
        owed=ledger.balance(SYSTEM, book=platform_book(city), address=cash_due(merchant)),
        takes_slips=payments.takes_transfers(scope, city=city, at=at),
    )
