"""One order: what was asked, who does it, by when, what it costs, and all that happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from linli.estate.workorders.models import Material, Move, Order, Quote, ReturnVisit, Saying
from linli.estate.workorders.rules import (
    WORK_LIFE,
    Kind,
    QuoteState,
    Satisfaction,
    Skill,
    Source,
    WorkState,
    WorkVerb,
)
from linli.estate.workorders.rules import Material as Used
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, FileId, HomeId, PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import SYSTEM, Scope

MOST = 50
MOST_SAYINGS = 100


@dataclass(frozen=True, slots=True)
class QuoteLine:
    labour: Money
    materials: Money
    amount: Money
    what: str
    state: QuoteState
    quoted_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MaterialLine:
    name: str
    quantity: Decimal
    unit_price: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class VisitLine:
    satisfaction: Satisfaction
    words: str
    visited_at: datetime


@dataclass(frozen=True, slots=True)
class SayingLine:
    """What one side said; an erased person's words are gone."""

    by_company: bool
    person: PartyId | None
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """One order whole. Photos come as words that open them for a while; names of others are shown in part."""

    order: WorkOrderId
    number: str
    community: CommunityId
    kind: Kind
    type: UUID
    type_name: dict[str, str]
    skill: Skill
    warranty_days: int
    home: HomeId | None
    place: str
    words: str
    photos: tuple[str, ...]
    source: Source
    raised_by: PartyId | None
    raised_by_name: str
    raised_by_phone: str
    raised_at: datetime
    wanted_at: datetime | None
    state: WorkState
    assignee: PartyId | None
    assignee_name: str
    choice: dict[str, int] | None
    accept_due_at: datetime
    arrive_due_at: datetime
    finish_due_at: datetime
    accepted_at: datetime | None
    arrived_at: datetime | None
    done_at: datetime | None
    due_at: datetime | None
    told: int
    answer: str
    done_photos: tuple[str, ...]
    price: Money
    charge_line: int | None
    paid_at: datetime | None
    reopened: int
    stars: int | None
    rating_words: str
    quotes: tuple[QuoteLine, ...]
    materials: tuple[MaterialLine, ...]
    visits: tuple[VisitLine, ...]
    sayings: tuple[SayingLine, ...]
    moves: tuple[Moved, ...]
    names: Mapping[PartyId, str]

    def allows(self, verb: WorkVerb) -> bool:
        """This will tell whether the verb is open now."""
        return WORK_LIFE.allows(self.state, verb)

    @property
    def takes_words(self) -> bool:
        """This will tell whether the two sides may still say something."""
        return self.state not in (WorkState.CLOSED, WorkState.CANCELLED)

    @property
    def open_quote(self) -> QuoteLine | None:
        """The price that waits for an answer."""
        return next((quote for quote in self.quotes if quote.state is QuoteState.OFFERED), None)


