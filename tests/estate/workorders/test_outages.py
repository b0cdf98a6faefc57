"""Outages: told to whom they touch when announced, changed and over; they close by themselves and stop nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from builders.workorders import HOUR, a_crew
from harness.budget import budget
from harness.payments_words import as_the_house, facts
from linli.estate.workorders import actions, queries, tasks
from linli.estate.workorders.rules import OutageState, Supply, WorkState
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return a_crew()


def announced(crew, **given):
    told = {"supply": Supply.WATER, "starts_at": AT + HOUR, "ends_at": AT + 3 * HOUR, "buildings": ("3",)} | given
    return actions.announce_outage(crew.steward, community=crew.desk.community.id, **told, at=AT)


def messages():
    rows = as_the_house("SELECT party, template FROM notify_message WHERE template LIKE 'outage%%' ORDER BY id")
    return [(party, template) for party, template in rows]


def test_who_lives_there_is_told_when_it_is_announced_changed_and_over(crew):
    crew.desk.a_home("4-1-101")
    outage = announced(crew)
    actions.change_outage(crew.steward, outage=outage, starts_at=AT + HOUR, ends_at=AT + 5 * HOUR, at=AT)
    assert tasks.end_outages(at=AT + 3 * HOUR) == 0
    assert tasks.end_outages(at=AT + 5 * HOUR) == 1
    assert tasks.end_outages(at=AT + 6 * HOUR) == 0
    owner = crew.home.owner
    assert messages() == [(owner, f"outage_{word}") for word in ("announced", "changed", "over")]
    page = queries.outage_page(crew.desk.scope, outage=outage)
    assert (page.card.state, [move.verb for move in page.moves]) == (OutageState.OVER, ["announce", "change", "end"])
    assert len(facts("workorders.OutageAnnounced")) == len(facts("workorders.OutageEnded")) == 1


def test_a_family_is_told_once_each_however_many_homes_they_have(crew):
    second = crew.desk.a_home("3-2-502")
    again = crew.home.with_tenant(second.owner)
    announced(crew, buildings=(), units=(("3", "2"),), homes=(again.id,))
    assert sorted(party for party, _template in messages()) == sorted([crew.home.owner, second.owner])


def test_the_whole_community_is_told_with_few_questions(crew):
    for n in range(20):
        crew.desk.a_home(f"5-1-{n}")
    where = {"community": crew.desk.community.id, "supply": Supply.POWER}
    steward = crew.steward
    with budget(13):
        actions.announce_outage(steward, **where, starts_at=AT + HOUR, ends_at=AT + 2 * HOUR, at=AT)
    assert len({party for party, _template in messages()}) == 21


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": AT + HOUR},
        {"ends_at": AT + timedelta(days=90)},
        {"starts_at": AT - 3 * HOUR, "ends_at": AT - HOUR},
        {"buildings": ("99",)},
        {"units": (("3", "9"),)},
    ],
)
def test_what_cannot_be_is_refused_and_nobody_is_told(crew, wrong):
    with pytest.raises((Invalid, NotFound)):
        announced(crew, **wrong)
    assert messages() == []
    assert queries.outages(crew.desk.scope) == ()


def test_residents_announce_nothing_and_strangers_find_nothing(crew):
    outage = announced(crew)
    with pytest.raises(Denied):
        actions.end_outage(crew.resident, outage=outage, at=AT)
    with pytest.raises(NotFound):
        actions.end_outage(a_crew().steward, outage=outage, at=AT)
    assert queries.outage_page(crew.desk.scope, outage=outage).card.state is OutageState.ANNOUNCED


def test_what_is_over_stays_over(crew):
    outage = announced(crew)
    actions.call_off_outage(crew.steward, outage=outage, why="配件未到", at=AT)
    with pytest.raises(WrongState):
        actions.end_outage(crew.steward, outage=outage, at=AT)
    assert [template for _party, template in messages()] == ["outage_announced", "outage_called_off"]


def test_an_outage_stops_nothing_else(crew):
    announced(crew)
    assert crew.page(crew.raised("leak")).state is WorkState.RAISED
