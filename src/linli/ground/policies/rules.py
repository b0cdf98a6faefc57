"""Policies as typed classes of settings, and the one way in which a setting is inherited."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform, get_type_hints
from uuid import UUID

import msgspec

from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import decoding

T = TypeVar("T")
P = TypeVar("P", bound="Policy")


class Level(StrEnum):
    """From the widest to the narrowest; the later wins."""

    PLATFORM = "platform"
    CITY = "city"
    COMPANY = "company"
    COMMUNITY = "community"
    BUILDING = "building"


MOST_COMING = 50
"""Instants at which something will change that are looked at; more are planned by nobody."""
_LAST = UUID(int=2**128 - 1)
_DEPTH = {level: depth for depth, level in enumerate(Level)}


class BadValue(Invalid):
    """A value that the setting does not allow; `field` is the setting."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Settings of one policy that cannot hold together, and why not."""

    settings: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a policy class says of one of its fields: its type, its limits and what it is for."""

    name: str
    kind: Any
    default: Any
    low: Any = None
    high: Any = None
    choices: tuple[Any, ...] = ()
    says: str = ""

    def read(self, value: object) -> Any:
        """This will give a JSON value its type, or refuse it with this setting's name."""
        try:
            typed = decoding.convert(value, self.kind, strict=True)
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            raise BadValue(self.name, _("This value is of the wrong kind.")) from error
        if isinstance(typed, Decimal) and not typed.is_finite():
            raise BadValue(self.name, _("This value is of the wrong kind."))
        if self.low is not None and not typed >= self.low:
            raise BadValue(self.name, _("At least {low} is needed."), low=str(self.low))
        if self.high is not None and not typed <= self.high:
            raise BadValue(self.name, _("At most {high} is allowed."), high=str(self.high))
        if self.choices and typed not in self.choices:
            raise BadValue(
                self.name, _("Only these are allowed: {choices}."), choices=", ".join(map(str, self.choices))
            )
        return typed

    def check(self, value: object) -> Any:
        """This will refuse a value of our own types that this setting does not allow, by its name."""
        return self.read(msgspec.to_builtins(value))


def setting(default: T, *, low: T | None = None, high: T | None = None, choices: Sequence[T] = (), says: str = "") -> T:
    """This will declare a setting of a policy: its value where nobody says otherwise, its limits and what it is for.

    The type is the field's annotation: bool, int, Decimal, str, Money, timedelta, date, a StrEnum, or tuples of these.
    """
    limits = {"low": low, "high": high, "choices": tuple(choices), "says": says}
    return dataclasses.field(default=default, metadata=limits)


