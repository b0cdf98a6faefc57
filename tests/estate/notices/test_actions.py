"""Writing, approving, publishing, telling and reading: against the database, refusals included."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from builders.clock import AT
from builders.notices import Audience, Level, Who, a_board, a_notice_draft
from builders.people import a_person, a_phone
from harness.at_once import at_once
from harness.budget import budget
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.notices import actions, queries, tasks
from linli.estate.notices.rules import NoticeKind, NoticePolicy
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.ground.policies import actions as policies
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM

LATER = AT + timedelta(hours=25)


@pytest.fixture
def board(db):
    return a_board()


def set_policy(board, **values):
    place, word = board.desk.community.id, NoticePolicy.word
    policies.set_policy(SYSTEM, word=word, level="community", place=place, values=values, start_at=AT, at=AT)


def state_of(notice):
    return as_the_house("SELECT state FROM notices_notice WHERE id = %s", notice)[0][0]


def readers(notice):
    return {row[0] for row in as_the_house("SELECT person FROM notices_recipient WHERE notice_id = %s", notice)}


def told():
    return as_the_house("SELECT party FROM notify_message WHERE template = 'notice_published'")


def everything():
    return as_the_house(
        "SELECT (SELECT count(*) FROM notices_notice), (SELECT count(*) FROM notices_move),"
        " (SELECT count(*) FROM notices_recipient), (SELECT count(*) FROM notify_message),"
        " (SELECT count(*) FROM spine_fact), (SELECT count(*) FROM spine_label)"
    )


def test_a_notice_is_published_to_everybody_and_read(board):
    notice = board.published()
    assert len(readers(notice)) == 4
    mine = board.homes[0].scope
    (line,) = queries.my_notices(mine, at=AT)
    assert (line.title, line.is_read) == ({"zh": "停车场清洗"}, False)
    assert queries.unread(mine, at=AT) == 1
    actions.read(mine, notice=notice, at=AT)
    actions.read(mine, notice=notice, at=LATER)
    assert queries.unread(mine, at=AT) == 0
    assert as_the_house("SELECT read_at FROM notices_recipient WHERE person = %s", mine.person) == [(AT,)]
    page = queries.notice_page(board.desk.scope, notice=notice, at=AT)
    assert page.line.label == "GG-260302-0001"
    assert [(one.label, one.recipients, one.read, one.rate_bp) for one in page.rates] == [
        ("1", 3, 1, 3333),
        ("2", 1, 0, 0),
    ]
    assert [move.verb for move in page.moves] == ["write", "schedule", "publish"]


def test_an_audience_reaches_those_it_names_and_nobody_else(board):
    first, second, third = board.homes
    (tenant,) = readers(board.published(audience=Audience(who=Who.TENANTS)))
    owners = {home.owner for home in board.homes}
    assert tenant not in owners
    assert readers(board.published(audience=Audience(who=Who.OWNERS))) == owners
    one = Audience(Level.BUILDING, (board.building(first),))
    assert readers(board.published(audience=one)) == {first.owner, second.owner, tenant}
    assert readers(board.published(audience=Audience(Level.HOME, (third.id,)))) == {third.owner}
    (unit,) = as_the_house("SELECT unit FROM places_homes_of(%s) WHERE home = %s", first.community.id, third.id)[0]
    assert readers(board.published(audience=Audience(Level.UNIT, (unit,)))) == {third.owner}


def test_a_notice_is_for_its_recipients_alone(board):
    notice = board.published(audience=Audience(Level.HOME, (board.homes[0].id,)))
    neighbour, elsewhere = board.homes[2].scope, a_board()
    assert queries.my_notices(neighbour, at=AT) == ()
    for ask in (queries.my_notice, actions.read, actions.acknowledge):
        with pytest.raises(NotFound):
            ask(neighbour, notice=notice, at=AT)
    with pytest.raises(NotFound):
        queries.notice_page(elsewhere.desk.scope, notice=notice, at=AT)
    for act in (actions.withdraw, actions.tell_again):
        with pytest.raises(NotFound):
            act(elsewhere.desk.scope, notice=notice, at=AT)
    assert state_of(notice) == "published"


@pytest.mark.parametrize("level", [Level.BUILDING, Level.UNIT, Level.HOME])
def test_places_of_another_community_are_refused_and_nothing_is_written(board, level):
    before, community = everything(), board.desk.community.id
    draft = a_notice_draft(audience=Audience(level, (uuid4(),)))
    with pytest.raises(Invalid):
        actions.write(board.desk.scope, community=community, draft=draft, at=AT)
    with pytest.raises(NotFound):
        actions.write(a_board().desk.scope, community=community, draft=a_notice_draft(), at=AT)
    assert everything()[0][:3] == before[0][:3]


def test_what_is_scheduled_is_published_by_the_clock_and_can_be_recalled(board):
    soon, later = (board.published(publish_at=AT + timedelta(hours=n)) for n in (1, 2))
    assert (state_of(soon), readers(soon)) == ("scheduled", set())
    assert tasks.publish_due(at=AT + timedelta(hours=1)) == 1
    assert (state_of(soon), state_of(later)) == ("published", "scheduled")
    actions.recall(board.desk.scope, notice=later, at=AT)
    assert tasks.publish_due(at=AT + timedelta(hours=3)) == 0
    actions.rewrite(board.desk.scope, notice=later, draft=a_notice_draft(title={"zh": "新题"}), at=AT)
    with pytest.raises(WrongState):
        actions.rewrite(board.desk.scope, notice=soon, draft=a_notice_draft(), at=AT)


def test_a_second_person_approves_where_the_community_wants_it(board):
    set_policy(board, needs_approval=True)
    notice, writer = board.written(), board.desk.scope
    with pytest.raises(actions.ApprovalNeeded):
        actions.publish(writer, notice=notice, at=AT)
    actions.ask_approval(writer, notice=notice, at=AT)
    with pytest.raises(actions.OwnNotice):
        actions.approve(writer, notice=notice, at=AT)
    assert state_of(notice) == "asked"
    other = replace(writer, person=a_person("林经理"))
    actions.send_back(other, notice=notice, why="写清楚时间", at=AT)
    assert state_of(notice) == "draft"
    actions.ask_approval(writer, notice=notice, at=AT)
    actions.approve(other, notice=notice, at=AT)
    assert state_of(notice) == "published"
    assert [m.why for m in queries.notice_page(other, notice=notice, at=AT).moves if m.verb == "send_back"] == [
        "写清楚时间"
    ]


def test_messages_go_out_once_each_in_portions_that_may_stop_anywhere(board, monkeypatch):
    monkeypatch.setattr("linli.estate.notices.actions.publishing.PORTION", 3)
    board.published(is_told=True)
    board.published(is_told=False)
    assert actions.tell_some(SYSTEM, at=AT) == 3
    assert len(told()) == 3
    assert tasks.tell_recipients(at=AT) == 1
    assert tasks.tell_recipients(at=AT) == 0
    assert len(set(told())) == len(told()) == 4


def test_messages_of_the_night_wait_and_those_of_a_withdrawn_notice_never_go(board):
    night = AT + timedelta(hours=12)
    quiet, urgent, gone = (
        board.written(is_told=True, kind=kind) for kind in (NoticeKind.GENERAL, *[NoticeKind.OUTAGE] * 2)
    )
    for notice in (quiet, urgent, gone):
        actions.publish(board.desk.scope, notice=notice, at=night)
    actions.withdraw(board.desk.scope, notice=gone, at=night)
    assert tasks.tell_recipients(at=night) == 4
    assert tasks.tell_recipients(at=night + timedelta(hours=11)) == 4
    assert queries.my_notices(board.homes[0].scope, at=night)[0].notice != gone


def test_those_who_have_not_read_are_told_again_after_a_while(board):
    notice = board.published(is_told=True, is_important=True)
    tasks.tell_recipients(at=AT)
    first, second, _third = board.homes
    actions.acknowledge(first.scope, notice=notice, at=AT)
    actions.read(second.scope, notice=notice, at=AT)
    with pytest.raises(actions.ToldLately):
        actions.tell_again(board.desk.scope, notice=notice, at=AT)
    assert actions.tell_again(board.desk.scope, notice=notice, at=LATER) == 3
    assert tasks.tell_recipients(at=LATER) == 3
    parties = [row[0] for row in told()]
    assert (parties.count(first.owner), parties.count(second.owner)) == (1, 2)
    assert queries.unread(second.scope, at=AT) == 1
    assert queries.unread(first.scope, at=AT) == 0


def test_whoever_moves_in_reads_what_is_published_and_gets_no_message_of_it(board):
    everywhere = board.published(is_told=True)
    board.published(audience=Audience(Level.BUILDING, (board.building(board.homes[2]),)))
    over = board.published()
    actions.withdraw(board.desk.scope, notice=over, at=AT)
    tasks.tell_recipients(at=AT)
    newcomer, before = a_person("新住户"), len(told())
    board.homes[0].with_tenant(newcomer)
    assert actions.add_reader(SYSTEM, person=newcomer, home=board.homes[0].id, at=AT) == 1
    assert actions.add_reader(SYSTEM, person=newcomer, home=board.homes[0].id, at=AT) == 0
    scope = replace(board.homes[0].scope, person=newcomer)
    assert [line.notice for line in queries.my_notices(scope, at=AT)] == [everywhere]
    tasks.tell_recipients(at=LATER)
    assert len(told()) == before


def test_pinned_notices_stand_first_and_are_not_repeated_on_the_next_page(board):
    old = board.published(is_pinned=True)
    newer = [board.published() for _ in range(3)]
    scope = board.homes[0].scope
    first = queries.my_notices(scope, at=AT, limit=2)
    assert [line.notice for line in first] == [old, newer[2]]
    rest = queries.my_notices(scope, at=AT, after=first[-1].notice, limit=5)
    assert [line.notice for line in rest] == [newer[1], newer[0]]
    actions.pin(board.desk.scope, notice=old, pinned=False, at=AT)
    assert queries.my_notices(scope, at=AT)[0].notice == newer[2]


def test_the_clock_ends_what_is_over_and_lets_go_of_what_nobody_wants(board):
    over = board.published(valid_until=AT + timedelta(days=1))
    stays, draft, asked = board.published(), board.written(), board.written()
    actions.ask_approval(board.desk.scope, notice=asked, at=AT)
    assert actions.tidy_up(SYSTEM, at=AT + timedelta(days=4)) == 2
    assert [state_of(one) for one in (over, stays, draft, asked)] == ["expired", "published", "draft", "draft"]
    assert actions.tidy_up(SYSTEM, at=AT + timedelta(days=61)) == 2
    assert [state_of(one) for one in (stays, draft, asked)] == ["published", "discarded", "discarded"]


def test_files_of_strangers_cannot_be_attached(board):
    with pytest.raises(NotFound):
        board.written(papers=(uuid4(),))
    assert as_the_house("SELECT count(*) FROM notices_notice") == [(0,)]


def test_a_notice_for_four_thousand_people_is_a_few_statements(board):
    community = board.desk.community.id
    rows = [places.HomeRow(str(10 + n // 500), "1", str(n), None) for n in range(4000)]
    homes = places.add_homes(SYSTEM, community=community, rows=rows, at=AT)
    since = AT.date()
    crowd = [PersonRow("众邻", a_phone(), home, "owner", since, "zh-hans") for home in homes]
    people.register_people(SYSTEM, rows=crowd, at=AT)
    notice = board.written(is_told=True)
    with budget(11):
        actions.publish(board.desk.scope, notice=notice, at=AT)
    assert len(readers(notice)) == 4004
    with budget(4):
        assert actions.tell_some(SYSTEM, at=AT) == 500
    assert tasks.tell_recipients(at=AT) == 3504
    assert as_the_house("SELECT count(*), count(DISTINCT party) FROM notify_message") == [(4004, 4004)]


def test_two_workers_tell_nobody_twice(own_database: OwnDatabase):
    board = a_board()
    board.published(is_told=True, kind=NoticeKind.OUTAGE)
    at_once(*[partial(tasks.tell_recipients, at=AT)] * 2)
    assert len(told()) == len(set(told())) == 4
