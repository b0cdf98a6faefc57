"""Asking for long work, carrying it out once, stopping it, and what is left when it does not end well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.billing import a_desk
from builders.chores import COUNTING, Counting, TooMuchToCount
from builders.clock import AT
from builders.people import a_person
from linli.ground.chores import actions, queries, rules, tasks
from linli.ground.chores.models import Chore, ChoreMove
from linli.ground.chores.rules import ChoreState, StoppedByHand, TooManyUnderWay, Trouble
from linli.ground.people.events import PersonErased, RoleRevoked
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.spine import audit, outbox, sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.scope import SYSTEM, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


def asked(scope: Scope, about: str = "march", at=AT, **said) -> actions.Asked:
    return actions.ask(scope, kind=COUNTING, about=about, content=Counting(**said), at=at)


def seen(desk, chore):
    return queries.chore(desk.scope, chore=chore)


def counted(chore) -> int:
    return sql.fetch("SELECT count(*) FROM spine_label WHERE place = %s", chore)[0][0]


def verbs(chore) -> list[str]:
    return list(ChoreMove.objects.inside().filter(of=chore).order_by("id").values_list("verb", flat=True))


def test_it_is_done_once_and_answers_what_it_came_to(desk):
    chore = asked(desk.scope).chore
    assert seen(desk, chore).state is ChoreState.WAITING
    assert actions.carry_one(chore, at=AT)
    card = seen(desk, chore)
    assert (card.state, card.answer.amount, counted(chore)) == (ChoreState.DONE, Money(3), 3)
    assert not actions.carry_one(chore, at=AT)
    assert (counted(chore), verbs(chore)) == (3, ["ask", "take", "finish"])
    done = [each for each in audit.entries(desk.scope) if each.action == COUNTING]
    assert [(each.person, each.said) for each in done] == [(desk.scope.person, (("about", "march"),))]


def test_two_who_ask_for_the_same_get_one_piece_of_work_and_others_none_of_it(desk):
    colleague = replace(desk.scope, person=a_person())
    first, second = asked(desk.scope), asked(colleague)
    assert (second.chore, second.is_new) == (first.chore, False)
    assert asked(desk.scope, "april").is_new
    actions.carry_one(first.chore, at=AT)
    assert asked(colleague).is_new, "what has ended may be asked for again"
    with pytest.raises(NotFound):
        queries.chore(a_desk().scope, chore=first.chore)
    assert queries.chores(a_desk().scope) == ()


def test_who_may_not_do_it_may_neither_ask_for_it_nor_see_it(desk):
    guard = replace(desk.scope, duty=Duty.GUARD, person=a_person())
    with pytest.raises(Denied):
        asked(guard)
    chore = asked(desk.scope).chore
    assert queries.chores(guard) == ()
    assert queries.under_way(guard) == 0
    with pytest.raises(NotFound):
        queries.chore(guard, chore=chore)
    with pytest.raises(NotFound):
        actions.stop_chore(guard, chore=chore, at=AT)
    assert seen(desk, chore).state is ChoreState.WAITING


def test_staff_of_one_community_see_and_stop_what_is_done_for_it_and_nothing_else_of_their_company(desk):
    local = replace(desk.scope, person=a_person(), of_a_community=True)
    of_all = asked(desk.scope).chore
    of_here = actions.ask(
        desk.scope, kind=COUNTING, about="april", content=Counting(), community=desk.community.id, at=AT
    ).chore
    assert [each.id for each in queries.chores(local)] == [of_here]
    assert queries.under_way(local) == 1
    with pytest.raises(NotFound):
        queries.chore(local, chore=of_all)
    with pytest.raises(NotFound):
        actions.stop_chore(local, chore=of_all, at=AT)
    assert seen(desk, of_all).state is ChoreState.WAITING
    actions.stop_chore(local, chore=of_here, at=AT)
    assert seen(desk, of_here).state is ChoreState.STOPPED


def test_a_refusal_undoes_everything_and_can_be_said_again(desk):
    chore = asked(desk.scope, end="refused").chore
    actions.carry_one(chore, at=AT)
    card = seen(desk, chore)
    assert (card.state, counted(chore)) == (ChoreState.REFUSED, 0)
    assert isinstance(card.refusal, TooMuchToCount)
    assert (card.refusal.field, card.refusal.values) == ("upto", {"amount": Money(1250)})


def test_a_defect_is_tried_three_times_ever_later_and_then_said(desk):
    chore, at = asked(desk.scope, end="broken").chore, AT
    for wait in (10, 20):
        actions.carry_one(chore, at=at)
        assert (seen(desk, chore).state, counted(chore)) == (ChoreState.WAITING, 0)
        assert not actions.carry_one(chore, at=at + timedelta(seconds=wait - 1)), "its time has not come"
        at += timedelta(seconds=wait)
    actions.carry_one(chore, at=at)
    card = seen(desk, chore)
    assert (card.state, card.trouble, counted(chore)) == (ChoreState.FAILED, Trouble.DEFECT, 0)
    broken = [each for each in queries.check(SYSTEM, at=at) if not each.ok]
    assert [each.invariant for each in broken] == ["Long work ends as it should"]


def test_what_breaks_off_again_and_again_is_given_up(desk):
    chore = asked(desk.scope).chore
    for _nth in range(rules.BREAKS):
        Chore.objects.inside().filter(pk=chore).update(state="running", attempts=_nth + 1)  # as a dead worker leaves it
    assert not actions.carry_one(chore, at=AT)
    assert (seen(desk, chore).trouble, counted(chore)) == (Trouble.BROKEN_OFF, 0)


def test_stopped_while_it_waits_it_never_begins_and_stopped_while_it_runs_it_is_undone(desk):
    waiting, running = asked(desk.scope).chore, asked(desk.scope, "april").chore
    assert actions.stop_chore(desk.scope, chore=waiting, at=AT) is ChoreState.STOPPED
    assert not actions.carry_one(waiting, at=AT)
    with pytest.raises(WrongState):
        actions.stop_chore(desk.scope, chore=waiting, at=AT)

    def wants_it_stopped(done: int, _total: int, _step: str = "") -> None:
        if done == 2:
            raise StoppedByHand

    actions.carry_one(running, at=AT, tell=wants_it_stopped)
    assert (seen(desk, running).state, counted(running)) == (ChoreState.STOPPED, 0)


def test_progress_is_told_while_it_runs_and_of_nothing_else(desk):
    chore = asked(desk.scope).chore
    actions.note_progress({chore: (1, 3, "x")})
    assert seen(desk, chore).total == 0, "it has not begun"
    Chore.objects.inside().filter(pk=chore).update(state="running", attempts=1)
    actions.note_progress({chore: (1, 3, "x")})
    card = seen(desk, chore)
    assert (card.done, card.total, card.step) == (1, 3, "x")


def test_of_one_lane_one_is_carried_out_at_a_time(desk):
    lane = desk.community.id
    first, second = (
        actions.ask(desk.scope, kind=COUNTING, about=str(nth), content=Counting(), lane=lane, at=AT).chore
        for nth in range(2)
    )
    Chore.objects.inside().filter(pk=first).update(state="running", attempts=1)
    assert second not in queries.due(SYSTEM, in_hand=[first], at=AT, limit=9)
    assert not actions.carry_one(second, at=AT)
    actions.carry_one(first, at=AT)
    assert queries.due(SYSTEM, in_hand=[], at=AT, limit=9) == (second,)


def test_those_come_first_of_whom_the_least_is_carried_out(desk):
    other = a_desk()
    running, waiting = asked(desk.scope).chore, asked(desk.scope, "april").chore
    Chore.objects.inside().filter(pk=running).update(state="running", attempts=1)
    theirs = asked(other.scope).chore
    assert queries.due(SYSTEM, in_hand=[running], at=AT, limit=9) == (theirs, waiting)


def test_a_company_has_a_limit_of_what_is_under_way(desk):
    policies.set_policy(SYSTEM, word="chores", level=Level.PLATFORM, values={"most_under_way": 2}, start_at=AT, at=AT)
    asked(desk.scope), asked(desk.scope, "april")
    with pytest.raises(TooManyUnderWay):
        asked(desk.scope, "may")
    assert queries.under_way(desk.scope) == 2
    assert asked(desk.scope).is_new is False, "the same is no more"
    assert asked(a_desk().scope).is_new


def test_what_nobody_takes_up_is_told_by_the_doctor_and_given_up(desk):
    chore = asked(desk.scope).chore
    assert all(each.ok for each in queries.check(SYSTEM, at=AT))
    assert not queries.check(SYSTEM, at=AT + timedelta(minutes=11))[0].ok
    assert tasks.give_up_untaken(at=AT + timedelta(hours=11)) == 0
    assert tasks.give_up_untaken(at=AT + timedelta(hours=13)) == 1
    assert (seen(desk, chore).state, seen(desk, chore).trouble) == (ChoreState.FAILED, Trouble.NOT_TAKEN_UP)


def test_it_is_forgotten_after_fourteen_days_and_what_is_under_way_is_not(desk):
    ended, waiting = asked(desk.scope).chore, asked(desk.scope, "april").chore
    actions.carry_one(ended, at=AT)
    assert tasks.forget_chores(at=AT + timedelta(days=13)) == 0
    assert tasks.forget_chores(at=AT + timedelta(days=15)) == 1
    assert [each.id for each in queries.chores(desk.scope)] == [waiting]


def test_with_the_role_goes_what_was_asked_with_it_and_with_the_person_who_asked(desk):
    waiting, done = asked(desk.scope).chore, asked(desk.scope, "april").chore
    actions.carry_one(done, at=AT)
    person = desk.scope.person

    @action(needs=May.RUN_CLOCKS)
    def tell(_scope: Scope, *, at) -> None:
        outbox.tell(RoleRevoked(person=person, role="property", level="company", place=desk.company, at=at))
        outbox.tell(PersonErased(person=person, at=at))

    tell(SYSTEM, at=AT)
    while outbox.drain(at=datetime.now(UTC) + timedelta(seconds=1)):
        pass
    assert seen(desk, waiting).state is ChoreState.STOPPED
    card = seen(desk, done)
    assert (card.person, card.answer, card.said) == (None, None, None)
