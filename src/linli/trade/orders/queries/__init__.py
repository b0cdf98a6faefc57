"""The questions about orders, each shaped for the page that asks."""

from linli.trade.orders.queries.at_points import MOST_AT_POINTS, AtPoint, at_points, orders_to_remind_of
from linli.trade.orders.queries.basket import BasketLine, BasketPage, BasketShop, SharedRun, basket_page
from linli.trade.orders.queries.board import (
    Board,
    BoardCard,
    BoardLine,
    RefundCard,
    RefundCardLine,
    Whose,
    board_version,
    dispute,
    refund_requests,
    shop_board,
)
from linli.trade.orders.queries.bought import BoughtLine, Liked, bought_in_homes, bought_lines, liked_nearby
from linli.trade.orders.queries.came_back import BackLine, CameBack, Uncounted, came_back, uncounted
from linli.trade.orders.queries.changes import Change, ChangeKind, Changes, changes_since
from linli.trade.orders.queries.checkout import CheckoutOrder, CheckoutPage, QuotePage, checkout_page, quote
from linli.trade.orders.queries.clock import due_orders, due_refunds, unpaid_checkouts
from linli.trade.orders.queries.commission import CommissionLine, CommissionSort, commission_lines
from linli.trade.orders.queries.days import SoldDay, sold_days
from linli.trade.orders.queries.earning import Earning, EarningLine, order_earning
from linli.trade.orders.queries.finding import NumberedOrder, orders_numbered
from linli.trade.orders.queries.habits import (
    CommunitySales,
    HomesAlike,
    UnitsSold,
    community_sales,
    homes_alike,
    units_sold,
)
from linli.trade.orders.queries.numbers import ShopHour, shop_hours
from linli.trade.orders.queries.of_shop import OrderSort, OrdersWanted, ShopOrder, shop_orders
from linli.trade.orders.queries.order import (
    Moment,
    OrderCard,
    OrderPage,
    OrderPageLine,
    OrderRefund,
    Standing,
    my_codes,
    my_orders,
    on_its_way,
    order_numbers,
    order_page,
    order_version,
    standings,
)
from linli.trade.orders.queries.paying import CashNo, WaysToPay, ways_to_pay
from linli.trade.orders.queries.records import OrderRecord, my_order_records
from linli.trade.orders.queries.sold import MOST_SOLD, SoldGoods, sold_goods
from linli.trade.orders.queries.sold_here import SoldHere, sold_here
from linli.trade.orders.queries.soundness import check
from linli.trade.orders.queries.tally import Tally, tally
from linli.trade.orders.queries.to_do import OrderToDo, orders_to_do

__all__ = [
    "MOST_AT_POINTS",
    "MOST_SOLD",
    "AtPoint",
    "BackLine",
    "BasketLine",
    "BasketPage",
    "BasketShop",
    "Board",
    "BoardCard",
    "BoardLine",
    "BoughtLine",
    "CameBack",
    "CashNo",
    "Change",
    "ChangeKind",
    "Changes",
    "CheckoutOrder",
    "CheckoutPage",
    "CommissionLine",
    "CommissionSort",
    "CommunitySales",
    "Earning",
    "EarningLine",
    "HomesAlike",
    "Liked",
    "Moment",
    "NumberedOrder",
    "OrderCard",
    "OrderPage",
    "OrderPageLine",
    "OrderRecord",
    "OrderRefund",
    "OrderSort",
    "OrderToDo",
    "OrdersWanted",
    "QuotePage",
    "RefundCard",
    "RefundCardLine",
    "SharedRun",
    "ShopHour",
    "ShopOrder",
    "SoldDay",
    "SoldGoods",
    "SoldHere",
    "Standing",
    "Tally",
    "Uncounted",
    "UnitsSold",
    "WaysToPay",
    "Whose",
    "at_points",
    "basket_page",
    "board_version",
    "bought_in_homes",
    "bought_lines",
    "came_back",
    "changes_since",
    "check",
    "checkout_page",
    "commission_lines",
    "community_sales",
    "dispute",
    "due_orders",
    "due_refunds",
    "homes_alike",
    "liked_nearby",
    "my_codes",
    "my_order_records",
    "my_orders",
    "on_its_way",
    "order_earning",
    "order_numbers",
    "order_page",
    "order_version",
    "orders_numbered",
    "orders_to_do",
    "orders_to_remind_of",
    "quote",
    "refund_requests",
    "shop_board",
    "shop_hours",
    "shop_orders",
    "sold_days",
    "sold_goods",
    "sold_here",
    "standings",
    "tally",
    "uncounted",
    "units_sold",
    "unpaid_checkouts",
    "ways_to_pay",
]
