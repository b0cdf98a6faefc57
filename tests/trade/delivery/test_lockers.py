"""Orders in lockers: the smallest free compartment, doors that fail as doors do, and somewhere else to go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import AT, a_community, a_company, a_person, a_picture
from builders.couriers import HOUR, a_round
from harness.payments_words import as_the_house, facts
from linli.kernel.refusals import NotFound
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import gateways
from linli.reach.lockers import queries as cabinets
from linli.reach.lockers.actions import CabinetKnown, StillInside
from linli.reach.lockers.rules import Size
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions
from linli.trade.delivery.actions import CabinetSilent, DoorOpen, NotForALocker, NothingOpened
from linli.trade.delivery.actions.doing import AdultsOnly
from linli.trade.delivery.rules import Custody, DropOff, FailReason, Proof, TaskState, beside_lockers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def machines(monkeypatch):
    stood = gateways.EmbeddedCabinets()
    monkeypatch.setattr(gateways, "cabinets", lambda: stood)
    return stood


@pytest.fixture
def round_(machines):
    return a_round()


@pytest.fixture
def desk(round_):
    return Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(round_.community.id,))


def a_cabinet(desk, label="A", **sizes):
    wanted = {Size(size): count for size, count in (sizes or {"small": 2, "large": 1}).items()}
    return lockers.keep_cabinet(
        desk, community=desk.communities[0], label=label, machine=f"m-{label}", compartments=wanted, at=AT
    )


@pytest.fixture
def courier(round_):
    return round_.a_courier()


@pytest.fixture
def carried(round_, courier):
    return lambda nth=0, **how: round_.taken(courier, nth, drop_off=DropOff.LOCKER, **how)


def standing():
    return as_the_house("SELECT nth, subject IS NOT NULL, broken_at IS NOT NULL FROM lockers_compartment ORDER BY nth")


class TestACourierAtALocker:
    def test_the_smallest_compartment_that_fits_opens_and_its_shut_door_is_the_proof(
        self, round_, desk, courier, carried, machines
    ):
        a_cabinet(desk)
        task = carried()
        assert actions.open_compartment(courier, task=task, size=Size.MEDIUM, at=AT) == actions.Opened("A 03")
        assert machines.opened == [("m-A", 3)]
        assert round_.page(task).compartment == "A 03"
        assert actions.put_in_locker(courier, task=task, at=AT) is TaskState.DONE
        page = round_.page(task)
        assert (page.proof, page.spot, page.goods) == (Proof.DOOR_EVENT, "A 03", Custody.BUYER)
        (told,) = facts("delivery.TaskDone")
        assert (told["spot"], told["drop_off"], told["proof"]) == ("A 03", "locker", "door_event")

    def test_a_press_with_a_key_that_comes_twice_hands_it_over_once(self, desk, courier, carried):
        a_cabinet(desk)
        task = carried()
        actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        pressed = replace(courier, once="0123456789abcdef")
        assert actions.put_in_locker(pressed, task=task, at=AT) is TaskState.DONE
        assert actions.put_in_locker(pressed, task=task, at=AT) is TaskState.DONE
        assert len(facts("delivery.TaskDone")) == 1

    def test_asked_again_it_has_one_compartment_and_not_two(self, desk, courier, carried):
        a_cabinet(desk)
        task = carried()
        actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        actions.open_compartment(courier, task=task, size=Size.LARGE, at=AT)
        assert standing() == [(1, False, False), (2, False, False), (3, True, False)]

    def test_a_door_that_is_stuck_is_out_of_order_and_the_next_one_opens(self, desk, courier, carried, machines):
        a_cabinet(desk)
        machines.stuck = {("m-A", 1)}
        assert actions.open_compartment(courier, task=carried(), size=Size.SMALL, at=AT).spot == "A 02"
        assert standing() == [(1, False, True), (2, True, False), (3, False, False)]

    def test_a_cabinet_that_does_not_answer_is_passed_over(self, desk, courier, carried, machines):
        a_cabinet(desk)
        a_cabinet(desk, "B", large=1)
        machines.silent = {"m-A"}
        assert actions.open_compartment(courier, task=carried(), size=Size.SMALL, at=AT).spot == "B 01"
        assert as_the_house("SELECT count(*) FROM lockers_compartment WHERE broken_at IS NOT NULL") == [(0,)]

    def test_where_every_locker_is_taken_it_goes_to_the_next_place_and_never_to_the_door(
        self, round_, desk, courier, carried
    ):
        a_cabinet(desk, small=1)
        first, second = carried(0), carried(1)
        actions.open_compartment(courier, task=first, size=Size.SMALL, at=AT)
        opened = actions.open_compartment(courier, task=second, size=Size.SMALL, at=AT)
        assert opened == actions.Opened("", DropOff.SHELF)
        actions.hand_over(courier, task=second, photo=("p.png", a_picture()), spot="B-03", at=AT)
        assert round_.page(second).drop_off is DropOff.SHELF
        assert [fact["drop_off"] for fact in facts("delivery.TaskDone")] == ["shelf"]
        assert beside_lockers((DropOff.DOOR, DropOff.LOCKER)) is DropOff.DESK

    def test_a_door_left_open_is_no_proof_and_nothing_happens(self, round_, desk, courier, carried, machines):
        a_cabinet(desk)
        task = carried()
        actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        machines.left_open = {("m-A", 1)}
        with pytest.raises(DoorOpen):
            actions.put_in_locker(courier, task=task, at=AT)
        assert round_.page(task).state is TaskState.EN_ROUTE
        machines.left_open = set()
        assert actions.put_in_locker(courier, task=task, at=AT) is TaskState.DONE

    def test_a_cabinet_that_falls_silent_leaves_the_picture_as_proof(self, round_, desk, courier, carried, machines):
        a_cabinet(desk)
        task = carried()
        actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        machines.silent = {"m-A"}
        with pytest.raises(CabinetSilent):
            actions.put_in_locker(courier, task=task, at=AT)
        actions.hand_over(courier, task=task, photo=("p.png", a_picture()), at=AT)
        assert (round_.page(task).proof, round_.page(task).spot) == (Proof.PHOTO, "A 01")
        assert cabinets.check(SYSTEM, at=AT + 3 * HOUR)[0].ok is True

    def test_what_was_not_asked_for_there_or_is_for_grown_people_goes_into_none(self, round_, desk, courier, carried):
        a_cabinet(desk)
        for task in (round_.taken(courier, 1), carried(care=frozenset({Care.ADULTS}))):
            with pytest.raises(NotForALocker):
                actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
            with pytest.raises(NothingOpened):
                actions.put_in_locker(courier, task=task, at=AT)
        with pytest.raises(AdultsOnly):
            actions.hand_over(courier, task=task, photo=("p.png", a_picture()), at=AT)
        assert [taken for _nth, taken, _broken in standing()] == [False] * 3

    def test_what_fails_or_is_given_to_its_buyer_after_all_frees_its_compartment(self, round_, desk, courier, carried):
        a_cabinet(desk)
        failed, given = carried(0), carried(1)
        for task in (failed, given):
            actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        actions.fail_task(courier, task=failed, reason=FailReason.REFUSED, at=AT)
        actions.hand_over(courier, task=given, code=round_.code(given), at=AT)
        assert [taken for _nth, taken, _broken in standing()] == [False] * 3

    def test_another_courier_opens_nothing(self, round_, desk, carried):
        a_cabinet(desk)
        with pytest.raises(NotFound):
            actions.open_compartment(round_.a_courier(), task=carried(), size=Size.SMALL, at=AT)
        assert [taken for _nth, taken, _broken in standing()] == [False] * 3


class TestTheDesksCabinets:
    def test_doors_are_numbered_from_the_smallest_and_strangers_see_none(self, desk):
        a_cabinet(desk)
        (box,) = cabinets.cabinets(desk, community=desk.communities[0])
        assert ([door.size for door in box.doors], box.free) == ([Size.SMALL, Size.SMALL, Size.LARGE], 3)
        other = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(a_community().id,))
        assert cabinets.cabinets(other, community=desk.communities[0]) == ()
        with pytest.raises(NotFound):
            lockers.keep_cabinet(
                other, community=desk.communities[0], label="B", machine="b", compartments={Size.SMALL: 1}, at=AT
            )
        with pytest.raises(CabinetKnown):
            a_cabinet(desk)

    def test_what_was_opened_and_nobody_spoke_of_is_found_and_looked_into(self, desk, courier, carried):
        box = a_cabinet(desk, small=1)
        actions.open_compartment(courier, task=carried(), size=Size.SMALL, at=AT)
        with pytest.raises(StillInside):
            lockers.close_cabinet(desk, cabinet=box, at=AT)
        (found,) = cabinets.check(SYSTEM, at=AT + timedelta(hours=2, minutes=1))
        assert (found.ok, "A 01" in str(found.details[0])) == (False, True)
        ((door,),) = as_the_house("SELECT id FROM lockers_compartment")
        lockers.empty(desk, compartment=door, at=AT)
        assert cabinets.check(SYSTEM, at=AT + 3 * HOUR)[0].ok is True
        lockers.close_cabinet(desk, cabinet=box, at=AT)
        assert cabinets.cabinets(desk, community=desk.communities[0]) == ()

    def test_a_door_that_works_again_is_given_to_others(self, desk, courier, carried, machines):
        a_cabinet(desk, small=1)
        machines.stuck = {("m-A", 1)}
        assert actions.open_compartment(courier, task=carried(), size=Size.SMALL, at=AT).instead is DropOff.SHELF
        machines.stuck = set()
        ((door,),) = as_the_house("SELECT id FROM lockers_compartment")
        lockers.mend(desk, compartment=door, at=AT)
        assert actions.open_compartment(courier, task=carried(1), size=Size.SMALL, at=AT).spot == "A 01"
