"""Parcels in lockers: put in at the drop-off point, fetched by whom they are for, taken out after their time."""

from datetime import timedelta
from functools import partial

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.parcels import actions, queries
from linli.estate.parcels.actions import (
    CabinetSilent,
    DoorOpen,
    DoorStuck,
    NoCompartment,
    NothingOpened,
    NotThisCabinet,
    StillInLocker,
)
from linli.estate.parcels.rules import Carrier, ParcelState, Scan
from linli.kernel.life import WrongState
from linli.kernel.refusals import NotFound
from linli.reach.handover.rules import Redeemed
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import gateways
from linli.reach.lockers import queries as cabinets
from linli.reach.lockers.rules import PUT_IN_WITHIN, Size
from linli.spine.scope import SYSTEM


class Point:
    """A drop-off point with a home 3-2-501 and a cabinet A of two small compartments and a large one."""

    def __init__(self):
        self.desk = a_desk()
        self.home = self.desk.a_home("3-2-501")
        self.staff = self.desk.scope
        self.cabinet = lockers.keep_cabinet(
            self.staff, community=self.community, label="A", machine="m",
            compartments={Size.SMALL: 2, Size.LARGE: 1}, at=AT,
        )  # fmt: skip

    @property
    def community(self):
        return self.desk.community.id

    def one(self, nth=1):
        scans = [Scan(f"SF1000{nth}", "3-2-501")]
        done = actions.scan_in(
            self.staff, community=self.community, carrier=Carrier.SF, shelf="A1", scans=scans, at=AT
        )  # fmt: skip
        return done.parcels[0]

    def in_locker(self, nth=1, size=Size.SMALL):
        parcel = self.one(nth)
        actions.open_compartment(self.staff, parcel=parcel, size=size, at=AT)
        actions.put_in_locker(self.staff, parcel=parcel, at=AT)
        return parcel

    def page(self, parcel):
        return queries.parcel_page(self.staff, parcel=parcel, at=AT)

    @property
    def sign(self):
        return as_the_house("SELECT sign FROM lockers_cabinet")[0][0]


@pytest.fixture
def machines(monkeypatch):
    stood = gateways.EmbeddedCabinets()
    monkeypatch.setattr(gateways, "cabinets", lambda: stood)
    return stood


@pytest.fixture
def point(db, machines):
    return Point()


def taken():
    return [
        is_taken for (is_taken,) in as_the_house("SELECT subject IS NOT NULL FROM lockers_compartment ORDER BY nth")
    ]


def in_order():
    return [is_sound for (is_sound,) in as_the_house("SELECT broken_at IS NULL FROM lockers_compartment ORDER BY nth")]


def told(template):
    return as_the_house("SELECT party, values::text FROM notify_message WHERE template = %s ORDER BY id", template)


def test_it_lies_in_the_smallest_compartment_that_fits_once_its_door_is_shut(point, machines):
    parcel = point.one()
    assert actions.open_compartment(point.staff, parcel=parcel, size=Size.MEDIUM, at=AT) == "A 03"
    page = point.page(parcel)
    assert (page.opened, page.card.shelf, page.card.in_locker) == ("A 03", "A1", False)
    machines.left_open = {("m", 3)}
    with pytest.raises(DoorOpen):
        actions.put_in_locker(point.staff, parcel=parcel, at=AT)
    assert (point.page(parcel).card.in_locker, told("parcel_in_locker")) == (False, [])
    machines.left_open = set()
    assert actions.put_in_locker(point.staff, parcel=parcel, at=AT) == "A 03"
    page = point.page(parcel)
    assert (page.opened, page.card.shelf, page.card.in_locker) == ("", "A 03", True)
    assert [move.verb for move in page.moves] == ["take_in", "put_in_locker"]
    ((party, values),) = told("parcel_in_locker")
    assert (party, "A 03" in values) == (point.home.owner, True)
    assert [card.parcel for card in queries.in_lockers(point.staff, community=point.community, at=AT)] == [parcel]


def test_whom_it_is_for_opens_it_before_the_cabinet_and_has_it_once(point, machines):
    parcel = point.in_locker()
    sign = point.sign
    with pytest.raises(NotThisCabinet):
        actions.open_own_parcel(point.home.scope, parcel=parcel, sign="0000" if sign != "0000" else "1", at=AT)
    assert (machines.opened[1:], point.page(parcel).card.state) == ([], ParcelState.WAITING)
    assert actions.open_own_parcel(point.home.scope, parcel=parcel, sign=f" {sign} ", at=AT) == "A 01"
    assert (machines.opened[1:], point.page(parcel).card.state) == ([("m", 1)], ParcelState.FETCHED)
    assert (taken(), as_the_house("SELECT state FROM handover_handover")) == ([False] * 3, [("closed",)])
    with pytest.raises(NotFound):
        actions.open_own_parcel(point.home.scope, parcel=parcel, sign=sign, at=AT)


def test_a_neighbour_opens_nothing(point, machines):
    parcel = point.in_locker()
    neighbour = point.desk.a_home("3-2-502").scope
    with pytest.raises(NotFound):
        actions.open_own_parcel(neighbour, parcel=parcel, sign=point.sign, at=AT)
    assert (len(machines.opened), taken()) == (1, [True, False, False])


