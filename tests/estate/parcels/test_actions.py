"""Taking in, handing out, reminding, forgetting: against the database, refusals included."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.people import a_person
from harness.at_once import ends_at_once
from harness.budget import budget
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.parcels import actions, queries, tasks
from linli.estate.parcels.rules import Carrier, ParcelPolicy, ParcelState, Scan, Unplaced
from linli.ground.policies import actions as policies
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM

DAY = timedelta(days=1)


class Point:
    """A drop-off point with homes 3-2-501 and 3-2-502; phones of the second end in 4321."""

    def __init__(self):
        self.desk = a_desk()
        self.home = self.desk.a_home("3-2-501")
        self.other = self.desk.a_home("3-2-502")
        person = a_person("钱四", phone="13900004321")
        self.tailed = self.other.with_tenant(person)
        self.tenant = replace(self.other.scope, person=person)

    def takes_in(self, *scans, at=AT, carrier=Carrier.SF):
        community = self.desk.community.id
        return actions.scan_in(
            self.desk.scope,
            community=community,
            carrier=carrier,
            shelf="A1",
            scans=[Scan(*one) for one in scans],
            at=at,
        )

    def one(self, at=AT, tracking="SF10001"):
        return self.takes_in((tracking, "3-2-501"), at=at).parcels[0]


@pytest.fixture
def point(db):
    return Point()


def code_of(scope, parcel):
    return next(card.code for card in queries.my_parcels(scope, at=AT) if card.parcel == parcel)


def state_of(parcel):
    return as_the_house("SELECT state FROM parcels_parcel WHERE id = %s", parcel)[0][0]


def told(template):
    return as_the_house("SELECT party, values::text FROM notify_message WHERE template = %s ORDER BY id", template)


def everything():
    return as_the_house(
        "SELECT (SELECT count(*) FROM parcels_parcel), (SELECT count(*) FROM parcels_move),"
        " (SELECT count(*) FROM handover_handover), (SELECT count(*) FROM notify_message),"
        " (SELECT count(*) FROM spine_fact)"
    )


def test_a_batch_is_placed_by_doors_and_phone_tails_and_the_rest_is_named(point):
    done = point.takes_in(("SF10001", "3-2-501"), ("SF10002", "4321"), ("SF10003", "9-9-999"), ("SF10001", "3-2-501"))
    assert len(done.parcels) == 2
    assert done.unplaced[0] == (Scan("SF10003", "9-9-999"), Unplaced.NOBODY)
    assert point.takes_in(("SF10001", "3-2-501")).unplaced == ((Scan("SF10001", "3-2-501"), Unplaced.KNOWN),)
    (mine,) = queries.my_parcels(point.home.scope, at=AT)
    assert (mine.tracking, mine.shelf, mine.label) == ("SF10001", "A1", "PC-260302-0001-01")
    assert len(mine.code) == 6
    assert {party for party, _values in told("parcel_arrived")} == {point.home.owner, point.tenant.person}
    assert all(mine.code not in values for _party, values in told("parcel_arrived"))


def test_a_batch_of_a_hundred_costs_as_many_statements_as_one(point):
    with budget(14):  # the policy is read once, then remembered
        point.takes_in(("SF20000", "3-2-501"))
    with budget(13):
        point.takes_in(*((f"SF3{n:04d}", "3-2-501") for n in range(100)))
    assert len(told("parcel_arrived")) == 2


def test_a_tail_that_two_homes_share_is_not_guessed(point):
    person = a_person("赵五", phone="13800004321")
    point.desk.a_home("3-2-503").with_tenant(person)
    assert point.takes_in(("SF10002", "4321")).unplaced == ((Scan("SF10002", "4321"), Unplaced.SEVERAL),)


def test_the_landlord_sees_nothing_of_the_tenants_parcels(point):
    point.takes_in(("SF10002", "3-2-502"))
    assert queries.my_parcels(point.other.scope, at=AT) == ()
    assert queries.waiting(point.tenant) == 1


def test_the_code_fetches_a_parcel_once_and_a_wrong_one_is_counted(point):
    parcel, scope = point.one(), point.desk.scope
    code = code_of(point.home.scope, parcel)
    wrong = "000000" if code != "000000" else "000001"
    assert actions.hand_out(scope, parcel=parcel, code=wrong, at=AT) is Redeemed.WRONG
    assert as_the_house("SELECT wrong_tries FROM handover_handover") == [(1,)]
    assert actions.hand_out(scope, parcel=parcel, code=code, at=AT) is Redeemed.OK
    with pytest.raises(WrongState):
        actions.hand_out(scope, parcel=parcel, code=code, at=AT)
    page = queries.parcel_page(scope, parcel=parcel, at=AT + DAY)
    assert (page.card.state, page.card.by_code, page.taker, page.card.age_days) == ("fetched", True, "", 0)
    assert queries.my_parcels(point.home.scope, at=AT)[0].code == ""


def test_who_shows_their_papers_is_noted_and_forgotten_later(point):
    parcel, scope = point.one(), point.desk.scope
    with pytest.raises(Invalid):
        actions.hand_out_seen(scope, parcel=parcel, taker=" ", at=AT)
    assert state_of(parcel) == "waiting"
    actions.hand_out_seen(scope, parcel=parcel, taker="王小明的父亲", at=AT)
    assert queries.parcel_page(scope, parcel=parcel, at=AT).taker == "王小明的父亲"
    assert as_the_house("SELECT state FROM handover_handover") == [("closed",)]
    assert tasks.forget_takers(at=AT + 89 * DAY) == 0
    assert tasks.forget_takers(at=AT + 91 * DAY) == 1
    assert queries.parcel_page(scope, parcel=parcel, at=AT).taker == ""


def test_what_went_back_or_is_lost_cannot_be_fetched(point):
    back, lost = point.one(), point.one(tracking="SF10009")
    code = code_of(point.home.scope, back)
    actions.give_back(point.desk.scope, parcel=back, at=AT)
    actions.report_lost(point.desk.scope, parcel=lost, at=AT)
    assert (state_of(back), state_of(lost)) == ("returned", "lost")
    with pytest.raises(WrongState):
        actions.hand_out(point.desk.scope, parcel=back, code=code, at=AT)
    assert [party for party, _values in told("parcel_lost")] == [point.home.owner]


def test_a_parcel_is_reminded_of_by_rule_and_not_after_it_left(point):
    point.one()
    gone = point.one(tracking="SF10009")
    actions.give_back(point.desk.scope, parcel=gone, at=AT)
    assert [tasks.remind(at=AT + n * DAY) for n in (1, 2, 3, 4, 6, 8, 20)] == [0, 1, 0, 1, 1, 0, 0]
    assert len(told("parcel_waiting")) == 3


def test_strangers_touch_nothing(point):
    parcel, elsewhere = point.one(), Point()
    before = everything()
    for act in (actions.give_back, actions.report_lost):
        with pytest.raises(NotFound):
            act(elsewhere.desk.scope, parcel=parcel, at=AT)
    with pytest.raises(NotFound):
        actions.hand_out(elsewhere.desk.scope, parcel=parcel, code="123456", at=AT)
    with pytest.raises(NotFound):
        queries.parcel_page(elsewhere.desk.scope, parcel=parcel, at=AT)
    assert queries.my_parcels(point.other.scope, at=AT) == ()
    assert everything() == before


@pytest.mark.parametrize("scans", [(), tuple((f"SF4{n:04d}", "3-2-501") for n in range(101))])
def test_an_empty_or_too_large_batch_is_refused_and_nothing_is_written(point, scans):
    before = everything()
    with pytest.raises(Invalid):
        point.takes_in(*scans)
    assert everything() == before


def test_where_no_parcels_are_kept_none_is_taken_in(point):
    place, word = point.desk.community.id, ParcelPolicy.word
    values = {"is_offered": False}
    policies.set_policy(SYSTEM, word=word, level="community", place=place, values=values, start_at=AT, at=AT)
    with pytest.raises(actions.NotKeptHere):
        point.one()


def test_the_desk_counts_what_waits_and_for_how_long(point):
    point.one(at=AT - 11 * DAY)
    point.one(at=AT - 3 * DAY, tracking="SF10002")
    left = point.one(tracking="SF10003")
    actions.give_back(point.desk.scope, parcel=left, at=AT)
    communities = (point.desk.community.id,)
    ages = queries.ages(point.desk.scope, communities=communities, at=AT)
    assert (ages.waiting, ages.over_two_days, ages.overdue, ages.left_today) == (2, 2, 1, 1)
    overdue = queries.parcels(point.desk.scope, communities=communities, at=AT, only_overdue=True)
    assert [(card.tracking, card.age_days) for card in overdue] == [("SF10001", 11)]
    assert len(queries.parcels(point.desk.scope, communities=communities, at=AT, state=ParcelState.WAITING)) == 2
    assert len(queries.parcels(point.desk.scope, communities=communities, at=AT, words="sf10003")) == 1


def test_with_a_person_goes_who_took_their_parcels(point):
    parcel = point.one()
    actions.hand_out_seen(point.desk.scope, parcel=parcel, taker="王小明", at=AT)
    actions.forget_person(SYSTEM, person=point.home.owner, at=AT)
    assert as_the_house("SELECT taker FROM parcels_parcel") == [("",)]


def test_two_counters_hand_a_parcel_out_once(own_database: OwnDatabase):
    point = Point()
    parcel = point.one()
    code = code_of(point.home.scope, parcel)
    hand_out = partial(actions.hand_out, point.desk.scope, parcel=parcel, code=code, at=AT)
    assert ends_at_once(hand_out, hand_out) == {"done": 1, "WrongState": 1}
