"""One task with everything that its courier, its shop or the board may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.ground.people import queries as people
from linli.kernel.ids import BuildingId, CommunityId, FileId, HomeId, OrderId, PartyId, ShopId, TaskId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.reach.lockers import queries as doors
from linli.spine import moves, sql
from linli.spine.action import query
from linli.spine.moves import Moved
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import rules
from linli.trade.delivery.models import Task, TaskMove
from linli.trade.delivery.queries.passes import code_of
from linli.trade.delivery.rules import Custody, DropOff, Kind, Skill, TaskState, TaskVerb, WaitsFor


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A task, its clock, its proof and its moves. `choice` says why the house chose this courier; `compartment` is the
    locker's door that is open for it, or behind which it lies, `gate_pass` what its courier shows at the gate.
    """

    task: TaskId
    order: OrderId
    number: str
    shop: ShopId
    community: CommunityId
    building: BuildingId | None
    home: HomeId | None
    door: str
    kind: Kind
    drop_off: DropOff
    portions: int
    care: tuple[Care, ...]
    needs: tuple[Skill, ...]
    fee: Money
    state: TaskState
    goods: Custody
    courier: PartyId | None
    courier_name: str
    offered_to: PartyId | None
    choice: dict[str, Any] | None
    is_ready: bool
    ready_at: datetime
    promised_at: datetime
    arrive_at: datetime | None
    waits_for: WaitsFor
    due_at: datetime | None
    escalated_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    proof: str
    spot: str
    compartment: str
    gate_pass: str
    photo: FileId | None
    reason: str
    moves: tuple[Moved, ...]
    names: dict[PartyId, str]

    def allows(self, verb: TaskVerb) -> bool:
        """This will tell whether a verb is open now."""
        return rules.TASK_LIFE.allows(self.state, verb)


@dataclass(frozen=True, slots=True)
class Underway:
    """What the buyer of an order may know of its task: how far it is, who carries, and when it is planned to arrive.

    `near` is where the courier was lately, to some two hundred metres, and only while they ride to this buyer.
    """

    state: TaskState
    courier_name: str
    arrive_at: datetime | None
    promised_at: datetime
    ride: rules.Ride | None = None
    near: tuple[float, float] | None = None

    @property
    def stops_before(self) -> int:
        """So many others the courier goes to first."""
        return self.ride.stops_before if self.ride else 0

    def window(self, at: datetime) -> tuple[datetime, datetime] | None:
        """This will tell between when the goods arrive as far as anybody knows; None where nobody does."""
        return rules.arrival_window(self.arrive_at, at, self.ride) if self.arrive_at else None


_UNDERWAY = """
    SELECT t.state, t.courier, t.arrive_at, t.promised_at, r.state = 'riding', s.before, s.was_late, s.next_at,
        c.seen_at, p.lat, p.lon, p.accuracy_m, p.seen_at
    FROM delivery_task AS t
    LEFT JOIN LATERAL (SELECT r.id, r.state, m.nth, m.arrive_at FROM delivery_run AS r
        JOIN delivery_run_stop AS m ON m.run_id = r.id AND m.kind = 'drop' AND t.id = ANY (m.tasks)
        WHERE r.courier = t.courier AND r.state IN ('given', 'riding') ORDER BY r.id DESC LIMIT 1) AS r ON true
    LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE x.left_at IS NULL AND x.nth < r.nth) AS before,
            (array_agg(x.arrived_at - x.arrive_at ORDER BY x.nth DESC) FILTER (WHERE x.arrived_at IS NOT NULL))[1]
                AS was_late,
            min(x.arrive_at) FILTER (WHERE x.arrived_at IS NULL AND x.nth <= r.nth) AS next_at
        FROM delivery_run_stop AS x WHERE x.run_id = r.id) AS s ON true
    LEFT JOIN delivery_courier AS c ON c.person = t.courier
    LEFT JOIN delivery_position AS p ON p.courier = t.courier
    WHERE t."order" = %s AND %s AND t.state IN ('assigned', 'en_route', 'arrived')
"""


@query
def underway(scope: Scope, *, order: OrderId, at: datetime) -> Underway | None:
    """This will tell the house where an order in a courier's hands is; it tells its buyer. Two statements."""
    row = sql.fetch_one(_UNDERWAY, order, scope.is_inside)
    if row is None:
        return None
    state, courier, arrive_at, promised_at, is_riding, before, was_late, next_at, heard_at, *position = row
    name = people.masked_names(SYSTEM, parties={courier}).get(PartyId(courier), "")
    ride = rules.Ride(was_late or timedelta(), next_at, before, heard_at) if is_riding else None
    near = _near(*position, before=before, at=at) if ride and state == TaskState.EN_ROUTE.value else None
    return Underway(TaskState(state), name, arrive_at, promised_at, ride, near)


def _near(
    lat: float | None, lon: float | None, accuracy_m: int | None, seen_at: datetime | None, *, before: int, at: datetime
) -> tuple[float, float] | None:
    if lat is None or lon is None or accuracy_m is None or seen_at is None:
        return None
    shown = rules.may_be_shown(stops_before=before, accuracy_m=accuracy_m, seen_at=seen_at, at=at)
    return rules.coarse(lat, lon) if shown else None


def _compartment(row: Task) -> str:
    """Which compartment is open for an order, or holds it."""
    if row.drop_off != DropOff.LOCKER.value:
        return ""
    lies = doors.compartment_of(SYSTEM, subject=row.order)
    return lies.spot if lies else ""


@query
def task_page(scope: Scope, *, task: TaskId) -> TaskPage:
    """This will show a task to whoever reaches it; to others there is none. The operators of the platform are named to
    one another alone: to everybody else the platform did it."""
    row = Task.objects.within(scope).filter(pk=task).first()
    if row is None or (scope.is_inside and not scope.works_in(row.city)):
        raise NotFound("task")
    history = moves.history(TaskMove, row.pk, scope=scope)
    told = (move for move in history if move.role != Role.PLATFORM.value or scope.role is Role.PLATFORM)
    parties = {move.person for move in told if move.person} | ({PartyId(row.courier)} if row.courier else set())
    names = people.masked_names(SYSTEM, parties=parties) if parties else {}
    return TaskPage(
        task=task,
        order=OrderId(row.order),
        number=row.number,
        shop=ShopId(row.shop),
        community=CommunityId(row.community),
        building=BuildingId(row.building) if row.building else None,
        home=HomeId(row.home) if row.home else None,
        door=row.door,
        kind=Kind(row.kind),
        drop_off=DropOff(row.drop_off),
        portions=row.portions,
        care=tuple(map(Care, row.care)),
        needs=tuple(map(Skill, row.needs)),
        fee=Money(row.fee_minor),
        state=TaskState(row.state),
        goods=Custody(row.goods),
        courier=PartyId(row.courier) if row.courier else None,
        courier_name=names.get(PartyId(row.courier), "") if row.courier else "",
        offered_to=PartyId(row.offered_to) if row.offered_to else None,
        choice=row.choice,
        is_ready=row.is_ready,
        ready_at=row.ready_at,
        promised_at=row.promised_at,
        arrive_at=row.arrive_at,
        waits_for=WaitsFor(row.waits_for),
        due_at=row.due_at,
        escalated_at=row.escalated_at,
        arrived_at=row.arrived_at,
        ended_at=row.ended_at,
        proof=row.proof,
        spot=row.spot,
        compartment=_compartment(row),
        gate_pass=code_of(row) if row.courier == scope.person else "",
        photo=FileId(row.photo) if row.photo else None,
        reason=row.reason,
        moves=history,
        names=names,
    )
