"""Who has a vote: one head for each set of owners, with all the area that is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from linli.kernel.ids import HomeId, PartyId


@dataclass(frozen=True, slots=True)
class Owned:
    """A home on the record day: its area in square decimetres and who owns it: several, or nobody who is known."""

    home: HomeId
    area_dm2: int
    owners: frozenset[PartyId]


@dataclass(frozen=True, slots=True)
class Head:
    """One vote. `members` are the owners of whom any may cast it; nobody for the homes without a known owner."""

    members: tuple[PartyId, ...]
    homes: tuple[HomeId, ...]
    area_dm2: int


def in_dm2(area_m2: Decimal) -> int:
    """This will count an area of two decimals in whole square decimetres: nothing is rounded afterwards."""
    return int((area_m2 * 100).to_integral_exact())


def heads(owned: Iterable[Owned], *, unowned_count: bool) -> tuple[Head, ...]:
    """This will gather the homes into heads.

    Those who own together vote together: homes with the same owners are one head, so an owner of many homes is one
    head with all of its area, and co-owners of a home are one between them. What somebody owns alone and what they own
    with another are two heads, since two different circles decide. Homes without a known owner are one head together.
    """
    found: dict[tuple[PartyId, ...], list[Owned]] = defaultdict(list)
    for each in owned:
        if each.owners or unowned_count:
            found[tuple(sorted(each.owners))].append(each)
    return tuple(
        Head(members, tuple(sorted(each.home for each in theirs)), sum(each.area_dm2 for each in theirs))
        for members, theirs in sorted(found.items())
    )
