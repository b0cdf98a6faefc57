"""Reports: what was charged and what came in, by item and month; every figure is a sum of lines that can be listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from linli.estate.billing.queries.receipts import CARD, ReceiptCard, receipt_card
from linli.estate.billing.rules import Channel, add_months
from linli.kernel.ids import CommunityId, ItemId, ReceiptId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ROWS = 5_000
MOST_RECEIPTS = 20_000


class ReceiptOrder(StrEnum):
    """By what a list of receipts is sorted."""

    NEWEST = "newest"
    RECEIVED = "received"
    AMOUNT = "amount"


_KEYS = {ReceiptOrder.RECEIVED: "received_at", ReceiptOrder.AMOUNT: "amount_minor"}


@dataclass(frozen=True, slots=True)
class ChargedSum:
    """What an item came to in the bills of a month, and what became of it since."""

    month: date
    item: ItemId
    name: dict[str, str]
    charged: Money
    credited: Money
    paid: Money

    @property
    def open(self) -> Money:
        return self.charged - self.credited - self.paid


@dataclass(frozen=True, slots=True)
class ReceivedSum:
    """What came in within a month, by its channel, and what became of it up to now: it paid lines of bills, or months
    `ahead`, is `kept` for bills to come, or went back (`returned`)."""

    month: date
    channel: Channel
    receipts: int
    amount: Money
    for_bills: Money
    kept: Money
    returned: Money

    @property
    def ahead(self) -> Money:
        """What was paid for months to come; the four add up to what came in."""
        return self.amount - self.for_bills - self.kept - self.returned


@dataclass(frozen=True, slots=True)
class ReceivedDay:
    """What came in on a day, in the community's own calendar."""

    day: date
    amount: Money


_CHARGED = """
    SELECT date_trunc('month', places_day(l.community, l.issued_at))::date AS month, i.id, i.name,
           sum(l.amount_minor)::bigint, sum(l.credited_minor)::bigint, sum(l.paid_minor)::bigint
    FROM billing_line l JOIN billing_item i ON i.id = l.item_id
    WHERE l.community = ANY(%s::uuid[]) AND l.credits_id IS NULL
      AND l.issued_at >= places_midnight(l.community, %s) AND l.issued_at < places_midnight(l.community, %s)
    GROUP BY 1, i.id, i.name, i.priority, i.word ORDER BY 1 DESC, i.priority, i.word LIMIT %s
"""
_RECEIVED = """
    SELECT date_trunc('month', places_day(r.community, r.received_at))::date AS month, r.channel, count(*),
           sum(r.amount_minor)::bigint, coalesce(sum(a.minor), 0)::bigint, sum(r.rest_minor)::bigint,
           coalesce(sum(b.minor), 0)::bigint
    FROM billing_receipt r
    LEFT JOIN LATERAL (SELECT sum(amount_minor) AS minor FROM billing_allocation WHERE receipt_id = r.id) a ON true
    LEFT JOIN LATERAL (SELECT sum(amount_minor) AS minor FROM billing_repayment WHERE receipt_id = r.id) b ON true
    WHERE r.community = ANY(%s::uuid[]) AND r.channel <> 'taken_over'
      AND r.received_at >= places_midnight(r.community, %s) AND r.received_at < places_midnight(r.community, %s)
    GROUP BY 1, r.channel ORDER BY 1 DESC, r.channel LIMIT %s
"""
_RECEIVED_BY_DAY = """
    SELECT places_day(r.community, r.received_at) AS day, sum(r.amount_minor)::bigint
    FROM billing_receipt r
    WHERE r.community = ANY(%s::uuid[]) AND r.channel <> 'taken_over'
      AND r.received_at >= places_midnight(r.community, %s) AND r.received_at < places_midnight(r.community, %s)
    GROUP BY 1 ORDER BY 1 LIMIT %s
"""


@query
def charged_sums(
    scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date
) -> tuple[ChargedSum, ...]:
    """This will sum what went out in the months from one to another (both with it), by item, the latest first."""
    rows = sql.fetch(_CHARGED, _within(scope, communities), since, add_months(until, 1), MOST_ROWS)
    return tuple(
        ChargedSum(month, ItemId(item), sql.from_json(name), Money(charged), Money(credited), Money(paid))
        for month, item, name, charged, credited, paid in rows
    )


@query
def received_sums(
    scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date
) -> tuple[ReceivedSum, ...]:
    """This will sum what came in within the months from one to another (both with it), by channel."""
    rows = sql.fetch(_RECEIVED, _within(scope, communities), since, add_months(until, 1), MOST_ROWS)
    return tuple(
        ReceivedSum(month, Channel(channel), number, *(Money(each) for each in sums))
        for month, channel, number, *sums in rows
    )


@query
def received_by_day(
    scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date
) -> tuple[ReceivedDay, ...]:
    """This will sum what came in on each day of the months from one to another; days without a receipt are left out."""
    rows = sql.fetch(_RECEIVED_BY_DAY, _within(scope, communities), since, add_months(until, 1), MOST_ROWS)
    return tuple(ReceivedDay(day, Money(amount)) for day, amount in rows)


@query
def receipts(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    month: date | None = None,
    channel: Channel | None = None,
    order: ReceiptOrder = ReceiptOrder.NEWEST,
    is_rising: bool = False,
    after: ReceiptId | None = None,
    limit: int = 100,
) -> tuple[ReceiptCard, ...]:
    """This will list receipts, the latest or largest first: those behind a figure of the report."""
    than, rank = _ranked(order, is_rising=is_rising)
    values: list[Any] = [_within(scope, communities), after, after, *(2 * [channel.value if channel else ""])]
    rows = sql.fetch(
        CARD + " WHERE r.community = ANY(%s::uuid[]) AND (%s::uuid IS NULL OR " + than + ")"
        " AND (%s = '' OR r.channel = %s)"
        " AND (%s::date IS NULL OR date_trunc('month', places_day(r.community, r.received_at))::date = %s)"
        " ORDER BY " + rank + " LIMIT %s",
        *values,
        month,
        month,
        min(limit, MOST_RECEIPTS),
    )
    return tuple(receipt_card(row) for row in rows)


def _ranked(order: ReceiptOrder, *, is_rising: bool) -> tuple[str, str]:
    """What comes after a receipt, and the order in which they come."""
    key = _KEYS.get(order)
    if key is None:
        return "r.id < %s", "r.id DESC"
    than, way = (">", "ASC") if is_rising else ("<", "DESC")
    there = f"(SELECT a.{key}, a.id FROM billing_receipt a WHERE a.id = %s)"
    return f"(r.{key}, r.id) {than} {there}", f"r.{key} {way}, r.id {way}"


def _within(scope: Scope, communities: Sequence[CommunityId]) -> str:
    return sql.as_ids(each for each in communities if each in scope.communities)
