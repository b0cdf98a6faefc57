"""The first page tells what waits at the company's counters and what the company lets the resident know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.notices import a_notice_draft
from builders.workorders import a_crew
from harness.budget import budget
from linli.estate.notices import actions as notices
from linli.estate.workorders import actions
from linli.estate.workorders.rules import Supply
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def crew():
    made = a_crew()
    neighbour = made.desk.a_home("3-2-502")
    worker = made.a_worker()
    order = made.working(worker)
    actions.quote_work(worker, order=order, labour=Money(88_00), what="换阀芯", at=AT)
    actions.announce_outage(
        made.desk.scope,
        community=made.desk.community.id,
        supply=Supply.HOT_WATER,
        starts_at=AT,
        ends_at=AT + 3 * HOUR,
        is_planned=True,
        at=AT,
    )
    draft = a_notice_draft(title={"zh": "水箱清洗"})
    notice = notices.write(made.desk.scope, community=made.desk.community.id, draft=draft, at=AT)
    notices.publish(made.desk.scope, notice=notice, at=AT)
    return made, order, neighbour


def test_a_price_that_waits_an_outage_and_unread_notices_stand_on_the_first_page(crew, visitor):
    made, order, _neighbour = crew
    shown = visitor(made.resident, locale="en").get("/o/").content.decode()
    assert f'href="/o/work-orders/{order}/"' in shown
    assert "A price waits for your yes until" in shown
    assert "Hot water · planned works" in shown
    assert "水箱清洗" in shown
    assert "1 unread" in shown
    assert "Nothing waits for you" not in shown
    actions.agree_to_quote(made.resident, order=order, amount=Money(88_00), at=AT)
    assert "A price waits for your yes" not in visitor(made.resident, locale="en").get("/o/").content.decode()


def test_a_closed_counter_shows_nothing_on_the_first_page(crew, visitor):
    made, order, _neighbour = crew
    for word in ("workorders", "notices"):
        policies.set_policy(
            SYSTEM,
            word=word,
            level=Level.COMMUNITY,
            place=made.desk.community.id,
            values={"is_offered": False},
            start_at=AT,
            at=AT,
        )
    shown = visitor(made.resident, locale="en").get("/o/").content.decode()
    assert str(order) not in shown
    assert "planned works" not in shown
    assert "水箱清洗" not in shown


def test_a_neighbour_sees_no_price_of_mine(crew, visitor):
    _made, order, neighbour = crew
    shown = visitor(neighbour.scope, locale="en").get("/o/").content.decode()
    assert str(order) not in shown
    assert "Hot water · planned works" in shown


def test_the_first_page_keeps_its_budget(crew, visitor):
    made, _order, _neighbour = crew
    reader = visitor(made.resident)
    reader.get("/o/")
    with budget(16):
        assert reader.get("/o/").status_code == 200
