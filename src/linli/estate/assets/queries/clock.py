"""What the clock asks: which plans are near their next date, what waits where, which stock-takings are over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.assets import rules
from linli.estate.assets.models import Task
from linli.kernel.ids import AssetId, CommunityId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

# The same grid as rules.next_due, laid by the database over all plans at once: `make_interval(months)` from the anchor
# shortens a 31st as the rule does. The action asks the rule again before it opens anything.
_DUE = """
    WITH pair AS (
        SELECT p.id AS plan, a.id AS asset, p.anchor_on AS anchor, p.every, p.lead_days,
            p.every_n * CASE p.every WHEN 'weeks' THEN 7 ELSE 1 END AS step, greatest(l.due_on, l.worked_on) AS since
        FROM assets_plan AS p
        JOIN assets_asset AS a ON a.community = p.community AND a.state = 'in_use'
            AND (a.id = p.asset_id OR (p.asset_id IS NULL AND a.kind = p.kind))
        LEFT JOIN LATERAL (SELECT t.due_on, t.worked_on, t.state FROM assets_task AS t
            WHERE t.plan_id = p.id AND t.asset_id = a.id ORDER BY t.due_on DESC LIMIT 1) AS l ON true
        WHERE p.ended_at IS NULL AND (l.state IS NULL OR l.state NOT IN ('open', 'worked'))
    ), counted AS (
        SELECT *, CASE every WHEN 'months'
            THEN (12 * (extract(year FROM since) - extract(year FROM anchor))
                + extract(month FROM since) - extract(month FROM anchor))::integer / step
            ELSE (since - anchor) / step END AS k
        FROM pair
    ), dated AS (
        SELECT *, CASE WHEN since IS NULL OR since < anchor THEN anchor
            WHEN every <> 'months' THEN anchor + (k + 1) * step
            WHEN (anchor + make_interval(months => k * step))::date > since
                THEN (anchor + make_interval(months => k * step))::date
            ELSE (anchor + make_interval(months => (k + 1) * step))::date END AS due_on
        FROM counted
    )
    SELECT plan, asset FROM dated WHERE due_on - lead_days <= %s ORDER BY due_on, plan, asset LIMIT %s
"""
_WAIT = """
    SELECT community FROM assets_task WHERE state IN ('open', 'worked') AND due_on <= %s AND told_at IS NULL
    UNION SELECT community FROM assets_asset WHERE due_at < %s AND told_at IS NULL
    UNION SELECT community FROM assets_paper
        WHERE removed_at IS NULL AND expires_on <= %s AND reminded IS DISTINCT FROM 0
    LIMIT 10000
"""
LONGEST_REMINDER = timedelta(days=366)


@query
def maybe_due(_scope: Scope, *, at: datetime, limit: int) -> tuple[tuple[UUID, AssetId], ...]:
    """This will list plans and their assets whose next date is near somewhere on the day of `at`."""
    rows = sql.fetch(_DUE, at.date() + timedelta(days=1), limit)
    return tuple((plan, AssetId(asset)) for plan, asset in rows)


@query
def communities_that_wait(_scope: Scope, *, at: datetime) -> tuple[CommunityId, ...]:
    """This will list the communities in which something may have become overdue that nobody was told of."""
    rows = sql.fetch(_WAIT, at.date(), at, at.date() + LONGEST_REMINDER)
    return tuple(CommunityId(row[0]) for row in rows)


@query
def takings_over(_scope: Scope, *, at: datetime, limit: int) -> tuple[UUID, ...]:
    """This will list the stock-takings whose days are over."""
    rows = sql.fetch(
        "SELECT id FROM assets_taking WHERE state = 'open' AND due_at <= %s ORDER BY due_at LIMIT %s", at, limit
    )
    return tuple(row[0] for row in rows)


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the maintenance tasks that are not done."""
    undone = [state.value for state in rules.UNDONE]
    return Task.objects.within(scope).filter(community__in=communities, state__in=undone).count()
