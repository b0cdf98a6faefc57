"""Policies on screen: the place a page is about, the names of places, and how a value is written and read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from linli.faces.shell import formats, messages
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.ground.places.queries import CityCard, CommunityCard
from linli.ground.policies.rules import Level, Setting
from linli.kernel.ids import PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound

Where = tuple[Level, UUID | None]
PLATFORM: Where = (Level.PLATFORM, None)


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
    if isinstance(value, tuple):
        return ", ".join(written(each) for each in value)
    return messages.word(value) if isinstance(value, StrEnum) else str(value)


def read(declared: Setting, fields: Fields) -> object:
    """This will read a setting's value from the field of its name; its limits are the policy's own to hold."""
    if declared.kind is Money:
        return fields.money(declared.name)
    if declared.kind is bool:
        return fields.flag(declared.name)
    if declared.kind is int:
        return fields.whole(declared.name, low=-(10**9), high=10**9)
    return fields.maybe_text(declared.name) or ""


def choices_of(declared: Setting) -> list[tuple[str, str]]:
    """This will offer the values of a setting that has a few named ones; of the others, nothing."""
    if isinstance(declared.kind, type) and issubclass(declared.kind, StrEnum):
        return [(value.value, messages.word(value)) for value in declared.choices or declared.kind]
    return []
