"""Whether the company's book says what the lines say, account by account and line by line."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger.rules import property_book
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be one: `what` names the account, or the line's sum, that does not agree."""

    what: str
    booked: Money
    counted: Money


_DIFFERENCES = """
    WITH owed AS (
        SELECT subject, obligor,
               sum(amount_minor - paid_minor - credited_minor) FILTER (WHERE credits_id IS NULL) AS minor
        FROM billing_line WHERE community = %s GROUP BY subject, obligor
    ), kept AS (
        SELECT subject, keeper, sum(minor) AS minor FROM (
            SELECT subject, keeper, rest_minor AS minor FROM billing_receipt
            WHERE community = %s AND keeper IS NOT NULL
        ) r GROUP BY subject, keeper
    ), booked AS (
        SELECT word || ':' || about AS address, minor
        FROM (VALUES ('fee_receivable'), ('prepaid_fee'), ('prepaid_term'), ('fee_wallet')) AS w (word),
             ledger_sums(word)
        WHERE book = %s
    ), expected AS (
        SELECT 'fee_receivable:' || subject || ':' || obligor AS address, coalesce(minor, 0) AS minor FROM owed
        UNION ALL
        SELECT 'prepaid_fee:' || subject || ':' || keeper, -minor FROM kept
        UNION ALL
        SELECT 'prepaid_term:' || subject || ':' || obligor, -sum(paid_minor - used_minor - returned_minor)
        FROM billing_term WHERE community = %s AND receipt_id IS NOT NULL GROUP BY subject, obligor
        UNION ALL
        SELECT 'fee_wallet:' || community || ':' || person || ':' || bucket, -balance_minor
        FROM billing_wallet WHERE community = %s
    ), paid AS (
        SELECT l.id, l.paid_minor, coalesce(sum(a.amount_minor), 0) AS counted
        FROM billing_line l LEFT JOIN billing_allocation a ON a.line_id = l.id
        WHERE l.community = %s AND l.credits_id IS NULL GROUP BY l.id
    ), credited AS (
        SELECT l.id, l.credited_minor, coalesce(-sum(c.amount_minor), 0) AS counted
        FROM billing_line l LEFT JOIN billing_line c ON c.credits_id = l.id
        WHERE l.community = %s AND l.credits_id IS NULL GROUP BY l.id
    )
    SELECT e.address, coalesce(b.minor, 0)::bigint, e.minor::bigint
    FROM expected e LEFT JOIN booked b ON b.address = e.address WHERE coalesce(b.minor, 0) <> e.minor
    UNION ALL
    SELECT 'line:' || id || ':paid', paid_minor, counted::bigint FROM paid WHERE paid_minor <> counted
    UNION ALL
    SELECT 'line:' || id || ':credited', credited_minor, counted::bigint FROM credited WHERE credited_minor <> counted
    ORDER BY 1 LIMIT %s
"""


@query
def differences(scope: Scope, *, community: CommunityId, company: PartyId) -> tuple[Difference, ...]:
    """This will compare what is owed and kept in a community with its rows, account by account; none, we trust."""
    if not scope.is_inside and (community not in scope.communities or scope.company != company):
        raise NotFound("community")
    book = property_book(company)
    rows = sql.fetch(_DIFFERENCES, *[community] * 2, book, *[community] * 4, MOST)
    return tuple(Difference(what, Money(booked), Money(counted)) for what, booked, counted in rows)
