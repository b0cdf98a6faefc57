"""Who wears which role where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from linli.ground.people import events, queries, rules
from linli.ground.people.rules import Level
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Role, Scope


@action(needs=May.GRANT_ROLES)
def grant_role(
    _scope: Scope,
    *,
    party: PartyId,
    role: str,
    level: str,
    place: UUID | None = None,
    label: Mapping[str, str] | None = None,
    acts_for: PartyId | None = None,
    duty: Duty | None = None,
    at: datetime,
) -> None:
    """This will let a party wear a role from now on; one that they wear already stays, with the duty named now.

    `label` names a place above this floor (a shop) in both languages; the others are known by name here. `acts_for` is
    the party whose business it is there (the shop's merchant), and becomes the `company` of the role's scope; staff of
    a property company in one community wear their role only while that company looks after it. `duty` narrows what
    they may do; without one they may do everything of its desk.
    """
    if role not in set(Role) or level not in set(Level) or not rules.may_bind(Role(role), Level(level), place):
        raise Invalid("role", _("This role cannot be given at this place."))
    if not queries.is_live(SYSTEM, party=party):
        raise NotFound("party", field="party")
    if place is not None:
        _must_exist(Level(level), place)
    if sql.run(
        "INSERT INTO people_role_binding (id, party_id, role, level, place, label, acts_for, duty, start_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        ids.new(),
        party,
        role,
        level,
        place,
        sql.as_json(dict(label or {})),
        acts_for,
        duty or "",
        at,
    ) or (
        role == Role.PROPERTY
        and sql.run(
            "UPDATE people_role_binding SET duty = %s, acts_for = coalesce(%s, acts_for) WHERE party_id = %s"
            " AND role = %s AND level = %s AND place IS NOT DISTINCT FROM %s::uuid"
            " AND (end_at IS NULL OR end_at > %s)"
            " AND (duty, acts_for) IS DISTINCT FROM (%s, coalesce(%s, acts_for))",
            duty or "",
            acts_for,
            party,
            role,
            level,
            place,
            at,
            duty or "",
            acts_for,
        )
    ):
        tell(events.RoleGranted(person=party, role=role, level=level, place=place, at=at))


@action(needs=May.GRANT_ROLES)
def revoke_role(
    _scope: Scope, *, party: PartyId, role: str, level: str, place: UUID | None = None, at: datetime
) -> None:
    """This will take a role back from now on."""
    ended = sql.run(
        "UPDATE people_role_binding SET end_at = greatest(start_at, %s) WHERE party_id = %s AND role = %s"
        " AND level = %s AND place IS NOT DISTINCT FROM %s::uuid AND (end_at IS NULL OR end_at > %s)",
        at,
        party,
        role,
        level,
        place,
        at,
    )
    if not ended:
        raise NotFound("role")
    tell(events.RoleRevoked(person=party, role=role, level=level, place=place, at=at))


def _must_exist(level: Level, place: UUID) -> None:
    if level == Level.CITY:
        places.city(CityId(place))
    elif level == Level.COMMUNITY:
        places.community(CommunityId(place))
    elif level == Level.HOME:
        places.home(HomeId(place))
    elif (
        level == Level.COMPANY
        and sql.fetch_one("SELECT 1 FROM people_party WHERE id = %s AND kind = 'organisation'", place) is None
    ):
        raise NotFound("company", field="place")
