"""What orders call: an order wants carrying, its goods are ready, nobody wants it any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import BuildingId, HomeId, OrderId, PartyId, ShopId, TaskId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.delivery import events, queries, rules
from linli.trade.delivery.actions.held import born, said, take, wind
from linli.trade.delivery.actions.learning import learn_preparation
from linli.trade.delivery.actions.reckoning import policy_of
from linli.trade.delivery.actions.running import loosen, withdraw_offers_of
from linli.trade.delivery.models import Task
from linli.trade.delivery.rules import Asked, Custody, TaskState, TaskVerb
from linli.trade.shops import queries as shops

MOST_ASKED = 1_000


@action(needs=May.FULFIL_ORDER)
def ask_delivery(scope: Scope, *, asked: Sequence[Asked], at: datetime) -> tuple[TaskId, ...]:
    """This will have orders carried, one task an order; asked again, what is still open answers the same.

    A task that failed, and whose goods are back, is tried again, at once and not in its slot.
    """
    if len(asked) > MOST_ASKED:
        raise Invalid("asked", _("At most {most} orders at once."), most=MOST_ASKED)
    with as_the_house():
        known = {
            OrderId(row.order): row
            for row in Task.objects.inside().select_for_update().filter(order__in=[each.order for each in asked])
        }
        fresh = [each for each in asked if each.order not in known]
        rows = _drafted(fresh, at)
        Task.objects.bulk_create(rows, batch_size=500)
        born(scope, rows, at=at)
        again = [
            row for row in known.values() if row.state == TaskState.FAILED.value and row.goods == Custody.SHOP.value
        ]
        for row in again:
            _try_again(scope, row, at)
    known |= {OrderId(row.order): row for row in rows}
    return tuple(TaskId(known[each.order].pk) for each in asked)


def _try_again(scope: Scope, row: Task, at: datetime) -> None:
    """As if nobody had carried it yet, and at once: its slot may be over."""
    soon = at + timedelta(minutes=policy_of(row, at).ride_minutes)
    take(
        scope, [row], TaskVerb.RETRY, at=at, courier=None, offered_to=None, reason="", ended_at=None, is_ready=True,
        assigned_at=None, taken_at=None, arrive_at=None, arrived_at=None, returned_at=None, kind=rules.Kind.NOW.value,
        slot=None, promised_at=max(row.promised_at, soon),
    )  # fmt: skip


def _drafted(asked: Sequence[Asked], at: datetime) -> list[Task]:
    """The tasks with where they go from and to, looked up for all of them at once."""
    if not asked:
        return []
    communities = {card.id: card for card in places.communities(ids={each.community for each in asked})}
    homes = places.homes({each.home for each in asked if each.home})
    at_home = places.positions(homes)
    stands = places.building_points(buildings={each.building for each in asked if each.building}, limit=len(asked))
    at_building = {each.building: (each.lat, each.lon) for each in stands}
    unplaced = {each.community for each in asked if each.home not in at_home and each.building not in at_building}
    gates = queries.gates(communities=unplaced) if unplaced else {}
    from_shop = shops.whereabouts(shops={each.shop for each in asked})
    rows = []
    for each in asked:
        card = communities.get(each.community)
        if card is None or each.shop not in from_shop:
            raise NotFound("community" if card is None else "shop")
        here = from_shop[each.shop]
        there = _point(each.home, at_home) or _point(each.building, at_building)
        if there is None:
            gate = rules.nearest_gate(gates.get(each.community, ()), *here)
            there = (gate.lat, gate.lon) if gate else (card.lat, card.lon)
        row = Task(
            order=each.order,
            number=rules.number_of(each),
            shop=each.shop,
            city=card.city,
            community=each.community,
            building=each.building,
            home=each.home,
            door=homes[each.home].door if each.home in homes else "",
            kind=each.kind.value,
            slot=each.slot,
            drop_off=each.drop_off.value,
            by_shop=each.by_shop,
            portions=each.portions,
            needs=sorted(each.needs),
            care=sorted(each.care),
            fee_minor=each.fee.minor,
            from_lat=here[0],
            from_lon=here[1],
            to_lat=there[0],
            to_lon=there[1],
            state=rules.TASK_LIFE.birth.value,
            goods=Custody.SHOP.value,
            asked_at=at,
            ready_at=each.ready_at,
            promised_at=each.promised_at,
        )
        row.pk = ids.new()
        wind(row, at)
        rows.append(row)
    return rows


def _point(
    key: HomeId | BuildingId | None, points: dict[HomeId, tuple[float, float]] | dict[BuildingId, tuple[float, float]]
) -> tuple[float, float] | None:
    return points.get(key) if key is not None else None  # type: ignore[arg-type]


@action(needs=May.FULFIL_ORDER)
def goods_ready(scope: Scope, *, order: OrderId, at: datetime) -> None:
    """This will note that an order is packed: its courier's clock begins, and how long the shop took is learnt."""
    with as_the_house():
        row = Task.objects.inside().select_for_update().filter(order=order).first()
        if row is None or row.is_ready or row.state not in {s.value for s in rules.OPEN}:
            return
        learn_preparation(shop=ShopId(row.shop), community=row.community, asked_at=row.asked_at, ready_at=at)
        row.is_ready, row.ready_at = True, at
        if row.state in (TaskState.TODO.value, TaskState.ASSIGNED.value):
            wind(row, at)
        row.save(update_fields=["is_ready", "ready_at", "waits_for", "due_at", "escalated_at"])


@action(needs=May.FULFIL_ORDER, private=("why",))
def call_off(scope: Scope, *, order: OrderId, why: str, at: datetime) -> bool:
    """This will end a task that nobody wants any more; False where it ended before. Collected goods go back."""
    with as_the_house():
        row = Task.objects.inside().select_for_update().filter(order=order).first()
        if row is None or row.state not in {s.value for s in rules.OPEN}:
            return False
        call_off_held(scope, row, why=said(why), at=at)
    return True


def call_off_held(scope: Scope, row: Task, *, why: str, at: datetime) -> None:
    """This will end a held task: it leaves its run, and what is on the way goes back to the shop."""
    withdraw_offers_of([row], at=at)
    take(scope, [row], TaskVerb.CALL_OFF, at=at, why=why, ended_at=at, offered_to=None)
    if row.goods != Custody.COURIER.value:
        loosen([TaskId(row.pk)], at=at)
    if row.courier is not None:
        tell(events.TaskTakenBack(task=TaskId(row.pk), order=OrderId(row.order), courier=PartyId(row.courier), at=at))
