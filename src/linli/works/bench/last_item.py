"""`linli bench last-item`: one product of which there are a hundred, and more clients than that is enough for."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import psycopg

from linli.spine.scope import SYSTEM
from linli.works.bench import soundness
from linli.works.bench.house import House
from linli.works.bench.orders import buyers_of, sell
from linli.works.bench.report import Report
from linli.works.bench.town import add_goods

STOCK = 100
PATIENCE = 20
LONGEST_S = 120.0


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will sell until nobody gets any more; however long `seconds` are, the last piece is what ends it."""
    (variant,) = add_goods(SYSTEM, shop=house.town.shop, count=1, stocked=STOCK, at=datetime.now(UTC))
    buyers = buyers_of(house, [variant], lines=1, patience=PATIENCE)
    with house.running():
        sold, took = sell(house, buyers, seconds=max(seconds, LONGEST_S))
        soundness.wait_until_drained(house.superuser_url)
    with psycopg.connect(house.superuser_url, autocommit=True) as link:
        row = link.execute(
            "SELECT on_hand - reserved, (SELECT sum(quantity) FROM orders_line WHERE variant = variant_id)"
            " FROM stock_level WHERE variant_id = %s",
            (variant,),
        ).fetchone()
    left, lines = row or (None, None)
    orders, refused = sum(each.orders for each in sold), sum((each.refused for each in sold), Counter[str]())
    return Report(
        name="last-item",
        parameters={"clients": clients, "stock": STOCK, "refusals_until_a_client_gives_up": PATIENCE},
        figures={
            "sold": orders,
            "refused": refused.total(),
            "seconds": round(took, 2),
            "sold_in_orders_table": None if lines is None else int(lines),
            "left_in_stock": left,
        },
        limit={"sold": STOCK},
        refused=refused,
        ratio=None,
        note="There is nothing to divide by: a hundred are sold, or the house is wrong.",
        checks={
            **soundness.checks(house.superuser_url),
            "exactly_the_stock_was_sold": orders == lines == STOCK and left == 0,
            "the_others_were_refused_cleanly": set(refused) == {"orders.OutOfStock"}
            and refused.total() == PATIENCE * clients,
        },
    )
