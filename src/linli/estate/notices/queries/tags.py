"""The words that homes wear, for the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from linli.estate.notices import models, rules
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class TagCard:
    """A word, and how many homes wear it."""

    tag: UUID
    community: CommunityId
    word: str
    homes: int


@query
def tags(scope: Scope, *, communities: Sequence[CommunityId]) -> tuple[TagCard, ...]:
    """This will list the words that homes of communities wear, in one statement."""
    rows = models.Tagged.objects.within(scope).filter(community__in=list(communities))
    counted = rows.values_list("tag_id", "community", "tag__word").annotate(homes=Count("id"))
    limit = rules.MOST_TAGS * max(1, len(communities))
    return tuple(
        TagCard(tag, CommunityId(community), word, homes)
        for tag, community, word, homes in counted.order_by("tag__word", "tag_id")[:limit]
    )


@query
def tag_page(scope: Scope, *, tag: UUID) -> tuple[TagCard, tuple[str, ...]]:
    """This will show a word with the doors that wear it, by building, unit and home."""
    row = models.Tag.objects.within(scope).filter(pk=tag).first()
    if row is None:
        raise NotFound("tag")
    worn = models.Tagged.objects.within(scope).filter(tag=row).values_list("home", flat=True)
    doors = [card.door for card in places.homes(HomeId(home) for home in worn).values()] if worn else []
    doors.sort(key=lambda door: [(len(part), part) for part in door.split("-")])
    return TagCard(row.pk, CommunityId(row.community), row.word, len(doors)), tuple(doors)


@query
def tagged_doors(
    scope: Scope, *, communities: Sequence[CommunityId], limit: int
) -> tuple[tuple[str, CommunityId, str], ...]:
    """This will list word, community and door of each home that wears a word, for the sheet."""
    rows = models.Tagged.objects.within(scope).filter(community__in=list(communities))
    worn = list(rows.order_by("tag__word", "tag_id", "id").values_list("tag__word", "home")[:limit])
    cards = places.homes({HomeId(home) for _word, home in worn}) if worn else {}
    return tuple((word, cards[HomeId(home)].community, cards[HomeId(home)].door) for word, home in worn)


def typed_homes(community: CommunityId, text: str, *, field: str = "doors") -> tuple[HomeId, ...]:
    """This will find the homes that people type: 3 is a building, 3-2 a unit, 3-2-501 a door; apart by commas."""
    asked = [part for part in re.split(r"[\s,，、;；]+", text) if part][: rules.MOST_TARGETS]
    doors = {tuple(part for part in door if part): home for door, home in places.doors(community).items()}
    found: dict[HomeId, None] = {}
    for one in asked:
        parts = tuple(one.split("-"))
        here = [home for door, home in doors.items() if door[: len(parts)] == parts]
        if not here:
            raise Invalid(field, _("There is no {place} here."), place=one)
        found.update(dict.fromkeys(here))
    return tuple(found)
