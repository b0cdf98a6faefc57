"""What cars bring to the company's cash book: stays, and the hours of neighbours' spaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from linli.estate.billing.queries import CashBook, MoneyMove, MoneySum
from linli.estate.billing.rules import Channel, Purpose
from linli.kernel.ids import CommunityId
from linli.spine.action import query
from linli.spine.scope import Scope

_BOOK = CashBook("""
    SELECT p.community, p.arrived_at AS at, 'stays_of_cars' AS purpose, p.channel, p.label AS number,
           s.lot_id AS subject, 'space' AS subject_kind, NULL::uuid AS home, p.kept_minor AS minor,
           'parking_payment:' || p.id AS document
    FROM parking_payment p JOIN parking_session s ON s.id = p.session_id
    WHERE p.state = 'arrived' AND p.kept_minor > 0
    UNION ALL
    SELECT b.community, b.ended_at, 'shared_spaces', 'online', b.label, b.lot_id, 'space', NULL, b.amount_minor,
           'space_shared:' || b.id
    FROM parking_space_booking b WHERE b.state = 'shared' AND b.amount_minor > 0
""")


@query
def money_sums(scope: Scope, *, communities: Sequence[CommunityId], since: date, until: date) -> tuple[MoneySum, ...]:
    """This will sum what cars brought in the months from one to another (both with it), the latest first."""
    return _BOOK.sums(scope, communities=communities, since=since, until=until)


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
    return _BOOK.movements(
        scope, communities=communities, since=since, until=until, purpose=purpose, channel=channel, limit=limit
    )