_classes: dict[str, type[Policy]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(setting,))
class Policy:
    """Base of every policy. A subclass names itself by `word`, unique in the house, says what it is about, and declares
    its settings. Where it is `of_company`, a property company sets it for what it looks after; else only the platform.
    """

    word: ClassVar[str]
    says: ClassVar[str] = ""
    of_company: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)
        known = _classes.setdefault(cls.word, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two policies are called {cls.word}")
        _classes[cls.word] = cls

    @classmethod
    def settings(cls) -> dict[str, Setting]:
        """This will list the settings by name; the defaults must keep their own limits (a law)."""
        found = _settings.get(cls)
        if found is None:
            hints = get_type_hints(cls)
            found = _settings[cls] = {
                f.name: Setting(f.name, hints[f.name], f.default, **f.metadata)
                for f in dataclasses.fields(cast(Any, cls))
            }
        return found

    def contradictions(self) -> Iterable[Contradiction]:
        """This will tell which settings cannot hold together as they stand; the defaults never do so (a law)."""
        return ()


_settings: dict[type[Policy], dict[str, Setting]] = {}


def classes() -> tuple[type[Policy], ...]:
    """This will list every policy that a loaded module declares, by word."""
    return tuple(_classes[word] for word in sorted(_classes))


def class_of(word: str) -> type[Policy] | None:
    """This will find a policy by its word."""
    return _classes.get(word)


@dataclass(frozen=True, slots=True)
class Version:
    """One setting's value at a place from an instant on. `number` orders versions that begin together."""

    setting: str
    level: Level
    place: UUID | None
    value: Any
    start_at: datetime
    number: UUID
    holds_from: datetime | None = None
    holds_until: datetime | None = None
    set_at: datetime | None = None
    set_by: UUID | None = None

    def holds(self, at: datetime) -> bool:
        """This will tell whether the version has begun and its place has a say at that instant."""
        return (
            self.start_at <= at
            and (self.holds_from is None or self.holds_from <= at)
            and (self.holds_until is None or at < self.holds_until)
        )


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a setting's value comes from; `level` is "default" and `since` None where nobody said anything."""

    setting: str
    value: Any
    level: str
    place: UUID | None
    since: datetime | None
    says: str


def explain(cls: type[Policy], versions: Iterable[Version], at: datetime) -> tuple[Explained, ...]:
    """This will tell for each setting, in the order of the class, which value holds and who says so.

    At each level the latest version counts, and of two that begin together the one set last; null gives the word back
    to the wider level. A stored value that the class allows no more is passed over in the same way.
    """
    found = _said(cls, versions, at)
    return tuple(_explained(s, found.get(s.name)) for s in cls.settings().values())


def _said(cls: type[Policy], versions: Iterable[Version], at: datetime) -> dict[str, tuple[Version, Any]]:
    """What somebody says of a policy's settings, by setting; the others have their defaults."""
    found: dict[str, tuple[Version, Any]] = {}
    known_settings = cls.settings()
    for version in latest(versions, at):
        declared = known_settings.get(version.setting)
        if declared is not None and version.value is not None:
            try:
                found[version.setting] = (version, declared.read(version.value))
            except BadValue:
                continue
    return found


def latest(versions: Iterable[Version], at: datetime) -> tuple[Version, ...]:
    """This will give the version that counts of each setting at each level, from the widest level to the narrowest."""
    counts: dict[tuple[str, Level], Version] = {}
    for version in versions:
        if version.holds(at):
            key = (version.setting, version.level)
            known = counts.get(key)
            if known is None or (version.start_at, version.number) > (known.start_at, known.number):
                counts[key] = version
    return tuple(sorted(counts.values(), key=lambda v: _DEPTH[v.level]))


def latest_of_places(versions: Iterable[Version], at: datetime) -> tuple[Version, ...]:
    """This will give the version that counts of each setting at each place, the places being many of one level."""
    counts: dict[tuple[str, Level, UUID | None], Version] = {}
    for version in versions:
        key = (version.setting, version.level, version.place)
        known = counts.get(key)
        if version.holds(at) and (known is None or (version.start_at, version.number) > (known.start_at, known.number)):
            counts[key] = version
    return tuple(sorted(counts.values(), key=lambda v: (_DEPTH[v.level], str(v.place))))


@dataclass(frozen=True, slots=True)
class Coming:
    """A value that will hold from an instant on, who says so, and in place of which other."""

    setting: str
    before: Any
    value: Any
    level: str
    place: UUID | None
    start_at: datetime


def coming(cls: type[Policy], versions: Sequence[Version], at: datetime) -> tuple[Coming, ...]:
    """This will list how the values that hold will change after an instant, the earliest first."""
    edges = {edge for v in versions for edge in (v.start_at, v.holds_from, v.holds_until) if edge and edge > at}
    found: list[Coming] = []
    was = {e.setting: e for e in explain(cls, versions, at)} if edges else {}
    for edge in sorted(edges)[:MOST_COMING]:
        now = {e.setting: e for e in explain(cls, versions, edge)}
        found += [
            Coming(name, was[name].value, e.value, e.level, e.place, edge)
            for name, e in now.items()
            if e.value != was[name].value
        ]
        was = now
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Wish:
    """A value that somebody thinks of setting at a place; None has the setting inherited again."""

    setting: str
    level: Level
    place: UUID | None
    value: Any
    start_at: datetime

    @property
    def version(self) -> Version:
        """The version that it would become: of all that begin then, the one set last."""
        stored = None if self.value is None else msgspec.to_builtins(self.value)
        return Version(self.setting, self.level, self.place, stored, self.start_at, _LAST)


def tried(
    cls: type[Policy], versions: Iterable[Version], wish: Wish, places: Mapping[Level, UUID | None]
) -> tuple[Explained, Explained]:
    """This will tell what would hold somewhere (its city, company, community) without a wish, and with it."""
    chain = {(Level.PLATFORM, None), *places.items()}
    there = [v for v in versions if v.setting == wish.setting and (v.level, v.place) in chain]
    wished = [*there, wish.version] if (wish.level, wish.place) in chain else there
    before, after = (
        next(e for e in explain(cls, some, wish.start_at) if e.setting == wish.setting) for some in (there, wished)
    )
    return before, after


def narrower(level: Level) -> tuple[Level, ...]:
    """This will list the levels whose word counts more than this one's."""
    return tuple(other for other in Level if _DEPTH[other] > _DEPTH[level])


def _explained(declared: Setting, found: tuple[Version, Any] | None) -> Explained:
    if found is None:
        return Explained(declared.name, declared.default, "default", None, None, declared.says)
    version, value = found
    return Explained(declared.name, value, version.level.value, version.place, version.start_at, declared.says)


def resolve(cls: type[P], versions: Iterable[Version], at: datetime) -> P:
    """This will make the policy that holds at an instant."""
    return cls(**{name: value for name, (_version, value) in _said(cls, versions, at).items()})


def checked(cls: type[Policy], values: Mapping[str, object]) -> dict[str, object]:
    """This will give the values as they are stored, or refuse the first bad one with its setting; null is allowed."""
    known = cls.settings()
    stored: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise BadValue(name, _("There is no such setting."))
        stored[name] = None if value is None else msgspec.to_builtins(known[name].check(value))
    return stored


def contradicted(cls: type[Policy], versions: Sequence[Version], wishes: Sequence[Wish]) -> BadValue | None:
    """This will tell which of the settings that somebody thinks of setting would contradict another one of its place,
    now or when another change that is planned already begins. What contradicted itself before is nobody's fault."""
    wished = [*versions, *(wish.version for wish in wishes)]
    names, start_at = [wish.setting for wish in wishes], min(wish.start_at for wish in wishes)
    edges = sorted({start_at, *(version.start_at for version in versions if version.start_at > start_at)})
    for at in edges[:MOST_COMING]:
        before = set(resolve(cls, versions, at).contradictions())
        for found in resolve(cls, wished, at).contradictions():
            about = next((name for name in names if name in found.settings), None)
            if about is not None and found not in before:
                return BadValue(about, found.says)
    return None
