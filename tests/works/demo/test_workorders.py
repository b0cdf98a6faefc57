"""The demo's counter of repairs: something stands in every state, and no page of it is empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harness.budget import statements
from linli.estate.workorders import queries
from linli.estate.workorders.rules import Skill, WorkState
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.spine.scope import SYSTEM, Role
from linli.works.demo import settling, town, workorders

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 17, 0, tzinfo=UTC)
"""One o'clock at night in the town."""


def test_the_counter_has_work_in_every_state_and_an_outage(tmp_path, settings):
    settings.HOME = tmp_path
    settling.settle(SYSTEM, town=town.plan(homes=12), at=AT - timedelta(days=2))
    with statements() as sent:
        workorders.open_counter(at=AT)
    assert len(sent) < 400
    person = people.person_by_phone(SYSTEM, phone=town.RESIDENT_PHONE)
    assert person is not None
    resident = next(hat.scope for hat in people.hats(SYSTEM, person=person, at=AT) if hat.role == Role.RESIDENT)
    states = [order.state for order in queries.my_orders(resident)]
    assert states == [
        WorkState.RAISED, WorkState.ASSIGNED, WorkState.ACCEPTED, WorkState.QUOTED, WorkState.DONE
    ]  # fmt: skip
    community = places.communities(limit=3)[0].id
    skills = [worker.skills for worker in queries.workers(SYSTEM, community=community)]
    assert len(skills) == 3
    assert (Skill.ANSWERING,) in skills
    here = queries.outages_here(resident, community=resident.communities[0], homes=resident.homes, at=AT)
    assert len(here) == 1