@query
def order_page(scope: Scope, *, order: WorkOrderId, at: datetime) -> OrderPage:
    """This will show an order that the asker raised, does, or sees as staff, or refuse with `NotFound`."""
    row = Order.objects.within(scope).select_related("type").filter(pk=order).first()
    if row is None:
        raise NotFound("work order")
    moves = history(Move, row.pk, scope=scope)
    sayings = _sayings(scope, order)
    names = _names(row, moves, sayings)
    links = _links(SYSTEM, [*row.photos, *row.done_photos], at)
    return OrderPage(
        order=WorkOrderId(row.pk),
        number=row.number,
        community=CommunityId(row.community),
        kind=Kind(row.kind),
        type=row.type_id,
        type_name=row.type.name,
        skill=Skill(row.type.skill),
        warranty_days=row.type.warranty_days,
        home=HomeId(row.home) if row.home else None,
        place=row.place,
        words=row.words,
        photos=tuple(links[file] for file in row.photos if file in links),
        source=Source(row.source),
        raised_by=PartyId(row.raised_by) if row.raised_by else None,
        raised_by_name=names.get(PartyId(row.raised_by), "") if row.raised_by else "",
        raised_by_phone=_phone(scope, row),
        raised_at=row.raised_at,
        wanted_at=row.wanted_at,
        state=WorkState(row.state),
        assignee=PartyId(row.assignee) if row.assignee else None,
        assignee_name=names.get(PartyId(row.assignee), "") if row.assignee else "",
        choice=row.choice,
        accept_due_at=row.accept_due_at,
        arrive_due_at=row.arrive_due_at,
        finish_due_at=row.finish_due_at,
        accepted_at=row.accepted_at,
        arrived_at=row.arrived_at,
        done_at=row.done_at,
        due_at=row.due_at,
        told=row.told,
        answer=row.answer,
        done_photos=tuple(links[file] for file in row.done_photos if file in links),
        price=Money(row.price_minor),
        charge_line=row.charge_line,
        paid_at=row.paid_at,
        reopened=row.reopened,
        stars=row.stars,
        rating_words=row.rating_words,
        quotes=_quotes(scope, order),
        materials=_materials(scope, order),
        visits=_visits(scope, order),
        sayings=sayings,
        moves=moves,
        names=names,
    )


def _names(row: Order, moves: Sequence[Moved], sayings: Sequence[SayingLine]) -> dict[PartyId, str]:
    """What everybody on the order is called, in part: a neighbour learns the family name of who comes."""
    said_by = (saying.person for saying in sayings)
    took = (who for move in moves for who in (move.person, move.assignee))
    parties = {PartyId(who) for who in (row.assignee, row.raised_by, *took, *said_by) if who}
    return people.masked_names(SYSTEM, parties=parties)


def _phone(scope: Scope, row: Order) -> str:
    """Masked, and to staff alone; `actions.reveal_who_asked` shows it for a reason."""
    if row.raised_by is None or row.raised_by == scope.person:
        return ""
    return people.masked_contacts(SYSTEM, parties=[PartyId(row.raised_by)]).get(PartyId(row.raised_by), "")


def _links(scope: Scope, photos: list[UUID], at: datetime) -> dict[UUID, str]:
    """Words that open the photos, for whoever may see the order; those that are gone are left out."""
    asked = [FileId(photo) for photo in photos]
    if not asked:
        return {}
    left = files.described(scope, files=asked)
    return {UUID(str(file)): word for file, word in files.links(scope, files=left, at=at).items()}


def _quotes(scope: Scope, order: WorkOrderId) -> tuple[QuoteLine, ...]:
    rows = Quote.objects.within(scope).filter(order=order).order_by("id")[:MOST]
    return tuple(
        QuoteLine(
            Money(row.labour_minor),
            Money(row.materials_minor),
            Money(row.amount_minor),
            row.what,
            QuoteState(row.state),
            row.quoted_at,
            row.due_at,
        )
        for row in rows
    )


def _materials(scope: Scope, order: WorkOrderId) -> tuple[MaterialLine, ...]:
    rows = Material.objects.within(scope).filter(order=order).order_by("id")[:MOST]
    used = [Used(row.name, row.quantity, Money(row.unit_minor)) for row in rows]
    return tuple(MaterialLine(each.name, each.quantity.normalize(), each.unit_price, each.amount) for each in used)


def _visits(scope: Scope, order: WorkOrderId) -> tuple[VisitLine, ...]:
    rows = ReturnVisit.objects.within(scope).filter(order=order).order_by("id")[:MOST]
    return tuple(VisitLine(Satisfaction(row.satisfaction), row.words, row.visited_at) for row in rows)


def _sayings(scope: Scope, order: WorkOrderId) -> tuple[SayingLine, ...]:
    rows = Saying.objects.within(scope).filter(order=order).order_by("id")[:MOST_SAYINGS]
    return tuple(
        SayingLine(row.by_company, PartyId(row.person) if row.person else None, row.words, row.said_at) for row in rows
    )
