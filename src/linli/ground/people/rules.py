"""Phones, names, roles and their levels, and the hats that follow from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId, ShopId
from linli.spine.may import Duty
from linli.spine.scope import Role, Scope

MOST_NAME_CHARACTERS = 80
MOST_ROWS = 20_000
MOST_STARS = 4
MOST_FAMILY = 12
"""Family members whom the owner or tenant of one home may enter."""
LOCALES = ("zh-hans", "en")

_NOISE = re.compile(r"[\s\-().·]")
_CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class ResidencyKind(StrEnum):
    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"


def keeps_household(kinds: Iterable[str]) -> bool:
    """This will tell whether who lives in a home in these ways may say who else does: its owner or tenant."""
    return any(kind in (ResidencyKind.OWNER, ResidencyKind.TENANT) for kind in kinds)


VIEWED_PAGE = r"^/(m|p|platform)/[a-z0-9/_-]{0,100}$"
"""A list at a desk, whose view can be kept under a name."""
MOST_VIEWS, MOST_VIEW_NAME, MOST_VIEW_QUERY = 20, 40, 600
_PASSING = frozenset({"after", "said"})


def view_query(query: str) -> str:
    """This will write what a list's address narrows it to in one way, without where the reader had got to.

    >>> view_query("?state=&by=-amount&after=7&month=2026-03")
    'by=-amount&month=2026-03'
    """
    pairs = parse_qsl(query.removeprefix("?"), max_num_fields=50)
    return urlencode(sorted(pair for pair in pairs if pair[0] not in _PASSING))


class Level(StrEnum):
    """How far a role reaches; `place` is the id of that thing (a company is a party)."""

    PLATFORM = "platform"
    CITY = "city"
    COMPANY = "company"
    COMMUNITY = "community"
    SHOP = "shop"
    HOME = "home"


LEVELS_OF_ROLE: dict[Role, frozenset[Level]] = {
    Role.PLATFORM: frozenset({Level.PLATFORM, Level.CITY}),
    Role.PROPERTY: frozenset({Level.COMPANY, Level.COMMUNITY}),
    Role.MERCHANT: frozenset({Level.SHOP}),
    Role.COURIER: frozenset({Level.PLATFORM, Level.CITY, Level.COMMUNITY}),
    Role.RESIDENT: frozenset({Level.HOME}),
}
"""Which roles may be bound where; guest and system are worn by nobody."""


def phone_number(text: str) -> str | None:
    """This will write a phone in E.164 (+8613800138000); None for what is no phone.

    Eleven digits that begin with 1 are a Chinese mobile, with or without +86; numbers of other countries need their +.
    """
    plain = _NOISE.sub("", text)
    if not plain.isascii():
        return None
    if found := _CHINESE_MOBILE.fullmatch(plain):
        return f"+86{found[1]}"
    return plain if _ABROAD.fullmatch(plain) else None


def masked_phone(phone: str) -> str:
    """This will show a phone so that its owner knows it and a stranger cannot call it: 138****8000."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) > 8 else f"****{local[-2:]}"


def masked_name(name: str) -> str:
    """This will show a name so that who knows the person knows whose it is: 王**, J****."""
    return name[:1] + "*" * min(MOST_STARS, max(2, len(name) - 1)) if name else ""


def may_bind(role: Role, level: Level, place: UUID | None) -> bool:
    """This will tell whether a role can be bound at a level, and with a place exactly where the level has one."""
    return level in LEVELS_OF_ROLE.get(role, frozenset()) and (place is None) == (level == Level.PLATFORM)


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that a person may put on, with the scope that goes with it. `label` names its place in both languages."""

    role: Role
    level: Level
    place: UUID | None
    label: dict[str, str]
    scope: Scope


@dataclass(frozen=True, slots=True)
class Reached:
    """A community as far as hats are concerned."""

    id: CommunityId
    city: CityId
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class Binding:
    """A role binding that holds now; `communities` and `company` follow from stewardships.

    Of a shop, `company` is the merchant whose business it is.
    """

    role: Role
    level: Level
    place: UUID | None
    label: dict[str, str]
    communities: tuple[CommunityId, ...] = ()
    company: PartyId | None = None
    duty: Duty | None = None


def hats_of(
    person: PartyId,
    bindings: Iterable[Binding],
    homes: Iterable[tuple[HomeId, CommunityId]],
    known: dict[CommunityId, Reached],
) -> tuple[Hat, ...]:
    """This will make the hats of a person: one per role binding, then one as resident of each community.

    A person without a home is a resident of nowhere, who may look around and apply for a shop.
    """
    hats = [_work_hat(person, b, known) for b in bindings if b.role != Role.RESIDENT]
    by_community: dict[CommunityId, list[HomeId]] = {}
    for home, community in homes:
        mine = by_community.setdefault(community, [])
        if home not in mine:
            mine.append(home)
    for community, theirs in by_community.items():
        hats.append(_resident_hat(person, known[community], tuple(sorted(theirs))))
    if not by_community:
        hats.append(Hat(Role.RESIDENT, Level.PLATFORM, None, {}, Scope(role=Role.RESIDENT, person=person)))
    order = list(Role)[::-1]
    return tuple(sorted(hats, key=lambda h: (order.index(h.role), list(Level).index(h.level), str(h.place))))


def _resident_hat(person: PartyId, community: Reached, homes: tuple[HomeId, ...]) -> Hat:
    scope = Scope(role=Role.RESIDENT, person=person, city=community.city, communities=(community.id,), homes=homes)
    return Hat(Role.RESIDENT, Level.COMMUNITY, community.id, community.name, scope)


def _work_hat(person: PartyId, binding: Binding, known: dict[CommunityId, Reached]) -> Hat:
    cities = {known[c].city for c in binding.communities if c in known}
    city = CityId(binding.place) if binding.level == Level.CITY and binding.place else None
    scope = Scope(
        role=binding.role,
        person=person,
        city=city or (cities.pop() if len(cities) == 1 else None),
        communities=binding.communities,
        shop=ShopId(binding.place) if binding.level == Level.SHOP and binding.place else None,
        company=binding.company,
        duty=binding.duty,
        of_a_community=binding.role is Role.PROPERTY and binding.level is Level.COMMUNITY,
    )
    return Hat(binding.role, binding.level, binding.place, binding.label, scope)
