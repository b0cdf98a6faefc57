"""Questions about stock: how many can be bought, and what a merchant keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from linli.kernel.ids import BatchId, OrderId, PartyId, ShopId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope
from linli.spine.sql import Part, Question, Rows
from linli.trade.catalogue import queries as catalogue
from linli.trade.stock.rules import PLENTY, MovementKind

MOST_VARIANTS = 20_000
MOST_ROWS = 20_000
MOST_COUNTED = 5_000
MOST_OUT = 10_000
MOST_MOVEMENTS = 5_000
"""Of one good's book, the newest."""


@dataclass(frozen=True, slots=True)
class StockLine:
    """A variant's level as its merchant sees it; `sellable` leaves out what is reserved or past its date."""

    variant: VariantId
    on_hand: int
    reserved: int
    sellable: int
    next_expiry_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchLine:
    batch: BatchId
    received: int
    remaining: int
    received_at: datetime
    expires_at: datetime | None
    cost: Money | None


@dataclass(frozen=True, slots=True)
class MovementLine:
    id: int
    batch: BatchId
    kind: MovementKind
    quantity: int
    order: OrderId | None
    person: PartyId | None
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """How a good went through a shop's shelves in a time. `costed` of the `left` units have a known `cost` in all.

    `left` are units sold and not brought back, `lost` those written off or past their date with their known cost,
    `days` how long a sold unit had stood here in the mean. `since`: when the first batch of it came in.
    """

    variant: VariantId
    here: int
    left: int
    costed: int
    cost: Money
    lost: int
    lost_cost: Money
    days: float | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class UnitsLost:
    """So many units of a good that were sold, and so many that were written off or past their date."""

    sold: int
    lost: int


_counts = msgspec.json.Decoder(dict[VariantId, int])


@open_query
def available(*, variants: Iterable[VariantId], at: datetime) -> dict[VariantId, int]:
    """This will tell how many of each can be bought now; `rules.PLENTY` of what no stock is kept of."""
    return sql.answer(available_question(variants=Part.of(sql.as_ids(list(variants)[:MOST_VARIANTS])), at=at))


def available_question(*, variants: Part, at: datetime) -> Question[dict[VariantId, int]]:
    """This will put the same into a question, in which the variants are found by the database."""
    return Question(
        f"SELECT stock_available({variants.text}::uuid[], %s, %s)", (*variants.values, at, PLENTY), _counted
    )


def left_of_each(*, at: datetime, most: int | None = None) -> Part:
    """This will say the same of each variant `v` of the catalogue's shelf, in its own statement.

    Whoever only says "few" asks for at `most` so many: what they show then changes when they have something to say.
    """
    return Part(_LEFT, (most, at, PLENTY))


# As `stock_available` counts: what is known of stock counts, and else whether any is kept of it.
_LEFT = """
    least(%s::integer, coalesce((SELECT greatest(0, k.on_hand - k.reserved - coalesce((
                  SELECT sum(b.remaining) FROM stock_batch b
                  WHERE b.variant_id = v.id AND b.remaining > 0 AND b.expires_at <= %s), 0))
              FROM stock_level k WHERE k.variant_id = v.id), CASE WHEN v.tracked THEN 0 ELSE %s END))
"""


def _counted(rows: Rows) -> dict[VariantId, int]:
    return _counts.decode(rows[0][0]) if rows and rows[0][0] else {}


@query
def oversold(scope: Scope) -> int:
    """This will count units that left or are promised beyond what came in, from the stock book alone; for the platform.

    The database refuses every one of them, so this is for whoever does not believe it.
    """
    if not scope.is_inside:
        raise Denied
    row = sql.fetch_one(
        "SELECT coalesce(sum(greatest(0, coalesce(h.held, 0) - m.kept)), 0)::bigint FROM"
        " (SELECT variant_id, sum(quantity) AS kept FROM stock_movement GROUP BY variant_id) AS m LEFT JOIN"
        " (SELECT variant_id, sum(quantity) AS held FROM stock_reservation GROUP BY variant_id) AS h USING (variant_id)"
    )
    return int(row[0]) if row else 0


