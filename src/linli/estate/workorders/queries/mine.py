"""What a resident asked for, and what of it waits for their answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import Kind, WorkState
from linli.kernel.ids import HomeId, WorkOrderId
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 100


@dataclass(frozen=True, slots=True)
class MyOrder:
    """An order as its list shows it; `waits_for_me` is a price to answer or a rating to give."""

    order: WorkOrderId
    number: str
    kind: Kind
    type_name: dict[str, str]
    home: HomeId | None
    place: str
    state: WorkState
    raised_at: datetime
    due_at: datetime | None
    waits_for_me: bool


@query
def my_orders(scope: Scope, *, after: WorkOrderId | None = None, limit: int = 20) -> tuple[MyOrder, ...]:
    """This will list what the asker asked for, the latest first."""
    rows = Order.objects.within(scope).filter(raised_by=scope.person).order_by("-id").select_related("type")
    if after is not None:
        rows = rows.filter(id__lt=after)
    return tuple(_card(row) for row in rows[: min(limit, MOST)])


@query
def orders_to_answer(scope: Scope, *, limit: int = 6) -> tuple[MyOrder, ...]:
    """This will list what is under way for the asker, prices to answer first."""
    states = (WorkState.QUOTED, WorkState.WORKING, WorkState.ACCEPTED, WorkState.ASSIGNED, WorkState.RAISED)
    rows = Order.objects.within(scope).filter(raised_by=scope.person, state__in=[state.value for state in states])
    cards = [_card(row) for row in rows.order_by("-id").select_related("type")[:MOST]]
    return tuple(sorted(cards, key=lambda card: states.index(card.state)))[:limit]


@query
def prices_to_answer(scope: Scope, *, limit: int = 3) -> tuple[MyOrder, ...]:
    """This will list the asker's orders whose price waits for their yes, the one that lapses first above."""
    rows = Order.objects.within(scope).filter(raised_by=scope.person, state=WorkState.QUOTED.value)
    return tuple(_card(row) for row in rows.order_by("due_at").select_related("type")[: min(limit, MOST)])


def _card(row: Order) -> MyOrder:
    state = WorkState(row.state)
    return MyOrder(
        order=WorkOrderId(row.pk),
        number=row.number,
        kind=Kind(row.kind),
        type_name=row.type.name,
        home=HomeId(row.home) if row.home else None,
        place=row.place,
        state=state,
        raised_at=row.raised_at,
        due_at=row.due_at,
        waits_for_me=state is WorkState.QUOTED or (state is WorkState.DONE and row.stars is None),
    )
