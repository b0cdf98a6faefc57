"""Which steward of a company looks after which building, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.ground.people.models import BuildingSteward
from linli.ground.people.queries.naming import masked_names
from linli.kernel.ids import BuildingId, CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope

MOST_SPANS = 20_000


@dataclass(frozen=True, slots=True)
class BuildingCare:
    """A steward looks after a building from a day on, until another one; the name is masked as everywhere at the desk.

    `end_on` is the first day on which they do not, None until further notice.
    """

    building: BuildingId
    steward: PartyId
    name: str
    start_on: date
    end_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is so on a day."""
        return self.start_on <= day and (self.end_on is None or day < self.end_on)


@query
def building_stewards(scope: Scope, *, community: CommunityId, limit: int = MOST_SPANS) -> tuple[BuildingCare, ...]:
    """This will list who looked, looks and will look after each building of a community, the earliest first."""
    if scope.company is None or community not in scope.communities:
        raise NotFound("community")
    rows = list(
        BuildingSteward.objects.within(scope)
        .filter(community=community, company=scope.company)
        .order_by("start_on", "id")[: min(limit, MOST_SPANS)]
    )
    called = masked_names(SYSTEM, parties={PartyId(row.steward_id) for row in rows}) if rows else {}
    return tuple(
        BuildingCare(
            BuildingId(row.building_id),
            PartyId(row.steward_id),
            called.get(PartyId(row.steward_id), ""),
            row.start_on,
            row.end_on,
        )
        for row in rows
    )
