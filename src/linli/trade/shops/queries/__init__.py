"""Questions about shops: what a checkout must know, what a neighbour sees, what a merchant and the platform keep."""

from linli.trade.shops.queries.cash import CashInHand, cash_in_hand
from linli.trade.shops.queries.keeping import LicenceCard, MoveCard, ShopPage, TermsCard, ZoneCommunity, may_see, shop
from linli.trade.shops.queries.lists import (
    ShopSort,
    ShopSummary,
    applications,
    my_shops,
    shops_called,
    unlicensed,
    whereabouts,
)
from linli.trade.shops.queries.selling import (
    SaleTerms,
    ShopCard,
    ShopPoint,
    names,
    of_kind,
    points,
    sale_terms,
    sells_in,
    shops_near,
    terms_question,
)
from linli.trade.shops.queries.staffing import CourierCard, Staff, StaffCard, couriers, staff

__all__ = [
    "CashInHand",
    "CourierCard",
    "LicenceCard",
    "MoveCard",
    "SaleTerms",
    "ShopCard",
    "ShopPage",
    "ShopPoint",
    "ShopSort",
    "ShopSummary",
    "Staff",
    "StaffCard",
    "TermsCard",
    "ZoneCommunity",
    "applications",
    "cash_in_hand",
    "couriers",
    "may_see",
    "my_shops",
    "names",
    "of_kind",
    "points",
    "sale_terms",
    "sells_in",
    "shop",
    "shops_called",
    "shops_near",
    "staff",
    "terms_question",
    "unlicensed",
    "whereabouts",
]
