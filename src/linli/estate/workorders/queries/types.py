"""What may be asked, and how fast it is promised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.estate.workorders.models import Sla, Type, holding
from linli.estate.workorders.rules import Kind, Minutes, Skill, Way
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """A promise of a community that begins on a later day."""

    start_on: date
    minutes: Minutes
    way: Way | None


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
    planned: tuple[Planned, ...]
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
    slas: dict[UUID, list[Sla]] = {}
    for sla in own.order_by("start_on")[: 2 * MOST]:
        slas.setdefault(sla.type_id, []).append(sla)
    return tuple(_tree(rows, slas, places.day_in(community, at)))


@query
def types_of_company(scope: Scope, *, limit: int = MOST) -> tuple[TypeCard, ...]:
    """This will list the company's types with what it promises everywhere, for the desk that keeps them."""
    if scope.company is None:
        raise NotFound("company")
    rows = Type.objects.within(scope).filter(company=scope.company, retired_at__isnull=True).order_by("nth")
    return tuple(_tree(list(rows[: min(limit, MOST)]), {}, date.min))


def _tree(rows: list[Type], slas: dict[UUID, list[Sla]], today: date) -> Iterable[TypeCard]:
    """From the top down, each under its own; what stands under a retired one stands at the top."""
    below: dict[UUID | None, list[Type]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        below.setdefault(row.under_id if row.under_id in known else None, []).append(row)

    def walk(under: UUID | None, depth: int) -> Iterable[TypeCard]:
        for row in below.get(under, []):
            yield _card(row, slas.get(row.pk, []), today, depth, row.pk not in below)
            yield from walk(row.pk, depth + 1)

    return walk(None, 0)


def _card(row: Type, slas: list[Sla], today: date, depth: int, is_leaf: bool) -> TypeCard:
    sla = next((each for each in slas if each.start_on <= today), None)
    return TypeCard(
        type=row.pk,
        word=row.word,
        under=row.under_id,
        depth=depth,
        kind=Kind(row.kind),
        skill=Skill(row.skill),
        name=row.name,
        minutes=_minutes(sla or row),
        own_minutes=sla is not None,
        planned=tuple(
            Planned(each.start_on, _minutes(each), Way(each.way) if each.way else None)
            for each in slas
            if each is not sla
        ),
        way=Way(sla.way) if sla and sla.way else None,
        warranty_days=row.warranty_days,
        price=None if row.price_minor is None else Money(row.price_minor),
        at_home=row.at_home,
        is_leaf=is_leaf,
    )


def _minutes(row: Sla | Type) -> Minutes:
    return Minutes(accept=row.accept_minutes, arrive=row.arrive_minutes, finish=row.finish_minutes)