def test_a_door_that_sticks_leaves_it_waiting_and_its_code_fetches_it_at_the_desk(point, machines):
    parcel = point.in_locker()
    machines.stuck = {("m", 1)}
    with pytest.raises(DoorStuck):
        actions.open_own_parcel(point.home.scope, parcel=parcel, sign=point.sign, at=AT)
    with pytest.raises(DoorStuck):
        actions.open_to_shelve(point.staff, parcel=parcel, at=AT)
    assert (point.page(parcel).card.in_locker, taken()) == (True, [True, False, False])
    actions.open_to_shelve(point.staff, parcel=parcel, by_key=True, at=AT)
    (mine,) = queries.my_parcels(point.home.scope, at=AT)
    assert (mine.in_locker, mine.shelf) == (False, "")
    assert actions.hand_out(point.staff, parcel=parcel, code=mine.code, at=AT) is Redeemed.OK
    assert in_order() == [False, True, True]  # nobody gets this compartment until somebody has mended it


def test_a_silent_cabinet_is_passed_over_and_a_look_at_its_door_is_believed(point, machines):
    first, second = point.one(1), point.one(2)
    actions.open_compartment(point.staff, parcel=first, size=Size.SMALL, at=AT)
    machines.silent = {"m"}
    with pytest.raises(NoCompartment):
        actions.open_compartment(point.staff, parcel=second, size=Size.SMALL, at=AT)
    with pytest.raises(CabinetSilent):
        actions.put_in_locker(point.staff, parcel=first, at=AT)
    assert taken() == [True, False, False]
    assert actions.put_in_locker(point.staff, parcel=first, seen_shut=True, at=AT) == "A 01"


def test_what_waits_too_long_is_taken_out_and_only_then_goes_back(point):
    parcel = point.in_locker()
    late = AT + timedelta(days=11)
    ((due_at,),) = as_the_house("SELECT due_at FROM lockers_compartment WHERE subject = %s", parcel)
    assert due_at == AT + timedelta(hours=24)
    with pytest.raises(StillInLocker):
        actions.give_back(point.staff, parcel=parcel, at=late)
    together = actions.give_back_many(point.staff, parcels=[parcel], at=late)
    assert (together.done, [each.of for each in together.refused]) == ((), [parcel])
    assert (point.page(parcel).card.state, taken()) == (ParcelState.WAITING, [True, False, False])
    actions.open_to_shelve(point.staff, parcel=parcel, at=late)
    assert (taken(), len(told("parcel_at_desk"))) == ([False] * 3, 1)
    actions.give_back(point.staff, parcel=parcel, at=late)
    assert point.page(parcel).card.state is ParcelState.RETURNED


def test_what_lies_in_a_locker_is_handed_out_at_the_desk_only_once_it_was_taken_out(point):
    parcel = point.in_locker()
    (mine,) = queries.my_parcels(point.home.scope, at=AT)
    with pytest.raises(StillInLocker):
        actions.hand_out(point.staff, parcel=parcel, code=mine.code, at=AT)
    with pytest.raises(StillInLocker):
        actions.hand_out_seen(point.staff, parcel=parcel, taker="钱四", at=AT)
    assert (point.page(parcel).card.state, taken()) == (ParcelState.WAITING, [True, False, False])
    actions.open_to_shelve(point.staff, parcel=parcel, at=AT)
    assert actions.hand_out(point.staff, parcel=parcel, code=mine.code, at=AT) is Redeemed.OK
    assert (point.page(parcel).card.state, taken()) == (ParcelState.FETCHED, [False] * 3)


def test_one_that_is_in_a_locker_or_gone_gets_no_compartment(point):
    parcel = point.in_locker()
    with pytest.raises(WrongState):
        actions.open_compartment(point.staff, parcel=parcel, size=Size.SMALL, at=AT)
    gone = point.one(2)
    with pytest.raises(NothingOpened):
        actions.put_in_locker(point.staff, parcel=gone, at=AT)
    actions.hand_out_seen(point.staff, parcel=gone, taker="钱四", at=AT)
    with pytest.raises(WrongState):
        actions.open_compartment(point.staff, parcel=gone, size=Size.SMALL, at=AT)
    assert taken() == [True, False, False]


def test_handed_out_while_its_door_stands_open_its_compartment_is_free_again(point):
    parcel = point.one()
    actions.open_compartment(point.staff, parcel=parcel, size=Size.SMALL, at=AT)
    actions.hand_out_seen(point.staff, parcel=parcel, taker="钱四", at=AT)
    assert taken() == [False] * 3
    assert cabinets.check(SYSTEM, at=AT + 2 * PUT_IN_WITHIN)[0].ok is True


def test_strangers_at_another_desk_see_and_open_none(point):
    parcel = point.in_locker()
    other = a_desk().scope
    assert queries.in_lockers(other, community=point.community, at=AT) == ()
    for verb in (actions.open_to_shelve, actions.put_in_locker):
        with pytest.raises(NotFound):
            verb(other, parcel=parcel, at=AT)
    assert taken() == [True, False, False]


@pytest.mark.usefixtures("machines")
def test_fetched_on_two_phones_of_a_home_at_once_it_is_handed_out_once(own_database: OwnDatabase):
    point = Point()
    parcel = point.in_locker()
    fetch = partial(actions.fetch_from_locker, point.home.scope, parcel=parcel, at=AT)
    assert ends_at_once(fetch, fetch) == {"done": 1, "NotFound": 1}
    assert as_the_house("SELECT count(*) FROM parcels_move WHERE verb = 'fetch'") == [(1,)]
