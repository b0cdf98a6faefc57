"""Where residents want their orders left when nobody answers: their own order of places, and a station that is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_company, a_person, a_picture
from builders.couriers import HOUR, a_round
from harness.payments_words import as_the_house, facts
from linli.ground.people.events import MovedOut, PersonErased
from linli.ground.policies import actions as policies
from linli.ground.policies.queries import policy
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.reach.lockers import actions as lockers
from linli.reach.lockers import gateways
from linli.reach.lockers.rules import Size
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.catalogue.rules import Care
from linli.trade.delivery import actions, queries, reactions
from linli.trade.delivery.actions import NotAtTheDoor
from linli.trade.delivery.rules import (
    DeliveryPolicy,
    DropOff,
    Hour,
    Station,
    TaskState,
    beside_lockers,
    elsewhere,
    first_place,
)

pytestmark = pytest.mark.django_db
D = DropOff
EVERYWHERE = (D.DOOR, D.SHELF, D.LOCKER, D.DESK)
STATION = {
    "station_name": "南门驿站",
    "station_where": "南门外 3 号",
    "station_opens": "08:00",
    "station_closes": "20:00",
}


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def round_(monkeypatch):
    monkeypatch.setattr(gateways, "cabinets", gateways.EmbeddedCabinets)
    made = a_round()
    terms(made.community.id, drop_offs=[place.value for place in EVERYWHERE])
    return made


@pytest.fixture
def courier(round_):
    return round_.a_courier()


def terms(community, **values):
    policies.set_policy(
        SYSTEM, word=DeliveryPolicy.word, level="community", place=community, values=values,
        start_at=AT - HOUR, at=AT - HOUR,
    )  # fmt: skip


def wish(home, *places, at=AT):
    return actions.wish_places(home.scope, community=home.community.id, home=home.id, places=places, at=at)


def lies(round_, task):
    return round_.page(task).drop_off


class TestTheRules:
    def test_nothing_is_moved_for_whoever_said_nothing(self):
        assert elsewhere(EVERYWHERE, (), now=D.DOOR, adults_only=False) == ()
        assert first_place(EVERYWHERE, ()) is D.DOOR
        assert beside_lockers(EVERYWHERE) is D.SHELF

    def test_their_order_counts_as_far_as_the_community_allows_it(self):
        wished = (D.STATION, D.LOCKER, D.DESK, D.DOOR)
        assert elsewhere(EVERYWHERE, wished, now=D.DOOR, adults_only=False) == (D.LOCKER, D.DESK)
        assert first_place(EVERYWHERE, wished) is D.LOCKER
        assert beside_lockers(EVERYWHERE, wished) is D.DESK
        assert beside_lockers(EVERYWHERE, (D.DOOR, D.LOCKER)) is D.DOOR
        assert beside_lockers(EVERYWHERE, (D.LOCKER,)) is D.SHELF

    def test_what_only_grown_people_may_have_goes_where_somebody_looks_at_them(self):
        wished = (D.SHELF, D.LOCKER, D.DOOR, D.DESK)
        assert elsewhere(EVERYWHERE, wished, now=D.DOOR, adults_only=True) == (D.DESK,)

    def test_a_station_without_a_name_and_an_address_is_no_place(self):
        named = DeliveryPolicy(
            drop_offs=(D.DOOR, D.STATION), station_name="S", station_where="3", station_opens=Hour.H08,
            station_closes=Hour.H20,
        )  # fmt: skip
        assert (named.places, named.station) == ((D.DOOR, D.STATION), Station("S", "3", Hour.H08, Hour.H20))
        assert DeliveryPolicy(drop_offs=(D.DOOR, D.STATION), station_name="S").places == (D.DOOR,)


class TestTheResidentsWord:
    def test_it_is_kept_for_the_home_and_taken_back(self, round_):
        home = round_.homes[0]
        assert wish(home, D.LOCKER, D.DESK, D.LOCKER) == (D.LOCKER, D.DESK)
        assert wish(home, D.DESK) == (D.DESK,)
        assert queries.wished_places(home.scope, home=home.id) == (D.DESK,)
        assert wish(home) == ()
        assert queries.wished_places(home.scope, home=home.id) == ()

    def test_what_the_community_does_not_allow_is_refused_and_nothing_changes(self, round_):
        home = round_.homes[0]
        wish(home, D.LOCKER)
        with pytest.raises(Invalid):
            wish(home, D.STATION, D.DESK)
        assert queries.wished_places(home.scope, home=home.id) == (D.LOCKER,)

    def test_neighbours_neither_say_it_nor_see_it(self, round_):
        home, neighbour = round_.homes[:2]
        with pytest.raises(NotFound):
            actions.wish_places(
                neighbour.scope, community=home.community.id, home=home.id, places=[D.DESK], at=AT
            )  # fmt: skip
        with pytest.raises(NotFound):
            queries.wished_places(neighbour.scope, home=home.id)
        assert as_the_house("SELECT count(*) FROM delivery_wish") == [(0,)]

    def test_who_moves_out_or_is_erased_takes_it_along(self, round_):
        gone, erased, stays = round_.homes
        for home in round_.homes:
            wish(home, D.DESK)
        community = gone.community.id
        reactions.forget_wishes(
            MovedOut(person=gone.owner, home=gone.id, community=community, residency="owner", end_on=AT.date(), at=AT)
        )
        reactions.forget_person(PersonErased(person=erased.owner, at=AT))
        assert as_the_house("SELECT home FROM delivery_wish") == [(stays.id,)]


class TestACourierToWhomNobodyOpens:
    def test_sees_the_places_in_the_residents_order_and_leaves_it_at_one(self, round_, courier):
        wish(round_.homes[0], D.LOCKER, D.DESK, D.DOOR)
        task = round_.taken(courier)
        assert queries.may_lie(courier, task=task, at=AT) == queries.MayLie((D.LOCKER, D.DESK))
        actions.leave_elsewhere(courier, task=task, place=D.DESK, at=AT)
        actions.leave_elsewhere(courier, task=task, place=D.DESK, at=AT)
        actions.hand_over(courier, task=task, photo=("p.png", a_picture()), spot="B-3", at=AT)
        assert (round_.page(task).state, lies(round_, task)) == (TaskState.DONE, D.DESK)
        assert [(fact["drop_off"], fact["spot"]) for fact in facts("delivery.TaskDone")] == [("desk", "B-3")]

    def test_goes_nowhere_that_the_resident_did_not_name(self, round_, courier):
        task = round_.taken(courier)
        for place in (D.DESK, D.SHELF):
            with pytest.raises(Invalid):
                actions.leave_elsewhere(courier, task=task, place=place, at=AT)
        wish(round_.homes[0], D.DESK)
        with pytest.raises(Invalid):
            actions.leave_elsewhere(courier, task=task, place=D.SHELF, at=AT)
        with pytest.raises(NotFound):
            actions.leave_elsewhere(round_.a_courier(), task=task, place=D.DESK, at=AT)
        assert lies(round_, task) is D.DOOR

    def test_leaves_nothing_at_a_door_whose_resident_does_not_want_it(self, round_, courier):
        wish(round_.homes[0], D.DESK)
        task = round_.taken(courier)
        assert queries.may_lie(courier, task=task, at=AT).by_code is True
        with pytest.raises(NotAtTheDoor):
            actions.hand_over(courier, task=task, photo=("p.png", a_picture()), at=AT)
        assert round_.page(task).state is TaskState.EN_ROUTE
        actions.hand_over(courier, task=task, code=round_.code(task), at=AT)
        assert round_.page(task).state is TaskState.DONE

    def test_finds_every_locker_taken_and_follows_the_residents_order(self, round_, courier):
        wish(round_.homes[0], D.LOCKER, D.DESK)
        task = round_.taken(courier, drop_off=D.LOCKER)
        assert actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT) == actions.Opened("", D.DESK)
        assert lies(round_, task) is D.DESK

    def test_is_told_where_the_station_is(self, round_, courier):
        terms(round_.community.id, drop_offs=["door", "station"], **STATION)
        task = round_.taken(courier, drop_off=D.STATION)
        station = queries.may_lie(courier, task=task, at=AT).station
        assert (station.name, station.where, station.opens, station.closes) == (
            "南门驿站", "南门外 3 号", Hour.H08, Hour.H20,
        )  # fmt: skip

    def test_gives_a_compartment_back_with_the_goods_of_a_task_that_was_called_off(self, round_, courier):
        desk = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(round_.community.id,))
        lockers.keep_cabinet(
            desk, community=round_.community.id, label="A", machine="m", compartments={Size.SMALL: 1}, at=AT
        )  # fmt: skip
        task = round_.taken(courier, drop_off=D.LOCKER)
        actions.open_compartment(courier, task=task, size=Size.SMALL, at=AT)
        actions.call_off(round_.shop.scope, order=round_.page(task).order, why="x", at=AT)
        taken = "SELECT subject IS NOT NULL FROM lockers_compartment"
        assert as_the_house(taken) == [(True,)]  # the goods may lie in it
        actions.return_goods(courier, task=task, at=AT + timedelta(minutes=9))
        assert as_the_house(taken) == [(False,)]

    def test_brings_what_only_grown_people_may_have_to_no_shelf(self, round_, courier):
        wish(round_.homes[0], D.SHELF, D.DESK)
        task = round_.taken(courier, care=frozenset({Care.ADULTS}))
        assert queries.may_lie(courier, task=task, at=AT).elsewhere == (D.DESK,)


def test_a_station_without_an_address_is_not_offered_by_a_settings_page(round_):
    for values in ({"drop_offs": ["station"]}, {**STATION, "station_closes": "08:00"}):
        with pytest.raises(Refusal):
            terms(round_.community.id, **values)
    assert policy(SYSTEM, DeliveryPolicy, at=AT, community=round_.community.id).places == EVERYWHERE