@query
def stock_of_shop(
    scope: Scope,
    *,
    shop: ShopId,
    at: datetime,
    only: Iterable[VariantId] | None = None,
    after: VariantId | None = None,
    limit: int = 100,
) -> tuple[StockLine, ...]:
    """This will list the levels of a shop, to its merchant and the platform; or those of some variants only."""
    _must_be_own(scope, shop)
    wanted = None if only is None else list(only)
    rows = sql.fetch(
        "SELECT l.variant_id, l.on_hand, l.reserved,"
        " greatest(0, l.on_hand - l.reserved - stock_expired(l.variant_id, %s)),"
        " (SELECT min(b.expires_at) FROM stock_batch b WHERE b.variant_id = l.variant_id AND b.remaining > 0)"
        " FROM stock_level l WHERE l.shop_id = %s AND (%s::uuid[] IS NULL OR l.variant_id = ANY(%s::uuid[]))"
        " AND (%s::uuid IS NULL OR l.variant_id > %s::uuid) ORDER BY l.variant_id LIMIT %s",
        at,
        shop,
        wanted,
        wanted,
        after,
        after,
        max(1, min(limit, MOST_ROWS)),
    )
    return tuple(StockLine(*row) for row in rows)


@query
def stock_watch(
    scope: Scope, *, shop: ShopId, low: int, expires_before: datetime, at: datetime, limit: int = 100
) -> tuple[StockLine, ...]:
    """This will list what expires before an instant, soonest first, and then what is down to `low` units, least first.

    To its merchant and the platform.
    """
    _must_be_own(scope, shop)
    rows = sql.fetch(
        "SELECT * FROM (SELECT l.variant_id, l.on_hand, l.reserved,"
        " greatest(0, l.on_hand - l.reserved - stock_expired(l.variant_id, %s)) AS sellable,"
        " (SELECT min(b.expires_at) FROM stock_batch b WHERE b.variant_id = l.variant_id AND b.remaining > 0) AS expiry"
        " FROM stock_level l WHERE l.shop_id = %s) s WHERE sellable <= %s OR expiry <= %s"
        " ORDER BY CASE WHEN expiry <= %s THEN expiry END NULLS LAST, sellable, variant_id LIMIT %s",
        at,
        shop,
        low,
        expires_before,
        expires_before,
        max(1, min(limit, MOST_ROWS)),
    )
    return tuple(StockLine(*row) for row in rows)


@query
def batches(scope: Scope, *, variant: VariantId, limit: int = 50) -> tuple[BatchLine, ...]:
    """This will list the batches of a variant in the order in which they are served, the empty ones last."""
    _must_be_own(scope, catalogue.owners(variants=[variant]).get(variant))
    rows = sql.fetch(
        "SELECT b.id, b.received, b.remaining, b.received_at, b.expires_at, c.cost_minor FROM stock_batch b"
        " LEFT JOIN stock_batch_cost c ON c.batch_id = b.id WHERE b.variant_id = %s"
        " ORDER BY b.remaining = 0, b.expires_at NULLS LAST, b.id LIMIT %s",
        variant,
        max(1, min(limit, MOST_ROWS)),
    )
    return tuple(_batch(*row) for row in rows)


@query
def batches_left(
    scope: Scope, *, shop: ShopId, variants: Iterable[VariantId], limit: int = MOST_VARIANTS
) -> dict[VariantId, tuple[BatchLine, ...]]:
    """This will list what is left of each batch of some variants of a shop, in the order in which it is served."""
    _must_be_own(scope, shop)
    rows = sql.fetch(
        "SELECT b.variant_id, b.id, b.received, b.remaining, b.received_at, b.expires_at, c.cost_minor"
        " FROM stock_level l JOIN stock_batch b ON b.variant_id = l.variant_id AND b.remaining > 0"
        " LEFT JOIN stock_batch_cost c ON c.batch_id = b.id WHERE l.shop_id = %s AND l.variant_id = ANY(%s::uuid[])"
        " ORDER BY b.variant_id, b.expires_at NULLS LAST, b.id LIMIT %s",
        shop,
        list(variants),
        max(1, min(limit, MOST_VARIANTS)),
    )
    left: dict[VariantId, tuple[BatchLine, ...]] = {}
    for variant, *row in rows:
        left[variant] = (*left.get(variant, ()), _batch(*row))
    return left


