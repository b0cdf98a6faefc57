"""Which policy holds here and now, and why."""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import rules
from linli.ground.policies.rules import Explained, Level, Policy, Version
from linli.kernel.ids import BuildingId, CityId, CommunityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query
from linli.spine.frame import Frame, current
from linli.spine.scope import Scope

P = TypeVar("P", bound=Policy)
Place = tuple[str, UUID | None, UUID | None, UUID | None]

REMEMBERED_S = 5.0
"""How long a process believes what it has read; a change made by another process is seen after this at the latest."""
MOST_REMEMBERED = 4096
MOST_SHOWN = 200
MOST_VERSIONS = 10_000
"""Versions of one policy along one chain of places; far more than settings change in years."""

_remembered: OrderedDict[Place, tuple[float, tuple[Version, ...]]] = OrderedDict()
_lock = Lock()
_unsettled: ContextVar[Frame | None] = ContextVar("policies_unsettled", default=None)


@open_query
def policy(
    _scope: Scope,
    cls: type[P],
    *,
    at: datetime,
    community: CommunityId | None = None,
    city: CityId | None = None,
    building: BuildingId | None = None,
) -> P:
    """This will give the policy that holds at a place and an instant; asked again within seconds, without SQL."""
    return rules.resolve(cls, _versions((cls.word, city, community, building)), at)


@open_query
def explain(
    _scope: Scope,
    cls: type[Policy],
    *,
    at: datetime,
    community: CommunityId | None = None,
    city: CityId | None = None,
    building: BuildingId | None = None,
) -> tuple[Explained, ...]:
    """This will tell for each setting which value holds, which level and place say so, and since when."""
    return rules.explain(cls, _versions((cls.word, city, community, building)), at)


def versions_of(cls: type[Policy], *, level: Level, place: UUID | None) -> list[Version]:
    """This will give what a place and the wider ones over it ever said of a policy, and will say."""
    return _fetched([cls.word], *_chain(level, place))[cls.word]


def policy_classes() -> tuple[type[Policy], ...]:
    """This will list every policy of the house by its word."""
    return rules.classes()


@open_query
def own_values(_scope: Scope, *, word: str, level: Level, place: UUID | None = None, at: datetime) -> dict[str, Any]:
    """This will tell what one place itself says of a policy at an instant, as far as it says anything."""
    cls = rules.class_of(word)
    if cls is None:
        raise NotFound("policy")
    found = rules.explain(cls, _fetched([word], *_chain(level, place))[word], at)
    return {one.setting: one.value for one in found if (one.level, one.place) == (level.value, place)}


def defaults_of(word: str) -> dict[str, Any]:
    """This will give the values that are built into a policy."""
    cls = rules.class_of(word)
    if cls is None:
        raise NotFound("policy")
    return {name: declared.default for name, declared in cls.settings().items()}


def forget() -> None:
    """This will have the process read afresh, and the action that runs now remember nothing, as it may roll back."""
    _unsettled.set(current.get())
    with _lock:
        _remembered.clear()


def _versions(place: Place) -> tuple[Version, ...]:
    now = time.monotonic()
    with _lock:
        known = _remembered.get(place)
        if known is not None and now - known[0] < REMEMBERED_S:
            return known[1]
    word, city, community, building = place
    versions = tuple(_fetched([word], city, None, community, building)[word])
    frame = current.get()
    if frame is not None and frame is _unsettled.get():
        return versions
    with _lock:
        _remembered[place] = (now, versions)
        _remembered.move_to_end(place)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return versions


