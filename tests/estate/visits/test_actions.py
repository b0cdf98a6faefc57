"""Inviting, checking, letting in, asking the home: against the database, refusals included."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders.clock import AT
from builders.people import a_person
from builders.visits import TODAY, a_draft, a_gate
from harness.payments_words import as_the_house
from linli.estate.visits import actions, queries, rules
from linli.estate.visits.rules import ArrivalState, PassKind, Purpose, VisitPolicy, Way, WhyNot
from linli.ground.people import actions as people
from linli.ground.policies import actions as policies
from linli.kernel.ids import VisitPassId, new
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=10)


@pytest.fixture
def gate():
    return a_gate()


def set_policy(gate, **values):
    place = gate.home.community.id
    word = VisitPolicy.word
    policies.set_policy(SYSTEM, word=word, level="community", place=place, values=values, start_at=AT, at=AT)


def code_of(gate, visit_pass):
    return queries.pass_page(gate.home.scope, visit_pass=visit_pass, at=AT).card.code


def stands(visit_pass):
    return as_the_house("SELECT state, entered, inside FROM visits_pass WHERE id = %s", visit_pass)[0]


def passings():
    return as_the_house("SELECT way, why FROM visits_passing ORDER BY id LIMIT 100")


def everything():
    return as_the_house(
        "SELECT (SELECT count(*) FROM visits_pass), (SELECT count(*) FROM visits_pass_move),"
        " (SELECT count(*) FROM visits_arrival), (SELECT count(*) FROM visits_passing),"
        " (SELECT count(*) FROM spine_fact), (SELECT count(*) FROM notify_message)"
    )


def check(gate, code, guard=None, at=AT):
    return actions.check_code(guard or gate.guard, community=gate.home.community.id, code=code, at=at)


class TestInviting:
    def test_a_pass_is_opened_with_a_code_and_a_link_for_the_days_asked(self, gate):
        visit_pass = gate.a_pass(PassKind.DAYS, days=3, entries=4, guest_name=" 李四 ", plate="浙a·12345")
        card = queries.pass_page(gate.home.scope, visit_pass=visit_pass, at=AT).card
        assert (card.door, card.guest_name, card.plate) == ("3-1-502", "李四", "浙A12345")
        assert (card.window.start_on, card.window.end_on) == (TODAY, date(2026, 3, 5))
        assert (card.entries, card.entered, card.state, card.why_not) == (4, 0, "open", None)
        assert rules.code_of(card.code) == card.code
        moves = as_the_house("SELECT verb, before, after, person FROM visits_pass_move")
        assert moves == [("invite", "", "open", gate.home.owner)]

    def test_open_passes_of_a_community_never_share_a_code(self, gate, monkeypatch):
        drawn = iter(["111111", "111111", "111111", "222222"])
        monkeypatch.setattr(rules, "new_code", lambda: next(drawn))
        assert code_of(gate, gate.a_pass()) == "111111"
        assert code_of(gate, gate.a_pass()) == "222222"

    def test_a_code_is_free_again_when_its_pass_has_ended(self, gate, monkeypatch):
        monkeypatch.setattr(rules, "new_code", lambda: "111111")
        first = gate.a_pass()
        actions.revoke(gate.home.scope, visit_pass=first, at=AT)
        assert code_of(gate, gate.a_pass()) == "111111"

    @pytest.mark.parametrize(
        ("policy", "draft", "refusal"),
        [
            ({"open_passes": 2}, a_draft(), actions.TooManyPasses),
            ({"standing_passes": 1}, a_draft(PassKind.STANDING, days=30, entries=None), actions.TooManyPasses),
            ({"is_offered": False}, a_draft(), actions.NoInvitations),
            ({"longest_days": 3}, a_draft(until_min=9 * 60), Invalid),
        ],
    )
    def test_what_the_community_does_not_allow_is_refused_and_nothing_is_written(self, gate, policy, draft, refusal):
        gate.a_pass()
        gate.a_pass(PassKind.STANDING, days=30, entries=None)
        set_policy(gate, **policy)
        before = everything()
        with pytest.raises(refusal):
            actions.invite(gate.home.scope, home=gate.home.id, draft=draft, at=AT)
        assert everything() == before

    def test_nobody_invites_into_a_home_of_others(self, gate):
        other = gate.desk.a_home("3-1-503")
        before = everything()
        for scope in (other.scope, gate.guard):
            with pytest.raises((NotFound, Denied)):
                actions.invite(scope, home=gate.home.id, draft=a_draft(), at=AT)
        assert everything() == before

    def test_a_pass_ends_at_once_when_it_is_taken_back_and_only_by_those_who_may(self, gate):
        visit_pass = gate.a_pass()
        stranger = gate.desk.a_home("3-1-503").scope
        elsewhere = a_gate().guard
        for act, scope in ((actions.revoke, stranger), (actions.revoke_at_desk, elsewhere)):
            with pytest.raises(NotFound):
                act(scope, visit_pass=visit_pass, at=AT)
        assert stands(visit_pass) == ("open", 0, 0)
        code = code_of(gate, visit_pass)
        actions.revoke(gate.home.scope, visit_pass=visit_pass, at=AT)
        assert check(gate, code).why_not is WhyNot.REVOKED
        with pytest.raises(WrongState):
            actions.revoke_at_desk(gate.guard, visit_pass=visit_pass, at=AT)

    def test_passes_beyond_the_day_of_moving_out_end(self, gate):
        soon, late = gate.a_pass(), gate.a_pass(first_on=TODAY + timedelta(days=5))
        person, home = gate.home.owner, gate.home.id
        number = actions.revoke_of_leaver(SYSTEM, person=person, home=home, end_on=TODAY + timedelta(days=2), at=AT)
        assert (number, stands(soon)[0], stands(late)[0]) == (1, "open", "revoked")


class TestTheGate:
    def test_a_pass_with_two_entries_lets_two_in_and_both_out_again(self, gate):
        visit_pass = gate.a_pass(entries=2)
        found = check(gate, code_of(gate, visit_pass))
        assert (found.visit_pass, found.why_not) == (visit_pass, None)
        assert actions.let_in(gate.guard, visit_pass=visit_pass, gate="南门", at=AT) is None
        assert stands(visit_pass) == ("open", 1, 1)
        assert actions.let_in(gate.guard, visit_pass=visit_pass, at=AT) is None
        assert stands(visit_pass) == ("used", 2, 2)
        assert actions.let_in(gate.guard, visit_pass=visit_pass, at=AT) is WhyNot.USED_UP
        for _ in range(2):
            actions.let_out(gate.guard, visit_pass=visit_pass, at=LATER)
        with pytest.raises(actions.NobodyInside):
            actions.let_out(gate.guard, visit_pass=visit_pass, at=LATER)
        assert passings() == [("in", ""), ("in", ""), ("turned_away", "used_up"), ("out", ""), ("out", "")]

    def test_a_pass_that_is_not_good_now_lets_nobody_in_and_that_is_noted(self, gate):
        visit_pass = gate.a_pass(first_on=TODAY + timedelta(days=1))
        assert check(gate, code_of(gate, visit_pass)).why_not is WhyNot.NOT_YET
        assert actions.let_in(gate.guard, visit_pass=visit_pass, at=AT) is WhyNot.NOT_YET
        assert stands(visit_pass) == ("open", 0, 0)
        assert passings() == [("turned_away", "not_yet")] * 2

    def test_a_scanned_link_is_worth_the_same_and_only_in_its_community(self, gate):
        visit_pass = gate.a_pass()
        link = queries.pass_page(gate.home.scope, visit_pass=visit_pass, at=AT).card.link
        found = actions.check_link(gate.guard, word=link, at=AT)
        assert (found.visit_pass, found.why_not) == (visit_pass, None)
        for guard, word in ((a_gate().guard, link), (gate.guard, link[:-4] + "AAAA")):
            with pytest.raises(NotFound):
                actions.check_link(guard, word=word, at=AT)

    def test_a_guard_sees_nothing_of_another_community(self, gate):
        visit_pass, elsewhere = gate.a_pass(), a_gate()
        code = code_of(gate, visit_pass)
        assert check(elsewhere, code).why_not is WhyNot.UNKNOWN
        with pytest.raises(NotFound):
            check(gate, code, guard=elsewhere.guard)
        with pytest.raises(NotFound):
            actions.let_in(elsewhere.guard, visit_pass=visit_pass, at=AT)
        assert stands(visit_pass) == ("open", 0, 0)

    def test_five_wrong_codes_make_a_guard_wait_and_no_other(self, gate):
        code = code_of(gate, gate.a_pass())
        wrong = "000000" if code != "000000" else "000001"
        assert [check(gate, wrong).why_not for _ in range(6)] == [WhyNot.UNKNOWN] * 5 + [WhyNot.LOCKED]
        assert check(gate, code).why_not is WhyNot.LOCKED
        assert check(gate, code, guard=gate.another_guard()).why_not is None
        assert check(gate, code, at=LATER).why_not is None

    def test_a_right_code_starts_the_count_of_wrong_ones_anew(self, gate):
        code = code_of(gate, gate.a_pass())
        wrong = "000000" if code != "000000" else "000001"
        said = [check(gate, each).why_not for each in [wrong] * 4 + [code] + [wrong] * 4 + [code]]
        assert said[4] is said[9] is None

    def test_the_clock_ends_passes_whose_time_is_over(self, gate):
        over, still = gate.a_pass(until_min=11 * 60), gate.a_pass()
        assert actions.expire_passes(SYSTEM, at=AT + timedelta(hours=1)) == 1
        assert (stands(over)[0], stands(still)[0]) == ("expired", "open")
        assert actions.expire_passes(SYSTEM, at=AT + timedelta(hours=1)) == 0

    def test_a_code_is_forgotten_a_day_after_its_pass(self, gate):
        visit_pass = gate.a_pass()
        code = code_of(gate, visit_pass)
        actions.expire_passes(SYSTEM, at=AT + timedelta(hours=20))
        assert check(gate, code, at=AT + timedelta(hours=20)).why_not is WhyNot.OVER
        assert check(gate, code, at=AT + timedelta(days=2)).why_not is WhyNot.UNKNOWN


def an_arrival(gate, **given):
    given = {"purpose": Purpose.GUEST, "guest_name": "赵六", "at": AT} | given
    return actions.register_arrival(gate.guard, home=gate.home.id, **given)


def state_of(arrival):
    return as_the_house("SELECT state FROM visits_arrival WHERE id = %s", arrival)[0][0]


class TestArrivals:
    def test_the_home_is_asked_by_message_and_lets_the_visitor_in(self, gate):
        arrival = an_arrival(gate)
        told = as_the_house("SELECT party, template FROM notify_message")
        assert told == [(gate.home.owner, "visitor_waiting")]
        (card,) = queries.my_arrivals(gate.home.scope, at=AT)
        assert (card.door, card.guest_name, card.due_at) == ("3-1-502", "赵六", AT + timedelta(minutes=5))
        actions.answer_arrival(gate.home.scope, arrival=arrival, allow=True, at=AT)
        actions.let_arrival_in(gate.guard, arrival=arrival, at=LATER)
        assert state_of(arrival) == "entered"
        assert passings() == [("in", "")]
        verbs = as_the_house("SELECT verb, role FROM visits_arrival_move ORDER BY id")
        assert verbs == [("register", "property"), ("allow", "resident"), ("enter", "property")]

    def test_the_landlord_is_not_asked_about_the_tenants_visitor(self, gate):
        tenant = a_person("陈租客")
        gate.home.with_tenant(tenant)
        arrival = an_arrival(gate)
        as_tenant = replace(gate.home.scope, person=tenant)
        assert len(queries.my_arrivals(as_tenant, at=AT)) == 1
        assert queries.my_arrivals(gate.home.scope, at=AT) == ()
        with pytest.raises(NotFound):
            actions.answer_arrival(gate.home.scope, arrival=arrival, allow=True, at=AT)
        assert state_of(arrival) == "waiting"

    def test_the_first_answer_counts_and_a_late_one_is_refused(self, gate):
        first, second = an_arrival(gate), an_arrival(gate)
        actions.answer_arrival(gate.home.scope, arrival=first, allow=False, at=AT)
        with pytest.raises(WrongState):
            actions.answer_arrival(gate.home.scope, arrival=first, allow=True, at=AT)
        with pytest.raises(actions.TooLate):
            actions.answer_arrival(gate.home.scope, arrival=second, allow=True, at=LATER)
        with pytest.raises(WrongState):
            actions.let_arrival_in(gate.guard, arrival=first, at=AT)
        assert (state_of(first), state_of(second)) == ("refused", "waiting")

    def test_silence_is_no_and_an_answer_does_not_hold_for_ever(self, gate):
        silent, allowed = an_arrival(gate), an_arrival(gate)
        actions.answer_arrival(gate.home.scope, arrival=allowed, allow=True, at=AT)
        assert queries.arrival(gate.guard, arrival=silent, at=LATER).state is ArrivalState.LAPSED
        assert actions.lapse_arrivals(SYSTEM, at=LATER) == 1
        assert (state_of(silent), state_of(allowed)) == ("lapsed", "allowed")
        with pytest.raises(actions.TooLate):
            actions.let_arrival_in(gate.guard, arrival=allowed, at=AT + timedelta(minutes=31))
        assert actions.lapse_arrivals(SYSTEM, at=AT + timedelta(minutes=31)) == 1
        assert passings() == []

    def test_a_visitor_who_goes_away_is_closed(self, gate):
        arrival = an_arrival(gate)
        actions.withdraw_arrival(gate.guard, arrival=arrival, at=AT)
        assert state_of(arrival) == "withdrawn"
        assert queries.my_arrivals(gate.home.scope, at=AT) == ()

    def test_what_cannot_be_asked_is_refused_and_nothing_is_written(self, gate):
        empty = gate.desk.a_home("3-1-504")
        people.move_out(SYSTEM, party=empty.owner, home=empty.id, kind="owner", end_on=date(2026, 1, 1), at=AT)
        elsewhere = a_gate()
        before = everything()
        for home, refusal in ((empty, actions.NobodyToAsk), (elsewhere.home, NotFound)):
            with pytest.raises(refusal):
                actions.register_arrival(gate.guard, home=home.id, purpose=Purpose.GUEST, at=AT)
        assert everything() == before
        set_policy(gate, takes_arrivals=False)
        with pytest.raises(actions.NoArrivals):
            an_arrival(gate)


class TestForgetting:
    def names(self):
        return as_the_house(
            "SELECT guest_name, guest_phone, plate FROM visits_pass UNION ALL"
            " SELECT guest_name, guest_phone, plate FROM visits_arrival"
        )

    def test_who_a_guest_was_is_forgotten_a_month_later(self, gate):
        gate.a_pass(guest_name="李四", guest_phone="13900000000", plate="浙A12345")
        an_arrival(gate, guest_phone="13900000001", plate="浙A12346")
        assert actions.forget_guests(SYSTEM, at=AT + timedelta(days=29)) == 0
        assert actions.forget_guests(SYSTEM, at=AT + timedelta(days=32)) == 2
        assert self.names() == [("", "", "")] * 2
        assert actions.forget_guests(SYSTEM, at=AT + timedelta(days=32)) == 0

    def test_with_a_person_go_their_guests_and_their_open_passes(self, gate):
        visit_pass = gate.a_pass(guest_name="李四")
        an_arrival(gate)
        actions.forget_person(SYSTEM, person=gate.home.owner, at=AT)
        assert self.names() == [("", "", "")] * 2
        assert stands(visit_pass)[0] == "revoked"


def test_a_guests_page_tells_where_and_when_and_nothing_of_the_home(gate):
    visit_pass = gate.a_pass(guest_name="李四")
    link = queries.pass_page(gate.home.scope, visit_pass=visit_pass, at=AT).card.link
    shared = queries.shared_pass(link, at=AT)
    assert (shared.community, shared.why_not) == (gate.home.community.id, None)
    assert not {"李四", "3-1-502"} & {str(getattr(shared, name)) for name in shared.__slots__}
    actions.revoke(gate.home.scope, visit_pass=visit_pass, at=AT)
    assert queries.shared_pass(link, at=AT).why_not is WhyNot.REVOKED
    for word in (link[1:], rules.link_word(VisitPassId(new()), b"only-for-tests")):
        with pytest.raises(NotFound):
            queries.shared_pass(word, at=AT)


def test_the_desk_lists_passes_without_codes_and_the_log_with_its_filters(gate):
    visit_pass = gate.a_pass(PassKind.STANDING, days=30, entries=None)
    actions.let_in(gate.guard, visit_pass=visit_pass, gate="南门", at=AT)
    communities = (gate.home.community.id,)
    (listed,) = queries.passes(gate.guard, communities=communities, kind=PassKind.STANDING)
    assert (listed.visit_pass, listed.door, listed.entered) == (visit_pass, "3-1-502", 1)
    assert queries.passes(gate.guard, communities=communities, kind=PassKind.ONCE) == ()
    assert queries.passes(a_gate().guard, communities=communities) == ()
    (line,) = queries.passings(gate.guard, communities=communities, way=Way.IN, gate="南门")
    assert (line.door, line.kind, line.guard) == ("3-1-502", "standing", "王小明")
    assert queries.passings(gate.guard, communities=communities, until=AT) == ()
    assert queries.gate_board(gate.guard, community=communities[0], at=AT).inside == 1


def test_a_gate_token_carries_the_window_of_a_pass(gate):
    visit_pass = gate.a_pass(until_min=12 * 60)
    token = queries.gate_token(gate.home.scope, visit_pass=visit_pass)
    told = rules.read_gate_token(token, rules.gate_key(b"only-for-tests"))
    assert told is not None
    assert (told.visit_pass, told.uses) == (visit_pass, 1)
    assert told.ends_at == AT + timedelta(hours=2)
