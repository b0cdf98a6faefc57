"""An order on its way: from the shop's hands into a courier's into the buyer's, and everything that gets in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_picture
from builders.couriers import HOUR, MINUTE, OPERATOR, a_round, me
from harness.payments_words import as_the_house, facts
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import COURIER_PAY, delivery_payable
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, tasks
from linli.trade.delivery.actions.doing import NoProof, NotPacked, WrongParcel
from linli.trade.delivery.actions.held import NotYourCourier, NotYourTask
from linli.trade.delivery.rules import Custody, FailReason, Kind, Proof, TaskState, WaitsFor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def round_():
    return a_round()


class TestAsking:
    def test_an_order_waits_on_the_board_with_a_deadline(self, round_):
        task = round_.task(ready=False, ready_in=20 * MINUTE, number="DD-260302-0001")
        page = round_.page(task)
        assert (page.state, page.goods, page.waits_for) == (TaskState.TODO, Custody.SHOP, WaitsFor.DISPATCHER)
        assert page.due_at == AT + 23 * MINUTE
        assert (page.number, page.door) == ("DD-260302-0001", "3-2-501")
        assert [(move.verb, move.after, move.role) for move in page.moves] == [("ask", "todo", "merchant")]

    def test_a_pooled_order_waits_for_its_wave(self, round_):
        task = round_.task(kind=Kind.POOLED, promised_at=AT + 5 * HOUR)
        assert round_.page(task).due_at == AT + 4 * HOUR

    def test_asked_again_it_is_the_same_task(self, round_):
        asked = round_.asked()
        first = actions.ask_delivery(round_.shop.scope, asked=[asked], at=AT)
        assert actions.ask_delivery(round_.shop.scope, asked=[asked, round_.asked(1)], at=AT)[0] == first[0]
        assert len(queries.board(OPERATOR, wanted=queries.Wanted(), at=AT).tasks) == 2

    def test_packed_goods_start_the_clock_and_teach_how_long_the_shop_took(self, round_):
        asked = round_.asked(ready_in=20 * MINUTE)
        (task,) = actions.ask_delivery(SYSTEM, asked=[asked], at=AT)
        actions.goods_ready(SYSTEM, order=asked.order, at=AT + 12 * MINUTE)
        actions.goods_ready(SYSTEM, order=asked.order, at=AT + 15 * MINUTE)
        page = round_.page(task)
        assert (page.is_ready, page.ready_at, page.due_at) == (True, AT + 12 * MINUTE, AT + 15 * MINUTE)
        assert as_the_house("SELECT hour, seen, mean_s FROM delivery_preparation") == [(10, 1, 720.0)]

    def test_what_nobody_wants_any_more_is_called_off_once(self, round_):
        task = round_.task()
        order = round_.page(task).order
        assert actions.call_off(SYSTEM, order=order, why="buyer", at=AT)
        assert not actions.call_off(SYSTEM, order=order, why="buyer", at=AT)
        page = round_.page(task)
        assert (page.state, page.due_at, page.waits_for) == (TaskState.CALLED_OFF, None, WaitsFor.NOBODY)


class TestCarrying:
    def test_an_order_goes_from_hand_to_hand_and_pays_its_courier_once(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier)
        assert round_.page(task).due_at == AT + 15 * MINUTE
        order = round_.page(task).order
        assert actions.collect_goods(courier, task=task, scanned=str(order), at=AT + MINUTE) is TaskState.EN_ROUTE
        assert round_.page(task).goods is Custody.COURIER
        assert actions.arrive_at_door(courier, tasks=[task], at=AT + 9 * MINUTE) == (TaskState.ARRIVED,)
        done = actions.hand_over(courier, task=task, code=round_.code(task), at=AT + 10 * MINUTE)
        assert (done.state, done.redeemed) == (TaskState.DONE, Redeemed.OK)
        page = round_.page(task)
        assert (page.goods, page.proof, page.ended_at) == (Custody.BUYER, Proof.CODE, AT + 10 * MINUTE)
        assert [move.verb for move in page.moves] == ["ask", "assign", "collect", "arrive", "finish"]
        assert [f["order"] for f in facts("delivery.TaskDone")] == [str(order)]
        # 1.50 for the stop, 0.80 for the order, 145 m at 0.60 a kilometre
        assert ledger.balance(OPERATOR, book=round_.book, address=delivery_payable(me(courier))) == Money(-239)
        assert ledger.balance(OPERATOR, book=round_.book, address=COURIER_PAY) == Money(239)
        assert as_the_house("SELECT payee, kind, amount_minor FROM payouts_line") == [(me(courier), "courier", 239)]

    def test_handed_over_twice_is_answered_the_same_and_paid_once(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        first = actions.hand_over(courier, task=task, code=round_.code(task), at=AT)
        again = actions.hand_over(courier, task=task, code="000000", at=AT + MINUTE)
        assert (first.state, again.state) == (TaskState.DONE, TaskState.DONE)
        assert len(facts("delivery.TaskDone")) == 1
        assert as_the_house("SELECT count(*) FROM delivery_earning") == [(1,)]

    def test_a_wrong_code_is_counted_and_the_order_stays(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        wrong = "000000" if round_.code(task) != "000000" else "111111"
        for _ in range(4):
            assert actions.hand_over(courier, task=task, code=wrong, at=AT).redeemed is Redeemed.WRONG
        assert actions.hand_over(courier, task=task, code=wrong, at=AT).redeemed is Redeemed.LOCKED
        assert round_.page(task).state is TaskState.EN_ROUTE

    def test_a_picture_is_a_proof_too(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        with pytest.raises(NoProof):
            actions.hand_over(courier, task=task, at=AT)
        actions.hand_over(courier, task=task, photo=("door.jpg", a_picture()), at=AT)
        page = round_.page(task)
        assert (page.proof, page.photo is not None) == (Proof.PHOTO, True)

    def test_the_wrong_parcel_is_refused_with_words_and_nothing_moves(self, round_):
        courier = round_.a_courier()
        task, other = round_.given(courier), round_.given(courier, 1)
        with pytest.raises(WrongParcel) as refused:
            actions.collect_goods(courier, task=task, scanned=str(round_.page(other).order), at=AT)
        assert refused.value.field == "scanned"
        assert round_.page(task).state is TaskState.ASSIGNED

    def test_what_is_not_packed_cannot_be_taken(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier, ready=False)
        with pytest.raises(NotPacked):
            actions.collect_goods(courier, task=task, at=AT)

    def test_the_phones_own_time_is_kept_and_the_servers_decides(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier)
        actions.collect_goods(courier, task=task, said_at=AT + 3 * HOUR, at=AT + MINUTE)
        moved = as_the_house("SELECT said_at, moved_at FROM delivery_task_move WHERE verb = 'collect'")
        assert moved == [(AT + 3 * HOUR, AT + MINUTE)]

    def test_nobody_else_carries_it(self, round_):
        task = round_.given(round_.a_courier())
        with pytest.raises(NotFound):
            actions.collect_goods(round_.a_courier(), task=task, at=AT)
        with pytest.raises(Denied):
            actions.collect_goods(round_.shop.scope, task=task, at=AT)
        assert round_.page(task).state is TaskState.ASSIGNED

    def test_what_a_shop_carries_itself_is_for_its_own_couriers_and_pays_nothing_here(self, round_):
        task = round_.task(by_shop=True)
        with pytest.raises(NotYourCourier):
            actions.assign_tasks(OPERATOR, tasks=[task], courier=me(round_.a_courier()), at=AT)
        own = round_.a_courier(by=round_.shop.scope, on_shift=False)
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(own), at=AT)
        actions.collect_goods(own, task=task, at=AT)
        actions.hand_over(own, task=task, code=round_.code(task), at=AT)
        assert as_the_house("SELECT count(*) FROM delivery_earning") == [(0,)]


class TestFailing:
    def test_what_fails_goes_back_to_the_shop_and_can_be_tried_again(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        for _ in range(2):
            state = actions.fail_task(courier, task=task, reason=FailReason.NOBODY_HOME, at=AT + MINUTE)
            assert state is TaskState.FAILED
        page = round_.page(task)
        assert (page.goods, page.waits_for, page.due_at) == (
            Custody.COURIER, WaitsFor.COURIER, AT + MINUTE + 90 * MINUTE,
        )  # fmt: skip
        for _ in range(2):
            actions.return_goods(courier, task=task, at=AT + 20 * MINUTE)
        page = round_.page(task)
        assert (page.state, page.goods, page.due_at) == (TaskState.FAILED, Custody.SHOP, None)
        assert [len(facts(f"delivery.{name}")) for name in ("TaskFailed", "GoodsReturned")] == [1, 1]
        assert as_the_house("SELECT kind, amount_minor FROM delivery_earning") == [("way_back", 150)]
        assert ledger.balance(OPERATOR, book=round_.book, address=delivery_payable(me(courier))) == Money(-150)
        again = round_.asked(order=page.order)
        assert actions.ask_delivery(SYSTEM, asked=[again], at=AT + HOUR) == (task,)
        assert round_.page(task).state is TaskState.TODO

    def test_who_brings_goods_back_and_hands_them_over_later_is_paid_for_both(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        actions.fail_task(courier, task=task, reason=FailReason.NO_WAY_IN, at=AT)
        actions.return_goods(courier, task=task, at=AT)
        actions.ask_delivery(SYSTEM, asked=[round_.asked(order=round_.page(task).order)], at=AT + HOUR)
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(courier), at=AT + HOUR)
        actions.collect_goods(courier, task=task, at=AT + HOUR)
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT + HOUR)
        earned = as_the_house("SELECT kind, amount_minor FROM delivery_earning ORDER BY kind")
        assert earned == [("task", 239), ("way_back", 150)]
        assert as_the_house("SELECT count(*), sum(amount_minor) FROM payouts_line") == [(2, 389)]

    @pytest.mark.parametrize("fault", [FailReason.WRONG_PLACE, FailReason.DAMAGED])
    def test_a_way_back_through_a_couriers_own_fault_pays_nothing(self, round_, fault):
        courier = round_.a_courier()
        task = round_.taken(courier)
        actions.fail_task(courier, task=task, reason=fault, at=AT)
        actions.return_goods(courier, task=task, at=AT)
        assert as_the_house("SELECT count(*) FROM delivery_earning") == [(0,)]

    def test_goods_called_off_on_the_way_are_brought_back(self, round_):
        courier = round_.a_courier()
        task = round_.taken(courier)
        actions.call_off(SYSTEM, order=round_.page(task).order, why="buyer", at=AT)
        assert round_.page(task).waits_for is WaitsFor.COURIER
        with pytest.raises(WrongState):
            actions.hand_over(courier, task=task, code=round_.code(task), at=AT)
        actions.return_goods(courier, task=task, at=AT)
        assert (round_.page(task).state, round_.page(task).goods) == (TaskState.CALLED_OFF, Custody.SHOP)

    def test_what_is_late_is_told_to_the_board_once_until_it_moves(self, round_):
        task = round_.task()
        assert tasks.keep_watch(at=AT + 2 * MINUTE) == 0
        assert tasks.keep_watch(at=AT + 4 * MINUTE) == 1
        assert tasks.keep_watch(at=AT + 5 * MINUTE) == 0
        (shown,) = queries.board(OPERATOR, wanted=queries.Wanted(is_late=True), at=AT + 5 * MINUTE).tasks
        assert (shown.task, shown.is_escalated) == (task, True)
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(round_.a_courier()), at=AT + 5 * MINUTE)
        assert round_.page(task).escalated_at is None

    def test_who_vanishes_loses_what_was_not_collected_and_the_board_hears_of_the_rest(self, round_):
        courier = round_.a_courier()
        kept, lost = round_.taken(courier), round_.given(courier, 1)
        later = AT + 9 * MINUTE
        assert queries.gone_couriers(SYSTEM, at=later, limit=10) == ()
        tasks.keep_watch(at=AT + 12 * MINUTE)
        assert (round_.page(lost).state, round_.page(lost).courier) == (TaskState.TODO, None)
        page = round_.page(kept)
        assert (page.state, page.courier, page.escalated_at) == (
            TaskState.EN_ROUTE, me(courier), AT + 12 * MINUTE,
        )  # fmt: skip
        with pytest.raises((NotYourTask, NotFound)):
            actions.collect_goods(courier, task=lost, at=AT + 13 * MINUTE)
        assert [f["task"] for f in facts("delivery.TaskTakenBack")] == [str(lost)]

    def test_a_sign_keeps_a_couriers_work(self, round_):
        courier = round_.a_courier()
        task = round_.given(courier)
        actions.tell_position(courier, lat=30.25, lon=120.16, accuracy_m=10, said_at=AT, at=AT + 8 * MINUTE)
        tasks.keep_watch(at=AT + 12 * MINUTE)
        assert round_.page(task).courier == me(courier)

    def test_a_position_is_the_latest_only_and_is_erased(self, round_):
        courier = round_.a_courier()
        for minute, lat in ((1, 30.1), (3, 30.3), (2, 30.2)):
            told = AT + minute * MINUTE
            actions.tell_position(courier, lat=lat, lon=120.16, accuracy_m=10, said_at=told, at=AT + 4 * MINUTE)
        assert as_the_house("SELECT lat FROM delivery_position") == [(30.3,)]
        assert tasks.erase_positions(at=AT + timedelta(hours=13)) == 1
