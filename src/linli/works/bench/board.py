"""`linli bench board`: the dispatcher's board with 500 tasks, as its page, narrowed, and told whom to send."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from linli.ground.people import actions as people
from linli.kernel import ids
from linli.kernel.ids import OrderId, PartyId, TaskId
from linli.kernel.money import Money
from linli.reach.notify import queries as notify
from linli.reach.sign_in import actions as sign_in
from linli.reach.sign_in import queries as sessions
from linli.spine.scope import GUEST, SYSTEM, Role, Scope
from linli.trade.delivery import actions, queries
from linli.trade.delivery.queries import Wanted
from linli.trade.delivery.rules import Asked, Kind, Vehicle
from linli.works.bench import soundness
from linli.works.bench.crowd import gather
from linli.works.bench.doorbell import ACCESS, SESSION
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Figure, Report
from linli.works.bench.shopping import look_and_time
from linli.works.bench.town import Town

TASKS, COURIERS, EACH = 500, 40, 5
"""On the board; who may be sent; and what each of them has in hand before the clock runs."""
SENT = 40
WATCHING = 1
"""One dispatcher looks: what is asked is how long an answer takes, not how many there are in a second."""
BOARD = "/platform/deliveries/"
VIEWS = {"board": BOARD, "late": f"{BOARD}?late=1", "narrowed": f"{BOARD}?state=assigned"}
LIMIT: dict[str, Figure] = {"p99_ms_board": 200.0, "p99_ms_late": 200.0, "p99_ms_narrowed": 200.0}
_PHONE = 19_600_000_000
_CODE = re.compile(r"\d{6}")


def bench(house: House, *, seconds: float, clients: int) -> Report:  # noqa: ARG001
    """This will fill the board, look at it again and again, and send couriers from it."""
    at = datetime.now(UTC)
    operator = Scope(role=Role.PLATFORM, city=house.town.city)
    crew = _crew(house.town, operator, at)
    tasks = _tasks(house.town, at)
    for nth, courier in enumerate(crew):
        actions.assign_tasks(operator, tasks=tasks[nth * EACH : (nth + 1) * EACH], courier=courier, at=at)
    cookies = {"Cookie": _signed_in(house.town, at)}
    figures: dict[str, Figure] = {}
    with house.running() as families:
        for view, path in VIEWS.items():
            figures |= _measured(house, families, view, path, cookies, seconds=seconds)
    figures |= _sending(operator, tasks[len(crew) * EACH :], crew)
    board = queries.board(operator, wanted=Wanted(), at=at)
    in_hand = sum(1 for task in board.tasks if task.courier is not None)
    return Report(
        name="board",
        parameters={"seconds": seconds, "clients": WATCHING, "tasks": TASKS, "couriers": COURIERS},
        figures=figures,
        limit=LIMIT,
        ratio=None,
        note="Judged by the time of an answer: nothing bare shows a board.",
        checks={
            **soundness.checks(house.superuser_url),
            "all_tasks_stand_on_the_board": len(board.tasks) == board.total == TASKS,
            "whoever_was_sent_has_it": in_hand == COURIERS * EACH + SENT,
            "deliveries_are_sound": all(found.ok for found in queries.check(SYSTEM, at=at)),
        },
    )


def _crew(town: Town, operator: Scope, at: datetime) -> list[PartyId]:
    return [
        actions.add_courier(
            operator, name=f"Rider {nth}", phone=str(_PHONE + 1 + nth), city=town.city, vehicle=Vehicle.TRIKE, at=at
        )
        for nth in range(COURIERS)
    ]


def _tasks(town: Town, at: datetime) -> list[TaskId]:
    draw = Random(TASKS)
    asked = [
        Asked(
            order=OrderId(ids.new()),
            shop=town.shop,
            community=town.community,
            building=None,
            home=draw.choice(town.buyers).homes[0],
            kind=Kind.NOW,
            slot=None,
            ready_at=at + timedelta(minutes=draw.randint(-30, 30)),
            promised_at=at + timedelta(minutes=draw.randint(10, 90)),
            portions=1,
            fee=Money(500),
            number=f"DD-{nth:06d}",
        )
        for nth in range(TASKS)
    ]
    return list(actions.ask_delivery(SYSTEM, asked=asked, at=at))


def _signed_in(town: Town, at: datetime) -> str:
    """The cookies of an operator at a browser that is known, because they came with it before they were one."""
    phone, device = str(_PHONE), "desk"
    before = at - timedelta(minutes=10)
    person = people.register_person(SYSTEM, name="Operator", phone=phone, at=before)
    _redeemed(phone, device, before)
    people.grant_role(SYSTEM, party=person, role=Role.PLATFORM, level="city", place=town.city, at=before)
    access = sessions.session_access(SYSTEM, token=_redeemed(phone, device, at), at=at)
    if access is None or access.scope.role is not Role.PLATFORM:
        raise RuntimeError("the operator's sign-in did not lead to the desk")
    return f"{SESSION}=kept; {ACCESS}={sessions.access_token(access)}"


def _redeemed(phone: str, device: str, at: datetime) -> str:
    sign_in.request_code(GUEST, phone=phone, address=device, at=at)
    code = _CODE.search(notify.inbox(SYSTEM, limit=1)[0].body)
    return sign_in.redeem_code(
        GUEST, phone=phone, code=code[0] if code else "", device=device, device_name="bench", at=at
    ).token


def _measured(
    house: House, families: Mapping[str, int], view: str, path: str, cookies: Mapping[str, str], *, seconds: float
) -> dict[str, Figure]:
    told = [(house.port, path, dict(cookies))] * WATCHING
    gather(look_and_time, told, seconds=min(1.0, seconds))
    meter = Meter(families)
    crowd = gather(look_and_time, told, seconds=seconds)
    used = sum(meter.used_ms().values())
    took = sorted(ms for each in crowd.said for ms in each)
    return {
        f"answers_{view}": len(took),
        f"cpu_ms_per_{view}": round(used / len(took), 1),
        f"median_ms_{view}": round(took[len(took) // 2], 1),
        f"p99_ms_{view}": round(took[min(len(took) - 1, len(took) * 99 // 100)], 1),
    }


def _sending(operator: Scope, tasks: list[TaskId], crew: list[PartyId]) -> dict[str, Figure]:
    """Couriers sent for one order each, by the action that the board's button calls."""
    took, used = [], time.process_time()
    for nth, task in enumerate(tasks[:SENT]):
        began = time.monotonic()
        actions.assign_tasks(operator, tasks=[task], courier=crew[nth % len(crew)], at=datetime.now(UTC))
        took.append((time.monotonic() - began) * 1000)
    return {
        "cpu_ms_per_sending_python": round((time.process_time() - used) * 1000 / SENT, 1),
        "slowest_ms_sending": round(max(took), 1),
    }
