"""The verbs of stock: hold and serve goods for orders (each one SQL function), and keep the stock book."""

from linli.trade.stock.actions.holding import (
    Back,
    Line,
    NeverTaken,
    OutOfStock,
    count_back,
    give_back,
    keep,
    release,
    release_overdue,
    reserve,
    take,
)
from linli.trade.stock.actions.keeping import (
    NotThatMany,
    Receipt,
    ReservedGoods,
    count_stock,
    dispose_expired,
    receive_batch,
    receive_batches,
    write_off,
)

__all__ = [
    "Back",
    "Line",
    "NeverTaken",
    "NotThatMany",
    "OutOfStock",
    "Receipt",
    "ReservedGoods",
    "count_back",
    "count_stock",
    "dispose_expired",
    "give_back",
    "keep",
    "receive_batch",
    "receive_batches",
    "release",
    "release_overdue",
    "reserve",
    "take",
    "write_off",
]
