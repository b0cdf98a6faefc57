"""The demo's courier stands ready: on shift, with the gate's code, and more shifts to take."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_person
from linli.ground.people import actions as people
from linli.ground.people import queries as known
from linli.spine.scope import SYSTEM, Role
from linli.trade.delivery import queries
from linli.works.demo import couriers
from linli.works.demo.town import COURIER_PHONE, PLATFORM_PHONE


@pytest.mark.django_db
def test_the_demos_courier_is_on_shift_and_finds_more_to_take():
    a_community()
    operator = a_person(phone=PLATFORM_PHONE)
    people.grant_role(SYSTEM, party=operator, role=Role.PLATFORM, level="platform", at=AT)
    couriers.begin(at=AT)
    person = known.person_by_phone(SYSTEM, phone=COURIER_PHONE)
    (scope,) = [hat.scope for hat in known.hats(SYSTEM, person=person, at=AT) if hat.role is Role.COURIER]
    assert queries.my_day(scope, since=AT, at=AT).shift.state == "on"
    # two people are wanted tomorrow: to a courier that is one shift to take
    assert [shift.is_mine for shift in queries.my_shifts(scope, at=AT)] == [True, False]
