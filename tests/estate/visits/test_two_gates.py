"""Two guards at two gates, and two who invite for one home, at the same moment."""

from builders.clock import AT
from builders.visits import a_gate
from harness.at_once import at_once, ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.visits import actions
from linli.estate.visits.rules import WhyNot


def test_of_two_guards_who_let_in_the_only_entry_one_is_told_that_it_is_used(own_database: OwnDatabase):
    gate = a_gate()
    guards = [gate.guard, gate.another_guard()]
    for _nth in range(3):
        visit_pass = gate.a_pass()
        answers = at_once(
            *(lambda guard=guard, one=visit_pass: actions.let_in(guard, visit_pass=one, at=AT) for guard in guards)
        )
        assert sorted(answers, key=str) == [None, WhyNot.USED_UP]
        rows = as_the_house("SELECT state, entered, inside FROM visits_pass WHERE id = %s", visit_pass)
        assert rows == [("used", 1, 1)]


def test_two_who_invite_at_once_do_not_pass_the_limit_of_their_home(own_database: OwnDatabase):
    gate = a_gate()
    for _nth in range(19):
        gate.a_pass()
    assert ends_at_once(gate.a_pass, gate.a_pass) == {"done": 1, "TooManyPasses": 1}
    assert as_the_house("SELECT count(*) FROM visits_pass") == [(20,)]