def _batch(
    batch: BatchId,
    received: int,
    remaining: int,
    received_at: datetime,
    expires_at: datetime | None,
    cost_minor: int | None,
) -> BatchLine:
    cost = None if cost_minor is None else Money(cost_minor)
    return BatchLine(batch, received, remaining, received_at, expires_at, cost)


@query
def movements(
    scope: Scope, *, variant: VariantId, before: int | None = None, limit: int = 50
) -> tuple[MovementLine, ...]:
    """This will read the stock book of a variant, newest line first."""
    _must_be_own(scope, catalogue.owners(variants=[variant]).get(variant))
    rows = sql.fetch(
        "SELECT m.id, m.batch_id, m.kind, m.quantity, m.order_id, m.person, m.why, m.at FROM stock_movement m"
        " WHERE m.variant_id = %s AND (%s::bigint IS NULL OR m.id < %s::bigint) ORDER BY m.id DESC LIMIT %s",
        variant,
        before,
        before,
        max(1, min(limit, MOST_ROWS)),
    )
    return tuple(MovementLine(row[0], row[1], MovementKind(row[2]), *row[3:]) for row in rows)


# The newest lines of each good's book alone: what is older than all of them is not looked at.
_TURNOVER = """
    SELECT l.variant_id, l.on_hand, coalesce(m.sold, 0), coalesce(m.costed, 0), coalesce(m.cost, 0),
           coalesce(m.lost, 0), coalesce(m.lost_cost, 0), m.days,
           (SELECT min(received_at) FROM stock_batch WHERE variant_id = l.variant_id)
    FROM stock_level AS l LEFT JOIN LATERAL (
        SELECT (-sum(quantity) FILTER (WHERE is_sale))::int AS sold,
               (-sum(quantity) FILTER (WHERE is_sale AND cost IS NOT NULL))::int AS costed,
               (-sum(quantity * cost) FILTER (WHERE is_sale))::bigint AS cost,
               (-sum(quantity) FILTER (WHERE NOT is_sale))::int AS lost,
               (-sum(quantity * cost) FILTER (WHERE NOT is_sale))::bigint AS lost_cost,
               (sum(quantity * extract(epoch FROM at - received_at)) FILTER (WHERE is_sale)
                / nullif(sum(quantity) FILTER (WHERE is_sale), 0) / 86400)::float8 AS days
        FROM (SELECT v.quantity, v.at, v.kind IN ('sale', 'return') AS is_sale, b.received_at, c.cost_minor AS cost
              FROM (SELECT * FROM stock_movement WHERE variant_id = l.variant_id ORDER BY id DESC LIMIT %s) AS v
              JOIN stock_batch AS b ON b.id = v.batch_id LEFT JOIN stock_batch_cost AS c ON c.batch_id = b.id
              WHERE v.at >= %s AND v.at < %s AND v.kind IN ('sale', 'return', 'write_off', 'disposal')) AS moved
    ) AS m ON true
    WHERE l.shop_id = %s ORDER BY l.variant_id LIMIT %s
"""
_LOST = """
    SELECT l.variant_id, coalesce(m.sold, 0), coalesce(m.lost, 0) FROM unnest(%s::uuid[]) AS l(variant_id)
    JOIN LATERAL (
        SELECT (-sum(quantity) FILTER (WHERE kind IN ('sale', 'return')))::int AS sold,
               (-sum(quantity) FILTER (WHERE kind IN ('write_off', 'disposal')))::int AS lost
        FROM (SELECT * FROM stock_movement WHERE variant_id = l.variant_id ORDER BY id DESC LIMIT %s) AS v
        WHERE at >= %s AND at < %s
    ) AS m ON true LIMIT %s
"""


@query
def turnover(
    scope: Scope, *, shop: ShopId, start: datetime, end: datetime, limit: int = MOST_VARIANTS
) -> tuple[Turnover, ...]:
    """This will tell how each good of a shop went through its shelves in [start, end): to the shop alone.

    What it was bought for is the merchant's own business, and not the platform's.
    """
    if scope.shop != shop:
        raise NotFound("shop")
    rows = sql.fetch(_TURNOVER, MOST_MOVEMENTS, start, end, shop, max(1, min(limit, MOST_VARIANTS)))
    return tuple(
        Turnover(
            variant=variant,
            here=here,
            left=max(0, left),
            costed=max(0, costed),
            cost=Money(max(0, cost)),
            lost=lost,
            lost_cost=Money(lost_cost),
            days=days,
            since=since,
        )
        for variant, here, left, costed, cost, lost, lost_cost, days, since in rows
    )


