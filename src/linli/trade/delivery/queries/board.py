"""The dispatcher's board: everything that is on its way, what is late on top; one statement, and the names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.ground.people import queries as people
from linli.kernel.ids import CityId, CommunityId, PartyId, ShopId, TaskId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery.rules import Custody, Kind, TaskState, WaitsFor

MOST = 20_000
SHOWN = 500
LOOKED_BACK = timedelta(minutes=10)
_BOARD = """
    WITH asked(at, city, communities, state, kind, courier, shop, number, is_late) AS (VALUES (%s::timestamptz,
        %s::uuid, %s::uuid[], %s::text, %s::text, %s::uuid, %s::uuid, %s::text, %s::boolean))
    SELECT t.id, t.number, t.shop, t.community, t.door, t.kind, t.portions, t.state, t.goods, t.courier, t.offered_to,
        t.is_ready, t.ready_at, t.promised_at, t.waits_for, t.due_at, t.escalated_at, t.choice ->> 'why', t.care,
        count(*) OVER (), count(*) FILTER (WHERE t.due_at < a.at) OVER ()
    FROM delivery_task AS t, asked AS a
    WHERE (t.state IN ('todo', 'assigned', 'en_route', 'arrived') OR t.goods IN ('courier', 'point'))
        AND (a.city IS NULL OR t.city = a.city)
        AND (a.communities IS NULL OR t.community = ANY (a.communities))
        AND (a.state = '' OR t.state = a.state)
        AND (a.kind = '' OR t.kind = a.kind)
        AND (a.courier IS NULL OR t.courier = a.courier)
        AND (a.shop IS NULL OR t.shop = a.shop)
        AND (a.number = '' OR right(upper(t.number), length(a.number)) = a.number)
        AND (NOT a.is_late OR t.due_at < a.at)
    ORDER BY t.escalated_at IS NULL, t.due_at, t.id LIMIT %s
"""
_VERSION = """
    SELECT coalesce(max(m.moved_at), 'epoch'), count(*) FROM delivery_task_move AS m
    WHERE m.moved_at > %s AND (%s::uuid[] IS NULL OR m.community = ANY (%s::uuid[]))
        AND (%s::uuid IS NULL OR EXISTS (SELECT FROM delivery_task AS t WHERE t.id = m.of_id AND t.city = %s))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the board is narrowed to; nothing of it is everything that the asker reaches."""

    city: CityId | None = None
    community: CommunityId | None = None
    state: TaskState | None = None
    kind: Kind | None = None
    courier: PartyId | None = None
    shop: ShopId | None = None
    number: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class BoardTask:
    """One task at a glance."""

    task: TaskId
    number: str
    shop: ShopId
    community: CommunityId
    door: str
    kind: Kind
    portions: int
    state: TaskState
    goods: Custody
    courier: PartyId | None
    offered_to: PartyId | None
    is_ready: bool
    ready_at: datetime
    promised_at: datetime
    waits_for: WaitsFor
    due_at: datetime | None
    is_late: bool
    is_escalated: bool
    why: str
    care: tuple[Care, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """What is on its way: how many there are, how many of them late, and the names of who carries."""

    tasks: tuple[BoardTask, ...]
    total: int
    late: int
    names: dict[PartyId, str]


@query
def board(scope: Scope, *, wanted: Wanted, at: datetime, limit: int = SHOWN) -> Board:
    """This will show what is on its way, what is late first: one statement, and one for the names."""
    reach = None if scope.is_inside else list(scope.communities)
    if wanted.community is not None:
        reach = [wanted.community] if reach is None or wanted.community in reach else []
    rows = sql.fetch(
        _BOARD,
        at,
        _city_of(scope, wanted.city),
        reach,
        wanted.state.value if wanted.state else "",
        wanted.kind.value if wanted.kind else "",
        wanted.courier,
        wanted.shop,
        wanted.number.strip().upper(),
        wanted.is_late,
        min(limit, MOST),
    )
    tasks = tuple(_task(row, at) for row in rows)
    carrying = {who for task in tasks for who in (task.courier, task.offered_to) if who}
    names = people.names(SYSTEM, parties=carrying) if carrying else {}
    return Board(tasks, rows[0][19] if rows else 0, rows[0][20] if rows else 0, names)


@query
def board_version(scope: Scope, *, at: datetime) -> str:
    """This will say in a word whether anything moved lately, for who watches the board live."""
    reach = None if scope.is_inside else list(scope.communities)
    ((last, moved),) = sql.fetch(_VERSION, at - LOOKED_BACK, reach, reach, *(_city_of(scope, None),) * 2)
    return f"{last.timestamp():.6f}:{moved}"


def _city_of(scope: Scope, wanted: CityId | None) -> CityId | None:
    """The city that is looked at: an operator's own where they have one, and then no other."""
    own = scope.city if scope.is_inside else None
    if own is not None and wanted not in (None, own):
        raise NotFound("city")
    return own or wanted


def _task(row: tuple[Any, ...], at: datetime) -> BoardTask:
    due_at = row[15]
    return BoardTask(
        task=TaskId(row[0]),
        number=row[1],
        shop=ShopId(row[2]),
        community=CommunityId(row[3]),
        door=row[4],
        kind=Kind(row[5]),
        portions=row[6],
        state=TaskState(row[7]),
        goods=Custody(row[8]),
        courier=row[9],
        offered_to=row[10],
        is_ready=row[11],
        ready_at=row[12],
        promised_at=row[13],
        waits_for=WaitsFor(row[14]),
        due_at=due_at,
        is_late=due_at is not None and due_at < at,
        is_escalated=row[16] is not None,
        why=row[17] or "",
        care=tuple(map(Care, row[18])),
    )
