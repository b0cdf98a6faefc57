"""The night of a community: nobody is told of money in it, and nothing is taken automatically."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing.rules import BillingPolicy
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId
from linli.reach.notify.rules import after_quiet
from linli.spine.scope import SYSTEM

AWAKE = """
    asked AS MATERIALIZED (SELECT coalesce(array_agg(community), '{{}}') AS communities FROM ({communities}) c),
    local AS MATERIALIZED (
        SELECT c.community, extract(hour FROM %s AT TIME ZONE places_timezone(c.community)) AS hour
        FROM asked, unnest(asked.communities) AS c(community)
    ), awake AS (
        SELECT l.community
        FROM local l CROSS JOIN asked
        LEFT JOIN policies_whole_numbers('billing', 'quiet_from_hour', 0, 23, asked.communities, %s) f
               ON f.community = l.community
        LEFT JOIN policies_whole_numbers('billing', 'quiet_until_hour', 0, 23, asked.communities, %s) u
               ON u.community = l.community
        CROSS JOIN LATERAL (SELECT coalesce(f.value, %s) AS begins, coalesce(u.value, %s) AS ends) q
        WHERE q.begins = q.ends OR NOT CASE WHEN q.begins > q.ends THEN l.hour >= q.begins OR l.hour < q.ends
                                            ELSE l.hour >= q.begins AND l.hour < q.ends END
    )
"""
"""`awake_at(community, at) == at` for any number of communities in one statement: WITH parts that end in `awake`."""


def awake_arguments(at: datetime) -> tuple[object, ...]:
    """This will give the arguments of `AWAKE`: the instant, and the hours where nobody says otherwise."""
    known = BillingPolicy.settings()
    return at, at, at, known["quiet_from_hour"].default, known["quiet_until_hour"].default


def awake_at(community: CommunityId, at: datetime) -> datetime:
    """This will give the moment itself, or the end of the quiet hours of the community in which it lies."""
    terms = policy(SYSTEM, BillingPolicy, at=at, community=community)
    zone = places.market_of(community).timezone
    return after_quiet(at, from_hour=terms.quiet_from_hour, until_hour=terms.quiet_until_hour, timezone=zone)
