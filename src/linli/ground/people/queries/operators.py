"""Who works for the platform, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.ground.people import models, rules
from linli.ground.people.rules import Level
from linli.kernel.ids import CityId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Role, Scope

MOST = 1000


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works for the platform: everywhere, or in the cities named; the phone is masked."""

    party: PartyId
    name: str
    phone: str
    since: datetime
    is_everywhere: bool
    cities: tuple[CityId, ...]


@query
def operators(scope: Scope, *, at: datetime) -> tuple[Operator, ...]:
    """This will list the operators to one of them, those of the whole platform first; of one city, those there."""
    if not scope.is_inside:
        raise NotFound("platform")
    rows = models.RoleBinding.objects.within(scope).filter(role=Role.PLATFORM.value, start_at__lte=at)
    if scope.city is not None:
        rows = rows.filter(level=Level.CITY.value, place=scope.city)
    found: dict[PartyId, Operator] = {}
    columns = ("party", "party__name", "party__contact__phone", "level", "place", "start_at")
    for party, name, phone, level, place, since in (
        rows.exclude(end_at__lte=at).order_by("-level", "start_at", "id").values_list(*columns)[:MOST]
    ):
        before = found.get(party)
        here = (CityId(place),) if level == Level.CITY else ()
        found[party] = Operator(
            party,
            name,
            rules.masked_phone(phone or ""),
            min(since, before.since) if before else since,
            not here or bool(before and before.is_everywhere),
            (*(before.cities if before else ()), *here),
        )
    return tuple(found.values())
