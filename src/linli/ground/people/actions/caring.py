"""Which steward of a company looks after which buildings: settled from a day on, and ended with their duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from linli.ground.people import queries
from linli.ground.people.models import BuildingSteward
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import BuildingId, CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import locks, sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope

MOST_AT_ONCE = 500
_NEVER_BEGUN = """
    DELETE FROM people_building_steward WHERE company_id = %s AND steward_id = %s
        AND NOT community_id = ANY (%s::uuid[]) AND start_on >= places_day(community_id, %s)
"""
_ENDED_TODAY = """
    UPDATE people_building_steward AS b SET end_on = d.today
    FROM (SELECT c.id, places_day(c.id, %s) AS today FROM places_community AS c WHERE c.id IN (
          SELECT community_id FROM people_building_steward WHERE company_id = %s AND steward_id = %s)) AS d
    WHERE b.community_id = d.id AND b.company_id = %s AND b.steward_id = %s AND NOT b.community_id = ANY (%s::uuid[])
        AND (b.end_on IS NULL OR b.end_on > d.today)
"""


@action(needs=May.KEEP_STAFF)
def set_building_stewards(
    scope: Scope,
    *,
    community: CommunityId,
    buildings: Sequence[BuildingId],
    steward: PartyId | None,
    start_on: date,
    at: datetime,
) -> int:
    """This will have a steward look after buildings from a day on, or nobody; gives how many buildings that changes.

    What was settled for later days is settled anew by this. One who was named before a day keeps the days before it.
    """
    if scope.company is None or community not in scope.communities:
        raise NotFound("community")
    wanted = set(buildings)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid("buildings", _("Choose between 1 and {most} buildings."), most=MOST_AT_ONCE)
    if not wanted <= places.buildings(community=community).keys():
        raise NotFound("building", field="buildings")
    if steward is not None and steward not in stewards_of(scope, scope.company, community, at):
        raise Invalid("steward", _("Please choose one of the values offered."))
    locks.hold("company staff", scope.company)
    rows = BuildingSteward.objects.within(scope).filter(company=scope.company, building__in=wanted)
    held = list(rows.filter(start_on__lte=start_on, steward=steward, end_on=None).values_list("building", flat=True))
    same = set(held) - set(rows.filter(start_on__gt=start_on).values_list("building", flat=True))
    changed = rows.filter(building__in=wanted - same)
    changed.filter(start_on__gte=start_on).delete()
    ended = changed.exclude(end_on__lte=start_on).update(end_on=start_on)
    if steward is None:
        return ended
    made = [
        BuildingSteward(
            id=ids.new(), company_id=scope.company, community_id=community, building_id=building, steward_id=steward,
            start_on=start_on,
        )
        for building in sorted(wanted - same)
    ]  # fmt: skip
    BuildingSteward.objects.bulk_create(made)
    return len(made)


@action(needs=May.KEEP_STAFF)
def end_building_care(
    _scope: Scope, *, company: PartyId, steward: PartyId, stays: Sequence[CommunityId] = (), at: datetime
) -> None:
    """This will have somebody look after no building any more from today on, but in what stays theirs."""
    sql.run(_NEVER_BEGUN, company, steward, list(stays), at)
    sql.run(_ENDED_TODAY, at, company, steward, company, steward, list(stays))


def stewards_of(scope: Scope, company: PartyId, community: CommunityId, at: datetime) -> frozenset[PartyId]:
    """Who may look after buildings of a community: the company's stewards who work there."""
    return frozenset(
        each.party
        for each in queries.company_staff(SYSTEM, company=company, at=at)
        if each.duty is Duty.STEWARD and (each.is_everywhere or community in each.communities)
    )
