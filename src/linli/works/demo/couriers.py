"""The demo's couriers: the city's, on shift now, and the company's, wanted tomorrow; gates and codes on the way."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.ground.people import queries as people
from linli.ground.people.rules import Level
from linli.ground.places import queries as places
from linli.ground.policies import actions as policies
from linli.kernel.ids import CityId
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions
from linli.trade.delivery.rules import CourierPolicy, GateAt, Vehicle
from linli.works.demo import deskside
from linli.works.demo.town import COMPANYS_COURIER_PHONE, COURIER_PHONE, PLATFORM_PHONE

_NAME, _COMPANYS_NAME = "骑手小高", "物业小田"
_HOUR = timedelta(hours=1)
_PATIENCE = {"offer_seconds": 600, "vanish_minutes": 120, "collect_minutes": 60}
"""Whoever looks at a demo reads: an offer waits as long as it may, and nobody is missed who looks elsewhere first."""
_DEGREE_M = 111_000
_GATES = (("东门", 0, 140), ("北门", 130, 0))
"""By name, and how many metres to the north and to the east of a community's middle."""
_GATE = ("2580#", "东门进，电瓶车停在岗亭旁。")


def operator() -> Scope | None:
    """This will give the scope of the platform's desk in the demo."""
    person = people.person_by_phone(SYSTEM, phone=PLATFORM_PHONE)
    return Scope(role=Role.PLATFORM, person=person) if person else None


def begin(*, at: datetime) -> Scope | None:
    """This will let a courier carry in the demo's city, on a shift that has begun, and want more for tomorrow."""
    desk = operator()
    cities = places.cities(limit=1)
    if desk is None or not cities:
        return None
    city = CityId(cities[0].id)
    policies.set_policy(SYSTEM, word=CourierPolicy.word, level="city", place=city, values=_PATIENCE, start_at=at, at=at)
    person = actions.add_courier(desk, name=_NAME, phone=COURIER_PHONE, city=city, vehicle=Vehicle.TRIKE, at=at)
    courier = next(
        hat.scope
        for hat in people.hats(SYSTEM, person=person, at=at)
        if hat.role is Role.COURIER and hat.level is Level.CITY
    )
    (now,) = actions.plan_shifts(desk, city=city, starts_at=at, ends_at=at + 8 * _HOUR, at=at)
    actions.take_shift(courier, shift=now, at=at)
    actions.start_shift(courier, shift=now, at=at)
    tomorrow = at + 24 * _HOUR
    actions.plan_shifts(desk, city=city, starts_at=tomorrow, ends_at=tomorrow + 4 * _HOUR, people=2, at=at)
    code, note = _GATE
    for community in places.communities(city=city, limit=10):
        actions.keep_way_in(desk, community=community.id, code=code, note=note, at=at)
        gates = [GateAt(name, community.lat + n / _DEGREE_M, community.lon + e / _DEGREE_M) for name, n, e in _GATES]
        actions.keep_gates(desk, community=community.id, gates=gates, at=at)
    _of_the_company(city, at)
    return courier


def _of_the_company(city: CityId, at: datetime) -> None:
    """The company lets one of its people carry on foot, and wants somebody for tomorrow's evening."""
    manager = deskside.manager(at)
    if manager is None:
        return
    here = manager.communities[:1]
    phone, tomorrow = COMPANYS_COURIER_PHONE, at + 24 * _HOUR
    actions.add_courier(
        manager, name=_COMPANYS_NAME, phone=phone, city=city, vehicle=Vehicle.FOOT, communities=here, at=at
    )
    actions.plan_shifts(manager, city=city, starts_at=tomorrow, ends_at=tomorrow + 3 * _HOUR, communities=here, at=at)
