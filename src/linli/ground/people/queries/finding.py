"""Finding homes by their people, inside the reach of whoever asks; phones and whole names stay here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from linli.ground.people import rules
from linli.kernel.ids import CommunityId, HomeId
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 1000


@query
def homes_by_phone_tail(
    scope: Scope, *, community: CommunityId, tails: Iterable[str], at: datetime
) -> dict[str, tuple[HomeId, ...]]:
    """This will find the homes of a community whose people's phones end so, in one statement; the phones stay here."""
    rows = sql.fetch(
        "SELECT DISTINCT right(c.phone, 4), r.home FROM people_residents_of(%s, %s) r"
        " JOIN people_contact c ON c.party_id = r.person WHERE right(c.phone, 4) = ANY (%s) LIMIT %s",
        *(community, at, list(tails), MOST),
    )
    found: dict[str, list[HomeId]] = defaultdict(list)
    for tail, home in rows if scope.is_inside or community in scope.communities else ():
        found[tail].append(HomeId(home))
    return {tail: tuple(homes) for tail, homes in found.items()}


@query
def residents_called(
    scope: Scope, *, communities: Iterable[CommunityId], words: str, at: datetime, limit: int = 20
) -> tuple[tuple[str, HomeId], ...]:
    """This will find people of communities in reach by how their names begin: masked names, with their homes."""
    reach = [each for each in communities if scope.is_inside or each in scope.communities]
    begins = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    rows = sql.fetch(
        "SELECT p.name, r.home FROM unnest(%s::uuid[]) AS c (community)"
        " CROSS JOIN LATERAL people_residents_of(c.community, %s) r JOIN people_party p ON p.id = r.person"
        " WHERE p.name ILIKE %s ORDER BY p.name, r.home LIMIT %s",
        *(reach, at, begins, min(limit, MOST)),
    )
    return tuple((rules.masked_name(name), HomeId(home)) for name, home in rows)
