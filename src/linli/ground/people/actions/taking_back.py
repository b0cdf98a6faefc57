"""Taking back what was registered by mistake: residencies, and persons whom nothing else ties to the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@dataclass(frozen=True, slots=True)
class Residing:
    """One residency as it was begun."""

    party: PartyId
    home: HomeId
    kind: str
    start_on: date


@action(needs=May.KEEP_PEOPLE)
def take_back_residencies(
    scope: Scope,
    *,
    community: CommunityId,
    residencies: Sequence[Residing],
    registered_at: datetime,
    at: datetime,
) -> int:
    """This will take residencies back as if they had never been, and persons registered then whom nothing else ties."""
    gone = sql.run(
        "DELETE FROM people_residency r USING unnest(%s::uuid[], %s::uuid[], %s::text[], %s::date[])"
        " AS n(party, home, kind, start_on) WHERE r.party_id = n.party AND r.home_id = n.home AND r.kind = n.kind"
        " AND r.start_on = n.start_on AND r.community_id = %s",
        [each.party for each in residencies],
        [each.home for each in residencies],
        [each.kind for each in residencies],
        [each.start_on for each in residencies],
        community,
    )
    _forget(SYSTEM, parties=tuple({each.party for each in residencies}), registered_at=registered_at)
    return gone


# Whom nobody is tied to any more, nobody sees: these statements are the house's.
@action(needs=May.KEEP_PEOPLE)
def _forget(_scope: Scope, *, parties: Sequence[PartyId], registered_at: datetime) -> None:
    rows = sql.fetch(
        "SELECT p.id FROM people_party p WHERE p.id = ANY(%s::uuid[]) AND p.registered_at = %s"
        " AND NOT EXISTS (SELECT FROM people_residency r WHERE r.party_id = p.id)"
        " AND NOT EXISTS (SELECT FROM people_role_binding b WHERE b.party_id = p.id)",
        list(parties),
        registered_at,
    )
    lonely = [row[0] for row in rows]
    sql.run("DELETE FROM people_contact WHERE party_id = ANY(%s::uuid[])", lonely)
    sql.run("DELETE FROM people_party WHERE id = ANY(%s::uuid[])", lonely)
