"""Who asked and the company talk about an order while it lasts: against the database, refusals included."""

from __future__ import annotations

import pytest

from builders import AT, a_person
from builders.workorders import a_crew
from harness.looking import rows_of
from linli.estate.workorders import actions
from linli.estate.workorders.actions.saying import SaidEnough
from linli.estate.workorders.models import Saying
from linli.estate.workorders.rules import Skill
from linli.kernel.refusals import Invalid, NotFound
from linli.reach.notify.models import Message
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return a_crew()


def told() -> list[object]:
    return list(rows_of(Message).filter(template="work_said").order_by("id").values_list("party", flat=True))


def test_each_side_reads_what_the_other_said_and_is_told_of_it(crew):
    worker = crew.a_worker(Skill.ANSWERING)
    order = crew.given(worker, "noise")
    actions.say_about_work(crew.resident, order=order, words=" 楼上每晚十点装修 ", at=AT)
    actions.say_about_work(worker, order=order, words="今晚上门了解", at=AT)
    for reader in (crew.resident, worker, crew.desk.scope):
        said = [(one.by_company, one.words) for one in crew.page(order, scope=reader).sayings]
        assert said == [(False, "楼上每晚十点装修"), (True, "今晚上门了解")]
    assert told() == [worker.person, crew.resident.person]


def test_where_nobody_has_it_in_hand_nobody_is_called(crew):
    actions.say_about_work(crew.resident, order=crew.raised("noise"), words="还在吵", at=AT)
    assert told() == []


def test_a_neighbour_and_another_company_find_nothing_to_speak_about(crew):
    order = crew.raised()
    for stranger in (crew.desk.a_home().scope, a_crew().desk.scope):
        with pytest.raises(NotFound):
            actions.say_about_work(stranger, order=order, words="你好", at=AT)
    assert rows_of(Saying).count() == 0


def test_nothing_too_much_and_nothing_when_it_is_over_is_taken(crew):
    order = crew.raised()
    for words in ("  ", "长" * 1001):
        with pytest.raises(Invalid) as refused:
            actions.say_about_work(crew.resident, order=order, words=words, at=AT)
        assert refused.value.field == "say"
    actions.cancel_work(crew.resident, order=order, at=AT)
    with pytest.raises(SaidEnough):
        actions.say_about_work(crew.resident, order=order, words="还有一件事", at=AT)
    assert rows_of(Saying).count() == 0


def test_what_a_company_said_is_empty_with_the_person_it_was_said_to(crew):
    order = crew.raised()
    actions.say_about_work(crew.resident, order=order, words="我家没人", at=AT)
    actions.say_about_work(crew.steward, order=order, words="李女士您好", at=AT)
    actions.forget_person(SYSTEM, person=a_person(), at=AT)
    assert rows_of(Saying).exclude(words="").count() == 2
    actions.forget_person(SYSTEM, person=crew.resident.person, at=AT)
    assert set(rows_of(Saying).values_list("words", flat=True)) == {""}