@query
def units_lost(
    scope: Scope, *, variants: Iterable[VariantId], start: datetime, end: datetime
) -> dict[VariantId, UnitsLost]:
    """This will count what was sold and what was lost of some goods in [start, end), whatever they cost."""
    if not scope.is_inside:
        raise Denied
    asked = list(variants)[:MOST_COUNTED]
    rows = sql.fetch(_LOST, sql.as_ids(asked), MOST_MOVEMENTS, start, end, MOST_COUNTED)
    return {variant: UnitsLost(max(0, sold), lost) for variant, sold, lost in rows}


@query
def out_with(scope: Scope, *, orders: Iterable[OrderId]) -> dict[tuple[OrderId, VariantId], int]:
    """This will tell what left the asker's shop with orders and has not come back; without stock, nothing is told."""
    rows = sql.fetch(
        "SELECT m.order_id, m.variant_id, -sum(m.quantity) FROM stock_movement m"
        " JOIN stock_level l ON l.variant_id = m.variant_id"
        " WHERE m.order_id = ANY(%s::uuid[]) AND (%s OR l.shop_id = %s) GROUP BY 1, 2"
        " HAVING sum(m.quantity) < 0 LIMIT %s",
        *(sql.as_ids(orders), scope.is_inside, scope.shop, MOST_OUT),
    )
    return {(OrderId(order), VariantId(variant)): int(quantity) for order, variant, quantity in rows}


def _must_be_own(scope: Scope, shop: ShopId | None) -> None:
    if shop is None or not (scope.is_inside or scope.shop == shop):
        raise NotFound("variant")


@query
def check(scope: Scope) -> tuple[Finding, ...]:
    """This will hold the levels against the reservations, the stock book and the batches; for the platform."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("What is reserved is what orders hold"), _UNHELD, _unheld),
        find(_("What is on hand is what the stock book says"), _UNBOOKED, _unbooked),
        find(_("What is left of a batch is what its movements left"), _MISCOUNTED, _miscounted),
    )


_UNHELD = """
    SELECT l.variant_id, l.reserved, coalesce(r.units, 0) FROM stock_level l
    LEFT JOIN (SELECT variant_id, sum(quantity) AS units FROM stock_reservation GROUP BY variant_id) r
        ON r.variant_id = l.variant_id
    WHERE l.reserved <> coalesce(r.units, 0) ORDER BY l.variant_id LIMIT %s
"""


def _unheld(variant: VariantId, reserved: int, held: int) -> Told:
    words = _("Of {variant} {reserved} are reserved, and orders hold {held}.")
    return told(words, variant=variant, reserved=reserved, held=held)


_UNBOOKED = """
    SELECT l.variant_id, l.on_hand, coalesce(m.units, 0) FROM stock_level l
    LEFT JOIN (SELECT variant_id, sum(quantity) AS units FROM stock_movement GROUP BY variant_id) m
        ON m.variant_id = l.variant_id
    WHERE l.on_hand <> coalesce(m.units, 0) ORDER BY l.variant_id LIMIT %s
"""


def _unbooked(variant: VariantId, on_hand: int, booked: int) -> Told:
    words = _("Of {variant} {on_hand} are on hand, and the stock book says {booked}.")
    return told(words, variant=variant, on_hand=on_hand, booked=booked)


_MISCOUNTED = """
    SELECT b.id, b.variant_id, b.remaining, coalesce(m.units, 0) FROM stock_batch b
    LEFT JOIN (SELECT batch_id, sum(quantity) AS units FROM stock_movement GROUP BY batch_id) m ON m.batch_id = b.id
    WHERE b.remaining <> coalesce(m.units, 0) ORDER BY b.id LIMIT %s
"""


def _miscounted(batch: BatchId, variant: VariantId, remaining: int, booked: int) -> Told:
    words = _("Of batch {batch} of {variant} {remaining} remain, and its movements left {booked}.")
    return told(words, batch=batch, variant=variant, remaining=remaining, booked=booked)
