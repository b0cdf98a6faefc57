"""What may be asked, and how fast it is promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from linli.estate.workorders.models import Sla, Type, holding
from linli.estate.workorders.rules import Kind, Minutes, Skill, Way
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnHours:
    """A promise of a community from a day on."""

    start_on: date
    minutes: Minutes
    way: Way | None


@dataclass(frozen=True, slots=True)
class _Promises:
    """Of one type: the promise that holds, if the community has one of its own, and those that begin later."""

    held: list[OwnHours]
    planned: list[OwnHours]


_NONE = _Promises([], [])


@dataclass(frozen=True, slots=True)
class TypeCard:
    """A type with what it promises where it was asked for; `depth` is how far below the first of its kind it is."""

    type: UUID
    word: str
    under: UUID | None
    depth: int
    kind: Kind
    skill: Skill
    name: dict[str, str]
    minutes: Minutes
    own_minutes: bool
    planned: tuple[OwnHours, ...]
    way: Way | None
    warranty_days: int
    price: Money | None
    at_home: bool
    is_leaf: bool


@query
def types_here(scope: Scope, *, community: CommunityId, at: datetime) -> tuple[TypeCard, ...]:
    """This will list what may be asked in a community, as a tree from the top down, with its promises there."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    company = people.company_of([community], at=at).get(community)
    if company is None:
        return ()
    rows = list(Type.objects.within(scope).filter(company=company, retired_at__isnull=True).order_by("nth")[:MOST])
    own = holding(Sla.objects.within(scope).filter(community=community, type__in=rows), at, planned=True)
    begun = own.annotate(has_begun=ExpressionWrapper(Q(start_on__lte=F("today")), BooleanField())).order_by("start_on")
    columns = ("type", "has_begun", "start_on", "accept_minutes", "arrive_minutes", "finish_minutes", "way")
    promises: dict[UUID, _Promises] = {}
    for of_type, has_begun, start_on, accept, arrive, finish, way in begun.values_list(*columns)[: 2 * MOST]:
        minutes = Minutes(accept=accept, arrive=arrive, finish=finish)
        told = promises.setdefault(of_type, _Promises([], []))
        (told.held if has_begun else told.planned).append(OwnHours(start_on, minutes, Way(way) if way else None))
    return tuple(_tree(rows, promises))


@query
def types_of_company(scope: Scope, *, limit: int = MOST) -> tuple[TypeCard, ...]:
    """This will list the company's types with what it promises everywhere, for the desk that keeps them."""
    if scope.company is None:
        raise NotFound("company")
    rows = Type.objects.within(scope).filter(company=scope.company, retired_at__isnull=True).order_by("nth")
    return tuple(_tree(list(rows[: min(limit, MOST)]), {}))


def _tree(rows: list[Type], promises: Mapping[UUID, _Promises]) -> Iterable[TypeCard]:
    """From the top down, each under its own; what stands under a retired one stands at the top."""
    below: dict[UUID | None, list[Type]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        below.setdefault(row.under_id if row.under_id in known else None, []).append(row)

    def walk(under: UUID | None, depth: int) -> Iterable[TypeCard]:
        for row in below.get(under, []):
            yield _card(row, promises.get(row.pk, _NONE), depth, row.pk not in below)
            yield from walk(row.pk, depth + 1)

    return walk(None, 0)


def _card(row: Type, promises: _Promises, depth: int, is_leaf: bool) -> TypeCard:
    own = promises.held[0] if promises.held else None
    usual = Minutes(accept=row.accept_minutes, arrive=row.arrive_minutes, finish=row.finish_minutes)
    return TypeCard(
        type=row.pk,
        word=row.word,
        under=row.under_id,
        depth=depth,
        kind=Kind(row.kind),
        skill=Skill(row.skill),
        name=row.name,
        minutes=own.minutes if own else usual,
        own_minutes=own is not None,
        planned=tuple(promises.planned),
        way=own.way if own else None,
        warranty_days=row.warranty_days,
        price=None if row.price_minor is None else Money(row.price_minor),
        at_home=row.at_home,
        is_leaf=is_leaf,
    )
