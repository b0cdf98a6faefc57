"""Assets against real PostgreSQL: the register, maintenance once for each date, stock-taking, sheets, reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from builders import a_picture
from builders.assets import OK, TODAY, a_sheet, a_stock
from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import as_the_house
from linli.estate.assets import actions, queries, reactions, tasks
from linli.estate.assets.actions import AssetDraft, Certificate
from linli.estate.assets.actions.counting import TakingOver
from linli.estate.assets.actions.maintaining import NotInYourHands
from linli.estate.assets.actions.registering import NumberTaken, StillMaintained
from linli.estate.assets.actions.sheets import BuiltUpon, SheetRefused
from linli.estate.assets.models import Asset, Count, Task
from linli.estate.assets.queries import Sought
from linli.estate.assets.rules import (
    AssetKind,
    AssetState,
    AssetVerb,
    Every,
    Outcome,
    PaperKind,
    Rhythm,
    Seen,
    TaskState,
)
from linli.estate.workorders import queries as work
from linli.estate.workorders.events import WorkOrderCancelled, WorkOrderDone
from linli.estate.workorders.rules import Source, WorkState
from linli.ground.people.events import PersonErased
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def stock():
    return a_stock()


def all_tasks():
    return list(Task.objects.inside().order_by("due_on").values_list("due_on", "state"))


def test_an_asset_is_entered_found_by_words_and_moves_through_its_life(stock):
    lift = stock.an_asset(own_number="DT-01", cost=Money(24_000_000), life_months=120, bought_on=date(2020, 3, 1))
    stock.an_asset("泵房水泵", kind=AssetKind.PUMP, place="地下一层")
    card = stock.card(lift)
    assert (card.label, card.state, card.where) == ("AS-260302-0001", AssetState.IN_USE, "1 栋首层")
    assert card.depreciated(TODAY).left == Money(24_000_000 - 72 * 200_000)
    found = queries.assets(stock.scope, sought=Sought(words="水泵 地下"))
    assert [each.name for each in found] == ["泵房水泵"]
    assert [each.asset for each in queries.assets(stock.scope, sought=Sought(kind=AssetKind.LIFT))] == [lift]
    actions.move_on(stock.scope, asset=lift, verb=AssetVerb.MEND, why="异响", at=AT)
    assert stock.card(lift).due_at == AT + 14 * DAY
    actions.move_on(stock.scope, asset=lift, verb=AssetVerb.USE, why="修好了", at=AT)
    actions.relocate_asset(stock.scope, asset=lift, place="2 栋首层", why="调换", at=AT)
    actions.move_on(stock.scope, asset=lift, verb=AssetVerb.RETIRE, why="报废", at=AT)
    page = queries.asset_page(stock.scope, asset=lift, at=AT)
    assert [move.verb for move in page.history] == ["register", "send_to_repair", "put_in_use", "relocate", "retire"]
    assert page.history[3].why == "调换 ( 1 栋首层 →  2 栋首层)"
    assert queries.assets(stock.scope, sought=Sought(kind=AssetKind.LIFT)) == ()
    with pytest.raises(WrongState):
        actions.move_on(stock.scope, asset=lift, verb=AssetVerb.STORE, why="放回", at=AT)


def test_two_assets_of_one_number_a_stranger_and_a_silent_move_are_refused_and_nothing_changes(stock):
    lift = stock.an_asset(own_number="DT-01")
    with pytest.raises(NumberTaken):
        stock.an_asset("2 号梯", own_number="DT-01")
    with pytest.raises(Invalid):
        stock.an_asset("3 号梯", cost=Money(1), salvage=Money(2))
    with pytest.raises(NotFound):
        actions.move_on(a_desk().scope, asset=lift, verb=AssetVerb.RETIRE, why="x", at=AT)
    with pytest.raises(NotFound):
        queries.asset_page(a_desk().scope, asset=lift, at=AT)
    with pytest.raises(Invalid):
        actions.move_on(stock.scope, asset=lift, verb=AssetVerb.RETIRE, why=" ", at=AT)
    with pytest.raises(NotFound):
        actions.move_on(stock.an_engineer(), asset=lift, verb=AssetVerb.RETIRE, why="x", at=AT)
    assert list(Asset.objects.inside().values_list("label", "state")) == [("AS-260302-0001", "in_use")]


def test_a_plan_of_a_kind_opens_one_task_an_asset_and_date_however_often_the_clock_looks(stock):
    first, second = stock.an_asset(), stock.an_asset("2 号梯")
    stock.an_asset("泵", kind=AssetKind.PUMP)
    stock.a_plan(anchor=TODAY + 3 * DAY)
    assert stock.opened(at=AT - DAY) == ()
    assert {task.asset for task in stock.opened()} == {first, second}
    assert (tasks.open_tasks(at=AT), tasks.open_tasks(at=AT + 40 * DAY)) == (0, 0)
    (task, _other) = queries.tasks(stock.scope, today=TODAY)
    order = work.order_page(stock.scope, order=task.order, at=AT)
    assert (order.source, order.place) == (Source.MAINTENANCE, f"{task.asset_name} · 1 栋首层")
    assert order.words == f"月度保养 {task.asset_label} (2026-03-05)"
    assert len(all_tasks()) == 2


def test_the_database_lays_the_same_grid_as_the_rule(stock):
    lift = stock.an_asset()
    anchor = date(2025, 12, 31)
    stock.a_plan(lift, anchor=anchor, lead_days=0)
    at, dates = AT, []
    for _nth in range(5):
        (task,) = stock.opened(at=at)
        dates.append(task.due_on)
        actions.call_off_task(stock.scope, task=task.task, why="略", at=at)
        at += 20 * DAY
        while not queries.maybe_due(SYSTEM, at=at, limit=9):
            at += DAY
    assert dates == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_an_engineer_answers_the_checklist_and_the_work_order_goes_along(stock):
    stock.an_asset()
    stock.a_plan()
    engineer = stock.an_engineer()
    (task,) = stock.opened()
    stock.given_to(engineer, task)
    found = (Outcome.FINDING, "间隙过大")
    orders = actions.complete_task(engineer, task=task.task, given=[OK, found], uploads=[("a.png", a_picture())], at=AT)
    page = queries.task_page(stock.scope, task=task.task, today=TODAY, at=AT)
    assert (page.row.state, page.row.worked_on, len(page.photos)) == (TaskState.DONE, TODAY, 1)
    assert [(each.item, each.outcome.value, each.order) for each in page.answers] == [
        ("门锁", "ok", None), ("制动器", "finding", orders[0])
    ]  # fmt: skip
    assert work.order_page(stock.scope, order=task.order, at=AT).state is WorkState.DONE
    assert work.order_page(stock.scope, order=orders[0], at=AT).words == "AS-260302-0001 制动器: 间隙过大"
    (following,) = stock.opened(at=AT + 30 * DAY)
    assert following.due_on == date(2026, 4, 2)


def test_answers_that_are_missing_and_work_in_other_hands_leave_a_task_as_it_was(stock):
    stock.an_asset()
    stock.a_plan()
    engineer, other = stock.an_engineer(), stock.an_engineer()
    (task,) = stock.opened()
    with pytest.raises(NotInYourHands):
        actions.complete_task(engineer, task=task.task, given=[OK, OK], at=AT)
    stock.given_to(other, task)
    with pytest.raises(NotInYourHands):
        actions.complete_task(engineer, task=task.task, given=[OK, OK], at=AT)
    with pytest.raises(Invalid):
        actions.complete_task(other, task=task.task, given=[OK], at=AT)
    page = queries.task_page(stock.scope, task=task.task, today=TODAY, at=AT)
    assert (page.row.state, page.answers) == (TaskState.OPEN, ())
    actions.complete_task(other, task=task.task, given=[OK, OK], at=AT)
    with pytest.raises(WrongState):
        actions.complete_task(other, task=task.task, given=[OK, OK], at=AT)


def test_a_statutory_task_ends_with_a_certificate_and_with_nothing_less(stock):
    lift = stock.an_asset()
    stock.a_plan(lift, name="年检", rhythm=Rhythm(12, Every.MONTHS, TODAY), is_statutory=True, items=["检验合格"])
    engineer = stock.an_engineer()
    (task,) = stock.opened()
    stock.given_to(engineer, task)
    for certificate in (None, Certificate("使用登记证", TODAY)):
        with pytest.raises(Invalid) as refused:
            actions.complete_task(engineer, task=task.task, given=[OK], certificate=certificate, at=AT)
        assert refused.value.field == "expires_on"
    assert queries.asset_page(stock.scope, asset=lift, at=AT).papers == ()
    good = Certificate("使用登记证", date(2027, 3, 2), ("c.png", a_picture()))
    actions.complete_task(engineer, task=task.task, given=[OK], certificate=good, at=AT)
    (paper,) = queries.asset_page(stock.scope, asset=lift, at=AT).papers
    assert (paper.kind, paper.title, paper.expires_on) == (PaperKind.CERTIFICATE, "使用登记证", date(2027, 3, 2))
    with pytest.raises(NotFound):
        actions.remove_paper(stock.scope, paper=paper.paper, at=AT)


def test_work_done_without_the_checklist_waits_for_it_and_a_cancelled_order_is_asked_for_again(stock):
    stock.an_asset()
    stock.a_plan()
    (task,) = stock.opened()
    about = {"order": task.order, "community": task.community, "work": "repair", "source": "maintenance", "at": AT}
    cancelled = WorkOrderCancelled(about=task.task, **about)
    reactions.let_go_of_order(cancelled)
    again = actions.ask_again(stock.scope, task=task.task, at=AT)
    with pytest.raises(Invalid):
        actions.ask_again(stock.scope, task=task.task, at=AT)
    reactions.let_go_of_order(cancelled)
    assert queries.tasks(stock.scope, today=TODAY)[0].order == again
    done = WorkOrderDone(about=task.task, person=None, amount=Money.zero, **(about | {"order": again}))
    for _twice in range(2):
        reactions.note_worked(done)
    (worked,) = queries.tasks(stock.scope, today=TODAY)
    assert (worked.state, worked.worked_on) == (TaskState.WORKED, TODAY)
    assert stock.opened(at=AT + 60 * DAY) == queries.tasks(stock.scope, today=(AT + 60 * DAY).date())
    assert len(all_tasks()) == 1


def test_what_is_called_off_cancels_its_order_and_an_asset_in_maintenance_is_not_retired(stock):
    lift = stock.an_asset()
    plan = stock.a_plan()
    (task,) = stock.opened()
    with pytest.raises(StillMaintained):
        actions.move_on(stock.scope, asset=lift, verb=AssetVerb.RETIRE, why="报废", at=AT)
    actions.call_off_task(stock.scope, task=task.task, why="停用", at=AT)
    assert work.order_page(stock.scope, order=task.order, at=AT).state is WorkState.CANCELLED
    actions.end_plan(stock.scope, plan=plan, at=AT)
    assert stock.opened(at=AT + 90 * DAY) == ()
    with pytest.raises(NotFound):
        actions.end_plan(stock.scope, plan=plan, at=AT)


def test_the_desk_is_told_once_of_each_thing_that_waits(stock):
    lift, pump = stock.an_asset(), stock.an_asset("泵", kind=AssetKind.PUMP)
    stock.a_plan(lift)
    stock.opened()
    kind, until = PaperKind.CERTIFICATE, TODAY + 40 * DAY
    actions.add_paper(stock.scope, asset=lift, kind=kind, title="合格证", expires_on=until, at=AT)
    actions.move_on(stock.scope, asset=pump, verb=AssetVerb.MEND, why="漏水", at=AT)
    told = {n: tasks.tell_what_waits(at=AT + n * DAY) for n in (0, 1, 2, 15, 20, 33, 34, 40, 41)}
    assert told == {0: 1, 1: 1, 2: 0, 15: 2, 20: 0, 33: 1, 34: 0, 40: 1, 41: 0}
    (row,) = queries.expiring(stock.scope, community=stock.desk.community.id, until=until)
    assert (row.label, row.title, row.expires_on) == ("AS-260302-0001", "合格证", until)
    newer = until + 365 * DAY
    actions.add_paper(stock.scope, asset=lift, kind=kind, title="合格证", expires_on=newer, at=AT)
    assert queries.expiring(stock.scope, community=stock.desk.community.id, until=until) == ()
    counted = "values->>'tasks', values->>'papers', values->>'repairs'"
    said = as_the_house(f"SELECT {counted} FROM notify_message WHERE template = 'assets_wait' ORDER BY created_at")
    assert said == [("0", "1", "0"), ("1", "0", "0"), ("0", "1", "1"), ("0", "1", "0"), ("0", "1", "0")]


def test_a_stock_taking_counts_each_asset_once_and_shows_what_differs(stock):
    lift, pump = stock.an_asset(), stock.an_asset("泵", kind=AssetKind.PUMP)
    chair = stock.an_asset("椅子", kind=AssetKind.FURNITURE)
    taking = actions.begin_taking(stock.scope, community=stock.desk.community.id, name="年度盘点", at=AT)
    later = stock.an_asset("新梯")
    engineer = stock.an_engineer()
    assert queries.open_counts_of(engineer, asset=lift) == ((taking, "年度盘点", Seen.UNSEEN),)
    for seen in (Seen.MISSING, Seen.SEEN):
        actions.count_asset(engineer, taking=taking, asset=lift, seen=seen, words="没找到", at=AT)
    actions.count_asset(engineer, taking=taking, asset=pump, seen=Seen.ELSEWHERE, place="2 栋", at=AT)
    for asset, seen in ((chair, Seen.ELSEWHERE), (chair, Seen.DAMAGED), (later, Seen.SEEN), (chair, Seen.UNSEEN)):
        with pytest.raises((Invalid, NotFound)):
            actions.count_asset(engineer, taking=taking, asset=asset, seen=seen, at=AT)
    (row,) = queries.takings(stock.scope)
    assert (row.every, row.counted, row.different) == (3, 2, 1)
    assert actions.close_taking(stock.scope, taking=taking, at=AT) == 2
    found = {each.name: (each.seen, each.place) for each in queries.counts(stock.scope, taking=taking, at=AT)}
    assert found == {"1 号梯": (Seen.SEEN, ""), "泵": (Seen.ELSEWHERE, "2 栋"), "椅子": (Seen.UNSEEN, "")}
    with pytest.raises(TakingOver):
        actions.count_asset(engineer, taking=taking, asset=chair, seen=Seen.SEEN, at=AT)
    assert Count.objects.inside().filter(seen="seen").count() == 1


def test_a_stock_taking_that_nobody_ends_ends_with_its_days(stock):
    stock.an_asset()
    actions.begin_taking(stock.scope, community=stock.desk.community.id, name="盘点", at=AT)
    assert (tasks.lapse_takings(at=AT + 29 * DAY), tasks.lapse_takings(at=AT + 30 * DAY)) == (0, 1)
    (row,) = queries.takings(stock.scope)
    assert row.state.value == "lapsed"


SHEET = a_sheet("DT-01,电梯,1 号梯,1 栋,2020-03-01,240000.00,12000.00,120", ",水泵,生活泵,地下一层,,,,")


def test_a_sheet_is_taken_over_whole_repeated_without_harm_and_undone(stock):
    here = {"community": stock.desk.community.id, "file_name": "assets.csv", "at": AT}
    seen = actions.preview_assets(stock.scope, content=SHEET, **here)
    assert (seen.rows, seen.new, seen.same, seen.errors) == (2, 2, 0, ())
    assert Asset.objects.inside().count() == 0
    taken = actions.take_over_assets(stock.scope, content=SHEET, **here)
    again = actions.take_over_assets(stock.scope, content=SHEET, **here)
    assert (taken.new, again) == (2, actions.TakenOver(None, 0, 2))
    assert [each.label for each in queries.assets(stock.scope, sought=Sought())] == ["AS-260302-0002", "AS-260302-0001"]
    assert actions.undo_assets(stock.scope, batch=taken.batch, at=AT) == 2
    assert queries.assets(stock.scope, sought=Sought()) == ()
    with pytest.raises(WrongState):
        actions.undo_assets(stock.scope, batch=taken.batch, at=AT)
    assert actions.take_over_assets(stock.scope, content=SHEET, **here).new == 2


def test_one_wrong_cell_takes_nothing_over_and_what_has_a_history_is_not_undone(stock):
    here = {"community": stock.desk.community.id, "file_name": "assets.csv", "at": AT}
    wrong = a_sheet("A1,电梯,梯,1 栋,,,,", "A1,水泵,泵,2 栋,,1.234,,", "A2,飞机,机,3 栋,,,,")
    seen = actions.preview_assets(stock.scope, content=wrong, **here)
    assert {(each.row, each.column) for each in seen.errors} == {(3, "cost"), (3, "own_number"), (4, "kind")}
    with pytest.raises(SheetRefused):
        actions.take_over_assets(stock.scope, content=wrong, **here)
    assert Asset.objects.inside().count() == 0
    taken = actions.take_over_assets(stock.scope, content=SHEET, **here)
    (pump, _lift) = queries.assets(stock.scope, sought=Sought())
    actions.move_on(stock.scope, asset=pump.asset, verb=AssetVerb.STORE, why="备用", at=AT)
    with pytest.raises(BuiltUpon):
        actions.undo_assets(stock.scope, batch=taken.batch, at=AT)
    assert len(queries.assets(stock.scope, sought=Sought())) == 2


def test_a_code_that_is_renewed_opens_nothing_and_damage_is_told_from_the_qr(stock):
    lift = stock.an_asset()
    before = stock.card(lift).secret
    engineer = stock.an_engineer()
    assert queries.scanned_asset(engineer, secret=before) == lift
    assert queries.scanned_asset(a_desk().scope, secret=before) is None
    actions.renew_asset_code(stock.scope, asset=lift, at=AT)
    assert queries.scanned_asset(engineer, secret=before) is None
    assert queries.scanned_asset(engineer, secret="as-260302-0001") == lift
    order = actions.report_damage(engineer, asset=lift, words="按钮失灵", at=AT)
    assert work.order_page(stock.scope, order=order, at=AT).words == "AS-260302-0001: 按钮失灵"


def test_a_register_is_corrected_but_not_by_who_keeps_nothing(stock):
    lift = stock.an_asset()
    draft = AssetDraft(kind=AssetKind.LIFT, name="一号梯", place="x", maker="通力")
    actions.change_asset(stock.scope, asset=lift, draft=draft, at=AT)
    card = stock.card(lift)
    assert (card.name, card.maker, card.place) == ("一号梯", "通力", "1 栋首层")
    with pytest.raises(Denied):
        actions.change_asset(stock.an_engineer(), asset=lift, draft=draft, at=AT)
    with pytest.raises(NotFound):
        actions.change_asset(stock.elsewhere(), asset=lift, draft=draft, at=AT)


def test_an_erased_persons_words_go_and_what_was_done_stays(stock):
    lift = stock.an_asset()
    engineer = stock.an_engineer()
    actions.move_on(engineer, asset=lift, verb=AssetVerb.MEND, why="老王说异响", at=AT)
    reactions.forget_person(PersonErased(person=engineer.person, at=AT))
    moved = queries.asset_page(stock.scope, asset=lift, at=AT).history[-1]
    assert (moved.verb, moved.why) == ("send_to_repair", "")
