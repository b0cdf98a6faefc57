"""Setting policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import events, queries, rules
from linli.ground.policies.rules import Level
from linli.kernel import ids
from linli.kernel.ids import BuildingId, CityId, CommunityId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

MOST_VALUES = 100


class BeginsInThePast(Refusal):
    """A policy holds from now or later: what happened under the old one happened under the old one."""

    says = _("A policy may not begin in the past.")
    status = 422


class HasBegun(Refusal):
    """What has begun is history; another value from now on changes it, a withdrawal does not."""

    says = _("This has begun already, or was withdrawn. Set another value instead.")


@action(needs=May.SET_POLICIES)
def set_policy(
    scope: Scope,
    *,
    word: str,
    level: str,
    place: UUID | None = None,
    values: Mapping[str, object],
    start_at: datetime,
    at: datetime,
) -> None:
    """This will give settings of a policy new values at a place from an instant on; None has them inherited again.

    A bad value is refused with its setting as the field, and nothing is set.
    """
    cls = rules.class_of(word)
    if cls is None:
        raise NotFound("policy", field="word")
    if start_at < at:
        raise BeginsInThePast(field="start_at")
    if not 0 < len(values) <= MOST_VALUES:
        raise Invalid("values", _("Between 1 and {most} settings at once."), most=MOST_VALUES)
    if level not in set(Level) or (place is None) != (level == Level.PLATFORM):
        raise Invalid("level", _("A policy is set for the platform, or for a city, company, community or building."))
    _must_reach(scope, cls, Level(level), place, start_at)
    stored = rules.checked(cls, values)
    _insist_on_sense(cls, [rules.Wish(each, Level(level), place, value, start_at) for each, value in values.items()])
    sql.run(
        "INSERT INTO policies_version (id, word, setting, level, place, value, start_at, set_at, set_by)"
        " SELECT n.id, %s, n.setting, %s, %s::uuid, n.value, %s, %s, %s::uuid"
        " FROM unnest(%s::uuid[], %s::text[], %s::jsonb[]) AS n(id, setting, value)",
        word,
        level,
        place,
        start_at,
        at,
        scope.person,
        [ids.new() for _name in stored],
        list(stored),
        [sql.as_json(value) for value in stored.values()],
    )
    told = tuple(sorted(stored))
    tell(events.PolicySet(word=word, level=level, place=place, settings=told, start_at=start_at, at=at))
    queries.forget()
    # What another thread read before the commit is stale after it.
    transaction.on_commit(queries.forget)


@action(needs=May.SET_POLICIES)
def withdraw_change(scope: Scope, *, version: UUID, at: datetime) -> None:
    """This will take back a value that has not begun yet; what the place said before goes on to hold."""
    row = sql.fetch_one("SELECT word, setting, level, place, start_at FROM policies_version WHERE id = %s", version)
    cls = rules.class_of(row[0]) if row else None
    if row is None or cls is None:
        raise NotFound("policy")
    word, setting, level, place, start_at = row
    _must_reach(scope, cls, Level(level), place, start_at)
    taken_back = sql.fetch(
        "INSERT INTO policies_withdrawal (id, version_id, withdrawn_at, withdrawn_by)"
        " SELECT %s, id, %s, %s::uuid FROM policies_version WHERE id = %s AND start_at > %s"
        " ON CONFLICT (version_id) DO NOTHING RETURNING id",
        ids.new(),
        at,
        scope.person,
        version,
        at,
    )
    if not taken_back:
        raise HasBegun
    tell(events.PolicySet(word=word, level=level, place=place, settings=(setting,), start_at=start_at, at=at))
    queries.forget()
    transaction.on_commit(queries.forget)


def _insist_on_sense(cls: type[rules.Policy], wishes: list[rules.Wish]) -> None:
    """What would contradict another setting of the place is refused by its name."""
    if cls.contradictions is rules.Policy.contradictions:
        return
    there = queries.versions_of(cls, level=wishes[0].level, place=wishes[0].place)
    wrong = rules.contradicted(cls, there, wishes)
    if wrong is not None:
        raise wrong


def _must_reach(scope: Scope, cls: type[rules.Policy], level: Level, place: UUID | None, start_at: datetime) -> None:
    """The place exists; an operator of one city stays within it, and a company's staff within what they look after.

    A company may work in several cities, and speaks as a whole only by who reaches all of it.
    """
    if not scope.is_inside:
        _must_be_own(scope, cls, level, place, start_at)
        return
    city: UUID | None = None
    if level == Level.CITY and place is not None:
        city = places.city(CityId(place)).id
    elif level == Level.COMMUNITY and place is not None:
        city = places.community(CommunityId(place)).city
    elif level == Level.BUILDING and place is not None:
        city = places.community(places.community_of_building(BuildingId(place))).city
    elif place is not None and not people.names(scope, parties=(PartyId(place),)):
        raise NotFound("company", field="place")
    if scope.city is not None and city != scope.city:
        raise NotFound("place", field="place")


def _must_be_own(scope: Scope, cls: type[rules.Policy], level: Level, place: UUID | None, start_at: datetime) -> None:
    if not cls.of_company or place is None:
        raise NotFound("policy", field="word")
    if level == Level.COMPANY:
        every = people.communities_of(PartyId(place), at=start_at)
        own = scope.company == place and set(every) <= set(scope.communities) and not scope.of_a_community
    elif level == Level.BUILDING:
        own = places.community_of_building(BuildingId(place)) in scope.communities
    else:
        own = level == Level.COMMUNITY and place in scope.communities
    if not own:
        raise NotFound("place", field="place")