def _fetched(
    words: Sequence[str],
    city: UUID | None,
    company: UUID | None,
    community: UUID | None,
    building: UUID | None,
) -> defaultdict[str, list[Version]]:
    rows = sql.fetch(
        "SELECT word, setting, level, place, value, start_at, number, holds_from, holds_until, set_at, set_by"
        " FROM policies_versions(%s, %s, %s, %s, %s) ORDER BY start_at DESC, number DESC LIMIT %s",
        list(words),
        city,
        company,
        community,
        building,
        MOST_VERSIONS,
    )
    found: defaultdict[str, list[Version]] = defaultdict(list)
    for word, setting, level, place, value, *rest in rows:
        found[word].append(Version(setting, Level(level), place, sql.from_json(value), *rest))
    return found


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """One policy as it holds at a place, setting by setting with where its value comes from."""

    word: str
    says: str
    settings: tuple[Explained, ...]
    coming: tuple[rules.Coming, ...] = ()
    of_company: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """What a place says of a setting from an instant on; a value of None gives the word back to the wider level."""

    level: Level
    place: UUID | None
    value: Any
    start_at: datetime
    set_at: datetime | None = None
    set_by: UUID | None = None
    version: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None

    def is_coming(self, at: datetime) -> bool:
        """This will tell whether it has not begun yet, and may be withdrawn."""
        return self.start_at > at and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class SettingPage:
    """One setting at one place: the value that holds, what each level says now, what will change, and all that this
    place ever said, what was withdrawn included."""

    word: str
    about: str
    declared: rules.Setting
    holds: Explained
    ladder: tuple[Say, ...]
    history: tuple[Say, ...]
    coming: tuple[rules.Coming, ...]
    of_company: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one community: the value that would hold without it, and with it."""

    community: CommunityId
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Below:
    """What a change at a place reaches: how many communities, which of them get another value, and the narrower places
    that keep their own."""

    communities: int
    effects: tuple[Effect, ...]
    keeping: tuple[Say, ...]


@open_query
def book(_scope: Scope, *, level: Level, place: UUID | None = None, at: datetime) -> tuple[PolicyCard, ...]:
    """This will show every policy of the house as it holds at a place, in one statement."""
    found = _fetched([cls.word for cls in rules.classes()], *_chain(level, place))
    return tuple(
        PolicyCard(
            cls.word,
            cls.says,
            rules.explain(cls, found[cls.word], at),
            rules.coming(cls, found[cls.word], at),
            cls.of_company,
        )
        for cls in rules.classes()
    )


@open_query
def setting_page(
    _scope: Scope, *, word: str, setting: str, level: Level, place: UUID | None = None, at: datetime
) -> SettingPage:
    """This will show one setting at a place with its history there, newest first."""
    cls = rules.class_of(word)
    declared = cls.settings().get(setting) if cls is not None else None
    if cls is None or declared is None:
        raise NotFound("policy")
    versions = [v for v in _fetched([word], *_chain(level, place))[word] if v.setting == setting]
    holds = next(e for e in rules.explain(cls, versions, at) if e.setting == setting)
    said = tuple(_say(declared, v) for v in rules.latest(versions, at) if v.value is not None)
    return SettingPage(
        word,
        cls.says,
        declared,
        holds,
        said,
        _history(word, declared, level, place),
        tuple(each for each in rules.coming(cls, versions, at) if each.setting == setting),
        cls.of_company,
    )


def _history(word: str, declared: rules.Setting, level: Level, place: UUID | None) -> tuple[Say, ...]:
    rows = sql.fetch(
        "SELECT v.value, v.start_at, v.set_at, v.set_by, v.id, w.withdrawn_at, w.withdrawn_by"
        " FROM policies_version v LEFT JOIN policies_withdrawal w ON w.version_id = v.id"
        " WHERE v.word = %s AND v.setting = %s AND v.level = %s AND v.place IS NOT DISTINCT FROM %s::uuid"
        " ORDER BY v.start_at DESC, v.id DESC LIMIT %s",
        word,
        declared.name,
        level.value,
        place,
        MOST_SHOWN,
    )
    return tuple(Say(level, place, _read(declared, sql.from_json(value)), *rest) for value, *rest in rows)


@open_query
def below(
    _scope: Scope,
    *,
    word: str,
    setting: str,
    level: Level,
    place: UUID | None = None,
    value: object = None,
    at: datetime,
) -> Below:
    """This will tell what a value set at a place from an instant on would change, and what would stay as it is."""
    cls = rules.class_of(word)
    declared = cls.settings().get(setting) if cls is not None else None
    if cls is None or declared is None:
        raise NotFound("policy")
    versions = _everywhere(word, setting, at)
    cards = places.communities(ids=_reached(level, place, at))
    companies = people.company_of([card.id for card in cards], at=at) if cards else {}
    wish = rules.Wish(setting, level, place, value, at)
    effects = []
    for card in cards:
        chain = {Level.CITY: card.city, Level.COMPANY: companies.get(card.id), Level.COMMUNITY: card.id}
        before, after = rules.tried(cls, versions, wish, chain)
        if before.value != after.value:
            effects.append(Effect(card.id, before.value, after.value))
    narrower = set(rules.narrower(level))
    own = [v for v in rules.latest_of_places(versions, at) if v.level in narrower and v.value is not None]
    beneath = _beneath(own, {card.id for card in cards}, set(companies.values()), everywhere=place is None)
    return Below(len(cards), tuple(effects), tuple(_say(declared, v) for v in beneath))


def _everywhere(word: str, setting: str, at: datetime) -> list[Version]:
    """What any place has said of a setting that has begun by an instant."""
    rows = sql.fetch(
        "SELECT level, place, value, start_at, id FROM policies_version v WHERE word = %s AND setting = %s"
        " AND start_at <= %s AND NOT EXISTS (SELECT FROM policies_withdrawal w WHERE w.version_id = v.id)"
        " ORDER BY start_at DESC, id DESC LIMIT %s",
        word,
        setting,
        at,
        MOST_VERSIONS,
    )
    return [Version(setting, Level(row[0]), row[1], sql.from_json(row[2]), row[3], row[4]) for row in rows]


def _beneath(
    own: Sequence[Version], communities: set[CommunityId], companies: set[PartyId], *, everywhere: bool
) -> list[Version]:
    """Those of some narrower places that lie in the communities that a change reaches."""
    asked = [BuildingId(v.place) for v in own if v.level == Level.BUILDING and v.place is not None]
    buildings = places.buildings(ids=asked) if asked and not everywhere else {}

    def lies(version: Version) -> bool:
        if everywhere or version.place is None:
            return True
        if version.level == Level.COMPANY:
            return version.place in companies
        if version.level == Level.BUILDING:
            card = buildings.get(BuildingId(version.place))
            return card is not None and card.community in communities
        return version.place in communities

    return [version for version in own if lies(version)]


def _say(declared: rules.Setting, version: Version) -> Say:
    value = _read(declared, version.value)
    return Say(version.level, version.place, value, version.start_at, version.set_at, version.set_by)


def _read(declared: rules.Setting, value: Any) -> Any:
    """A stored value in its type; one that the class allows no more counts as nothing, as in `explain`."""
    try:
        return None if value is None else declared.read(value)
    except rules.BadValue:
        return None


def _chain(level: Level, place: UUID | None) -> tuple[UUID | None, UUID | None, UUID | None, UUID | None]:
    """City, company, community and building of a place, as far as the place decides them."""
    if level == Level.BUILDING and place is not None:
        return None, None, places.community_of_building(BuildingId(place)), place
    return (
        place if level == Level.CITY else None,
        place if level == Level.COMPANY else None,
        place if level == Level.COMMUNITY else None,
        None,
    )


def _reached(level: Level, place: UUID | None, at: datetime) -> tuple[CommunityId, ...]:
    if level == Level.COMPANY and place is not None:
        return people.communities_of(PartyId(place), at=at)
    if level == Level.COMMUNITY and place is not None:
        return (CommunityId(place),)
    if level == Level.BUILDING and place is not None:
        return ()
    city = CityId(place) if place is not None else None
    return tuple(card.id for card in places.communities(city=city))
