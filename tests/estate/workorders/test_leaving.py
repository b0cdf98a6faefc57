"""Somebody leaves: what was in their hands is nobody's secret and nobody's loss."""

from __future__ import annotations

import pytest

from builders import AT
from builders.billing import SINCE
from builders.places import a_community
from builders.workorders import HOUR, a_crew
from linli.estate.workorders import actions, queries, reactions
from linli.estate.workorders.rules import QuoteState, Skill, WorkState
from linli.ground.people import actions as people
from linli.ground.people.events import RoleGranted, RoleRevoked
from linli.kernel.money import Money
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
LATER = AT + HOUR


@pytest.fixture
def crew():
    return a_crew()


def leaves(crew, worker) -> None:
    people.remove_company_staff(crew.desk.scope, company=crew.desk.company, person=worker.person, at=LATER)


def test_open_work_of_somebody_who_left_goes_back_to_the_house_and_what_is_done_stays_theirs(crew):
    worker = crew.a_worker()
    given, working, done = crew.given(worker), crew.working(worker), crew.done(worker)
    leaves(crew, worker)
    assert actions.let_go(SYSTEM, person=worker.person, at=LATER) == 2
    for order in (given, working):
        page = crew.page(order)
        assert (page.state, page.assignee) == (WorkState.RAISED, None)
    assert crew.page(done).assignee == worker.person
    assert actions.let_go(SYSTEM, person=worker.person, at=LATER) == 0


def test_the_house_gives_nothing_more_to_somebody_who_left_and_gives_their_work_to_a_colleague(crew):
    worker = crew.a_worker()
    order = crew.given(worker)
    leaves(crew, worker)
    actions.let_go(SYSTEM, person=worker.person, at=LATER)
    assert actions.give_by_house(SYSTEM, order=order, at=LATER) is None
    colleague = crew.a_worker()
    assert actions.give_by_house(SYSTEM, order=order, at=LATER) == colleague.person


def test_the_ends_and_the_changes_of_a_role_are_heard(crew):
    worker = crew.a_worker()
    order = crew.given(worker)
    leaves(crew, worker)
    heard = {"person": worker.person, "level": "company", "place": crew.desk.company, "at": LATER}
    reactions.let_go(RoleRevoked(role="merchant", **heard))
    assert crew.page(order).assignee == worker.person
    reactions.let_go(RoleRevoked(role="property", **heard))
    reactions.let_go_with_another_duty(RoleGranted(role="property", **heard))
    assert crew.page(order).assignee is None


def test_a_price_told_by_somebody_who_left_lapses(crew):
    worker = crew.a_worker()
    order = crew.working(worker)
    actions.quote_work(worker, order=order, labour=Money.parse("80"), what="换阀门", at=AT)
    leaves(crew, worker)
    actions.let_go(SYSTEM, person=worker.person, at=LATER)
    page = crew.page(order)
    assert (page.state, page.assignee) == (WorkState.RAISED, None)
    assert [each.state for each in page.quotes] == [QuoteState.LAPSED]


@pytest.mark.parametrize(("duty", "goes_back"), [(Duty.CASHIER, 1), (Duty.STEWARD, 0), (Duty.TECHNICIAN, 0)])
def test_another_duty_keeps_the_work_only_where_it_does_work(crew, duty, goes_back):
    worker = crew.a_worker()
    crew.given(worker)
    people.change_company_staff(crew.desk.scope, company=crew.desk.company, person=worker.person, duty=duty, at=LATER)
    assert actions.let_go(SYSTEM, person=worker.person, at=LATER) == goes_back


def test_who_stays_only_in_another_community_gives_up_the_work_here(crew):
    worker = crew.a_worker(Skill.PLUMBING)
    crew.given(worker)
    elsewhere = a_community().id
    people.entrust_community(SYSTEM, community=elsewhere, company=crew.desk.company, start_on=SINCE, at=AT)
    people.change_company_staff(
        crew.desk.scope,
        company=crew.desk.company,
        person=worker.person,
        duty=Duty.TECHNICIAN,
        communities=[elsewhere],
        at=LATER,
    )
    assert actions.let_go(SYSTEM, person=worker.person, at=LATER) == 1
    assert worker.person not in dict(queries.workers_at_hand(crew.desk.scope))
