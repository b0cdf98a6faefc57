"""Property companies, and the communities in their care; what they are called and look after is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import Scope

MOST = 1000


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """A property company with what it looks after now, and how many people work for it."""

    company: PartyId
    name: str
    communities: tuple[CommunityId, ...]
    staff: int
    managers: int


@dataclass(frozen=True, slots=True)
class Stewardship:
    """A community in a company's care from a day on; `end_on` is the first day that no longer belongs to it."""

    community: CommunityId
    company: PartyId
    name: str
    start_on: date
    end_on: date | None


# An organisation is a property company once somebody manages it or a community was entrusted to it.
_COMPANIES = """
    SELECT p.id, p.name, c.theirs, count(DISTINCT b.party_id),
        count(DISTINCT b.party_id) FILTER (WHERE b.level = 'company' AND b.duty IN ('', 'manager'))
    FROM people_party p CROSS JOIN LATERAL (SELECT people_communities_of(p.id, %s) AS theirs) c
    LEFT JOIN people_role_binding b ON b.role = 'property' AND b.start_at <= %s AND (b.end_at IS NULL OR b.end_at > %s)
        AND (b.level = 'company' AND b.place = p.id
            OR b.level = 'community' AND b.place = ANY (c.theirs) AND coalesce(b.acts_for, p.id) = p.id)
    WHERE p.kind = 'organisation' AND (%s::uuid IS NULL OR p.id = %s) AND starts_with(lower(p.name), lower(%s))
        AND (EXISTS (SELECT FROM people_stewardship s WHERE s.company_id = p.id)
            OR EXISTS (SELECT FROM people_role_binding m WHERE m.place = p.id AND m.role = 'property'))
    GROUP BY p.id, p.name, c.theirs ORDER BY p.name, p.id LIMIT %s
"""


@query
def companies(
    scope: Scope, *, at: datetime, company: PartyId | None = None, called: str = "", limit: int = MOST
) -> tuple[CompanyCard, ...]:
    """This will list the property companies, to operators: all, the one named, or those whose names begin so."""
    if not scope.is_inside:
        raise NotFound("company")
    rows = sql.fetch(_COMPANIES, at, at, at, company, company, called, min(limit, MOST))
    return tuple(
        CompanyCard(PartyId(id_), name, tuple(theirs), staff, managers) for id_, name, theirs, staff, managers in rows
    )


@open_query
def stewardships(
    *, company: PartyId | None = None, communities: tuple[CommunityId, ...] = (), limit: int = MOST
) -> tuple[Stewardship, ...]:
    """This will list what a company looks after, did and will, or who does so of some communities; the latest first."""
    rows = sql.fetch(
        "SELECT s.community_id, s.company_id, p.name, s.start_on, s.end_on FROM people_stewardship s"
        " JOIN people_party p ON p.id = s.company_id WHERE (s.company_id = %s OR s.community_id = ANY (%s::uuid[]))"
        " AND s.end_on IS DISTINCT FROM s.start_on ORDER BY s.start_on DESC, s.id DESC LIMIT %s",
        company,
        sql.as_ids(communities),
        min(limit, MOST),
    )
    return tuple(Stewardship(CommunityId(c), PartyId(p), name, start, end) for c, p, name, start, end in rows)
