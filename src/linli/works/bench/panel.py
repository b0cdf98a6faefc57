"""The published panel as columns: what its households bought, on the days of their shops' clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from linli.works.replay.panel import MOST_QUANTITY, NOT_SHOPPING, installed

EPOCH = date(1970, 1, 1)
_BEHIND_UTC_S = 5 * 3600


def read_products() -> Any:
    """This will give the panel's products, without fuel and coupons."""
    from pyarrow import compute, parquet

    products = parquet.read_table(installed().products)
    is_shopping = compute.invert(compute.is_in(products["department"], value_set=_array(sorted(NOT_SHOPPING))))
    return products.filter(is_shopping).replace_schema_metadata(None)


def read_purchases(households: frozenset[int] | None) -> Any:
    """This will give household, shop, basket, day, product, quantity and value of each purchase of these households."""
    import pyarrow
    from pyarrow import compute, parquet

    bought = parquet.read_table(installed().transactions).replace_schema_metadata(None)
    if households is not None:
        bought = bought.filter(compute.is_in(bought["household_id"], value_set=_array(sorted(households))))
    bought = bought.filter(
        compute.is_in(bought["product_id"], value_set=read_products()["product_id"].combine_chunks())
    )
    seconds = compute.cast(compute.cast(bought["transaction_timestamp"], pyarrow.timestamp("s"), safe=False), "int64")
    days = compute.cast(compute.divide(compute.subtract(seconds, _BEHIND_UTC_S), 86400), "int32")
    return pyarrow.table(
        {
            "household_id": bought["household_id"],
            "store_id": bought["store_id"],
            "basket_id": bought["basket_id"],
            "date": compute.cast(days, pyarrow.date32()),
            "product_id": bought["product_id"],
            "quantity": compute.min_element_wise(bought["quantity"], MOST_QUANTITY),
            "sales_value": bought["sales_value"],
        }
    )


def day_number(day: date) -> int:
    """This will count the days since 1970."""
    return (day - EPOCH).days


def _array(values: list[Any]) -> Any:
    import pyarrow

    return pyarrow.array(values)
