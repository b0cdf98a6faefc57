"""Sales as a table of days: one row a series, one column a day, and which of these days count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MOST_DAYS = 730
"""Older sales are not looked at."""
CLOSED_BELOW = 10.0
"""A shop that sells at least so much a day and nothing at all on one was closed."""


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold: `sold[series, day]`; a day is open from a series' first sale on, unless its shop was closed."""

    shop: Ints
    item: Ints
    sold: Floats
    is_open: Bools
    first_day: int

    @property
    def days(self) -> int:
        """How many days the table has."""
        return int(self.sold.shape[1])

    @property
    def items(self) -> int:
        """How many items there are."""
        return int(self.item.max()) + 1 if len(self.item) else 0

    @property
    def shops(self) -> int:
        """How many shops there are."""
        return int(self.shop.max()) + 1 if len(self.shop) else 0


def gather(shop: Ints, item: Ints, day: Ints, quantity: Floats, *, last_day: int) -> Sales:
    """This will make a table of sales up to `last_day`; shops and items are numbered from nought, days since 1970.

    A day's returns are set off against its sales, and a day never sells less than nothing.
    """
    import numpy as np

    is_past = (day <= last_day) & (day > last_day - MOST_DAYS)
    shop, item, day, quantity = shop[is_past], item[is_past], day[is_past], quantity[is_past]
    width = int(item.max()) + 1 if len(item) else 1
    key, series = np.unique(shop * width + item, return_inverse=True)
    first_day = int(day.min()) if len(day) else last_day
    days = last_day - first_day + 1
    net = np.bincount(series * days + (day - first_day), quantity, minlength=len(key) * days)
    sold = np.maximum(net.reshape(len(key), days), 0.0)
    shops = key // width
    return Sales(shops, key % width, sold, _open_days(shops, sold), first_day)


def summed(rows: Floats, group: Ints, groups: int) -> Floats:
    """This will add up the rows of each group."""
    import numpy as np

    total = np.zeros((groups, *rows.shape[1:]))
    np.add.at(total, group, rows)
    return total


def _open_days(shop: Ints, sold: Floats) -> Bools:
    import numpy as np

    if not len(shop):
        return np.zeros(sold.shape, dtype=np.bool_)
    by_shop = summed(sold, shop, int(shop.max()) + 1)
    closed = (by_shop == 0) & (by_shop.mean(axis=1, keepdims=True) >= CLOSED_BELOW)
    began = np.maximum.accumulate(sold > 0, axis=1)
    return np.asarray(began & ~closed[shop], dtype=np.bool_)
