"""What the demo's owners have asked for: works, a move, goods at the gate."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.permits import actions
from linli.estate.permits.rules import Check, Direction, Work
from linli.kernel.ids import PermitId
from linli.spine.scope import Scope
from linli.works.demo.deskside import manager, owners
from linli.works.demo.town import Town


def ask(town: Town, now: datetime) -> None:
    """This will have some owners ask for what owners ask for."""
    desk, people = manager(now), owners(town, now, most=4)
    if desk is None or len(people) < 3:
        return
    _works(people[0], [Work.PAINT, Work.FLOOR], "客厅刷墙、换地板", now)
    granted = _works(people[1], [Work.WINDOWS], "阳台换窗", now - timedelta(days=1))
    actions.decide_permit(desk, permit=granted, grant=True, why="可以施工", at=now)
    actions.ask_release(people[0], home=people[0].homes[0], goods="旧沙发一套", carrier="", at=now)
    moving = actions.ask_relocation(
        people[2],
        home=people[2].homes[0],
        direction=Direction.MOVE_IN,
        residency="tenant",
        day=now.date() + timedelta(days=3),
        name="周晓彤",
        phone="19900009901",
        at=now,
    )
    actions.check_relocation(desk, relocation=moving, item=Check.KEYS, note="三把", at=now)


def _works(scope: Scope, works: list[Work], text: str, at: datetime) -> PermitId:
    start = at.date() + timedelta(days=5)
    return actions.ask_permit(
        scope,
        home=scope.homes[0],
        works=works,
        text=text,
        start_on=start,
        end_on=start + timedelta(days=30),
        at=at,
    )
