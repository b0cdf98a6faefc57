"""Policies on screen: the place a page is about, the names of places, and how a value is written and read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import get_args, get_origin
from uuid import UUID

from linli.faces.shell import formats, messages, voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.ground.places import queries as places
from linli.ground.places.queries import CityCard, CommunityCard
from linli.ground.policies import actions, queries
from linli.ground.policies.rules import Level, Setting
from linli.kernel.ids import BuildingId, CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import Scope

Where = tuple[Level, UUID | None]
PLATFORM: Where = (Level.PLATFORM, None)
_BETWEEN = re.compile(r"[,，、;；\n]+")
_WHOLE = re.compile(r"-?\d{1,9}")


@dataclass
class Map:
    """The places that a reader may choose, by name, in the order in which they are offered."""

    names: dict[Where, str] = field(default_factory=lambda: {PLATFORM: _("The whole platform")})

    def add(
        self,
        *,
        cities: Iterable[CityCard] = (),
        companies: Iterable[tuple[PartyId, str]] = (),
        communities: Iterable[CommunityCard] = (),
    ) -> None:
        """This will offer more places."""
        self.names |= {(Level.CITY, city.id): messages.in_language(city.name) for city in cities}
        self.names |= {(Level.COMPANY, company): name for company, name in companies}
        self.names |= {(Level.COMMUNITY, card.id): messages.in_language(card.name) for card in communities}

    def add_buildings(self, asked: str, communities: Collection[CommunityId]) -> None:
        """This will offer the buildings of the community that a page is about, or in which its building stands."""
        level, _colon, text = asked.partition(":")
        try:
            id_ = UUID(text)
        except ValueError:
            return
        if level == Level.BUILDING:
            beside = places.buildings(ids=[BuildingId(id_)]).get(BuildingId(id_))
            id_ = beside.community if beside else id_
        if level in (Level.BUILDING, Level.COMMUNITY) and id_ in communities:
            labels = places.buildings(community=CommunityId(id_)).values()
            self.names |= {(Level.BUILDING, building.id): building.label for building in labels}

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(key_of(where), self.called(*where)) for where in self.names]

    def called(self, level: Level | str, place: UUID | None) -> str:
        """This will name a place with its kind; one that is not on the map by its kind alone."""
        name = self.names.get((Level(level), place))
        if level == Level.PLATFORM or name is None:
            return name or messages.word(level)
        return f"{name} ({messages.word(level)})"

    def chosen(self, query: Fields) -> Where:
        """This will give the place of an address, or refuse one that this reader may not choose."""
        asked = query.raw("where") or key_of(PLATFORM)
        found = next((where for where in self.names if key_of(where) == asked), None)
        if found is None:
            raise NotFound("place")
        return found


def key_of(where: Where) -> str:
    """This will name a place in an address: `city:<id>`."""
    return f"{where[0].value}:{where[1] or ''}"


def written(value: object) -> str:
    """This will write a setting's value for people."""
    if isinstance(value, Money):
        return formats.money(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return formats.count(value)
    if value in ((), ""):
        return _("nothing")
    if isinstance(value, tuple):
        return formats.listed(written(each) for each in value)
    return messages.word(value) if isinstance(value, StrEnum) else str(value)


def read(declared: Setting, fields: Fields) -> object:
    """This will read a setting's value from the field of its name; its limits are the policy's own to hold."""
    if declared.kind is Money:
        return fields.money(declared.name)
    if declared.kind is bool:
        return fields.flag(declared.name)
    if declared.kind is int:
        return fields.whole(declared.name, low=-(10**9), high=10**9)
    text = fields.maybe_text(declared.name, most=2000) or ""
    if is_several(declared):
        return _several(declared, text)
    return text


def _several(declared: Setting, text: str) -> tuple[object, ...]:
    """Values with commas between them; no text is none of them."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if get_args(declared.kind)[0] is not int:
        return tuple(parts)
    if not all(_WHOLE.fullmatch(part) for part in parts):
        raise Invalid(declared.name, _("Please write whole numbers, with commas between them."))
    return tuple(int(part) for part in parts)


def is_several(declared: Setting) -> bool:
    """This will tell whether a setting has several values, typed with commas between them."""
    return get_origin(declared.kind) is tuple


def typed(value: object) -> object:
    """This will give a setting's value as a form's field shows it, to be read again."""
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else value


def choices_of(declared: Setting) -> list[tuple[str, str]]:
    """This will offer the values of a setting that has a few named ones; of the others, nothing."""
    if isinstance(declared.kind, type) and issubclass(declared.kind, StrEnum):
        return [(value.value, messages.word(value)) for value in declared.choices or declared.kind]
    return [(each, each) for each in declared.choices] if declared.kind is str else []


def kind_of(declared: Setting) -> str:
    """This will name the kind of field in which a setting is typed."""
    if choices_of(declared):
        return "select"
    return {"Money": "money", "int": "whole", "bool": "tick"}.get(getattr(declared.kind, "__name__", ""), "text")


def asked(declared: Setting, fields: Fields) -> object:
    """This will read what somebody wants to set: a value, or None to have the setting inherited again."""
    return None if fields.flag("inherit") else read(declared, fields)


def start_of(fields: Fields, at: datetime) -> tuple[datetime, str]:
    """This will give the midnight of the day written, in the voice's zone; today and no day both mean now."""
    on = fields.maybe_day("start_at")
    zone = voice.current().zone
    if on is None or on == at.astimezone(zone).date():
        return at, ""
    return datetime.combine(on, time(), zone), on.isoformat()


@dataclass(frozen=True)
class Change:
    """What somebody is about to set, before it is set; a value of None has the setting inherited again."""

    value: object
    typed: object
    start_at: datetime
    starts_on: str
    below: queries.Below


def change(page: queries.SettingPage, where: Where, fields: Fields, scope: Scope, at: datetime) -> Change:
    """This will tell what a form would change, or refuse it at its field; nothing is set."""
    value, (start_at, starts_on) = asked(page.declared, fields), start_of(fields, at)
    if start_at < at:
        raise actions.BeginsInThePast(field="start_at")
    held = None if value is None else page.declared.check(value)
    found = queries.below(
        scope,
        word=page.word,
        setting=page.declared.name,
        level=where[0],
        place=where[1],
        value=held,
        at=start_at,
    )
    return Change(held, typed(value), start_at, starts_on, found)


def authors(page: queries.SettingPage) -> frozenset[PartyId]:
    """This will name everybody who set or withdrew something on a setting's page."""
    whose = {said.set_by for said in page.history} | {said.withdrawn_by for said in page.history}
    return frozenset(PartyId(one) for one in whose if one is not None)
