"""What cars bring to the company's cash book: stays, and the hours of neighbours' spaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from linli.estate.billing.queries import MoneyMove, MoneySum
from linli.estate.billing.rules import Channel, Purpose, SubjectKind, add_months
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_ROWS = 5_000
MOST_MOVES = 200_000
_MOVES: LiteralString = """
    SELECT p.community, p.arrived_at AS at, 'stays_of_cars' AS purpose, p.channel, p.label AS number,
           s.lot_id AS subject, p.kept_minor AS minor, 'parking_payment:' || p.id AS document
    FROM parking_payment p JOIN parking_session s ON s.id = p.session_id
    WHERE p.state = 'arrived' AND p.kept_minor > 0
    UNION ALL
    SELECT b.community, b.ended_at, 'shared_spaces', 'online', b.label, b.lot_id, b.amount_minor,
           'space_shared:' || b.id
    FROM parking_space_booking b WHERE b.state = 'shared' AND b.amount_minor > 0
"""
_WITHIN: LiteralString = f"""
    FROM ({_MOVES}) m
    WHERE m.community = ANY(%s::uuid[])
      AND m.at >= places_midnight(m.community, %s) AND m.at < places_midnight(m.community, %s)
"""


@query
def money_sums(scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date) -> tuple[MoneySum, ...]:
    """This will sum what cars brought in the months from one to another (both with it), the latest first."""
    rows = sql.fetch(
        "SELECT date_trunc('month', places_day(m.community, m.at))::date, m.purpose, m.channel, count(*),"
        " sum(m.minor)::bigint" + _WITHIN + " GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3 LIMIT %s",
        _reach(scope, communities),
        since,
        add_months(until, 1),
        MOST_ROWS,
    )
    return tuple(
        MoneySum(month, Purpose(purpose), Channel(channel), number, Money(came), Money.zero)
        for month, purpose, channel, number, came in rows
    )


@query
def money_moves(
    scope: Scope,
    *,
    communities: Sequence[CommunityId],
    since: date,
    until: date,
    purpose: Purpose | None = None,
    channel: Channel | None = None,
    limit: int = 200,
) -> tuple[MoneyMove, ...]:
    """This will list the movements behind the sums, the latest first; what they are of is the lot."""
    rows = sql.fetch(
        "SELECT m.at, m.purpose, m.channel, m.number, m.subject, m.minor, m.document"
        + _WITHIN
        + " AND (%s = '' OR m.purpose = %s) AND (%s = '' OR m.channel = %s)"
        " ORDER BY m.at DESC, m.document DESC LIMIT %s",
        _reach(scope, communities),
        since,
        add_months(until, 1),
        *2 * [purpose.value if purpose else ""],
        *2 * [channel.value if channel else ""],
        min(limit, MOST_MOVES),
    )
    return tuple(
        MoneyMove(at, Purpose(of), Channel(by), number, subject, SubjectKind.SPACE, None, Money(minor), document)
        for at, of, by, number, subject, minor, document in rows
    )


def _reach(scope: Scope, communities: Sequence[CommunityId]) -> str:
    return sql.as_ids(each for each in communities if each in scope.communities)
