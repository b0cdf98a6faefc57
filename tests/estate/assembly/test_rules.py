"""Who is a head, what is a ballot, and what the votes come to: by worked tables and by properties."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.assembly import rules
from linli.estate.assembly.rules import Matter, MotionTerms, Owned, Share, Side, Verdict
from linli.kernel import ids
from linli.kernel.ids import HomeId, MotionId, PartyId
from linli.kernel.refusals import Invalid

TERMS = rules.terms_of(msgspec.to_builtins(rules.AssemblyPolicy()))
A, B, C = (PartyId(ids.new()) for _ in range(3))


def a_home(area: int, *owners: PartyId) -> Owned:
    return Owned(HomeId(ids.new()), area, frozenset(owners))


def a_motion(matter: Matter = Matter.ORDINARY, options: int = 3, most: int = 1) -> MotionTerms:
    return MotionTerms(MotionId(ids.new()), matter, options, most)


def verdict(matter: Matter, whole: Side, yes: Side, no: Side, abstain: Side) -> Verdict:
    turnout = yes + no + abstain
    sides = (yes, no, abstain)
    return rules.decide(a_motion(matter), whole=whole, turnout=turnout, sides=sides, terms=TERMS).verdict


def test_an_owner_of_many_homes_is_one_head_with_all_of_its_area():
    (head,) = rules.heads([a_home(8937, A), a_home(12000, A), a_home(63, A)], unowned_count=True)
    assert (head.members, len(head.homes), head.area_dm2) == ((A,), 3, 21000)


def test_co_owners_are_one_head_and_what_one_of_them_owns_alone_is_another():
    found = rules.heads([a_home(9000, A, B), a_home(5000, A), a_home(4000, B, A)], unowned_count=True)
    assert {(frozenset(h.members), h.area_dm2) for h in found} == {(frozenset({A, B}), 13000), (frozenset({A}), 5000)}


@pytest.mark.parametrize(("counted", "areas"), [(True, [700, 5000]), (False, [5000])])
def test_homes_without_a_known_owner_are_one_head_together_or_none(counted, areas):
    found = rules.heads([a_home(300), a_home(400), a_home(5000, A)], unowned_count=counted)
    assert sorted(h.area_dm2 for h in found) == areas


def test_an_area_of_two_decimals_is_counted_in_whole_square_decimetres():
    assert rules.in_dm2(Decimal("89.37")) == 8937


OWNERS = [PartyId(ids.new()) for _ in range(6)]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.sets(st.sampled_from(OWNERS), max_size=3)), max_size=40))
def test_the_areas_of_the_heads_sum_to_the_whole(drawn):
    owned = [a_home(area, *owners) for area, owners in drawn]
    found = rules.heads(owned, unowned_count=True)
    assert sum(h.area_dm2 for h in found) == sum(area for area, _owners in drawn)
    assert sorted(home for h in found for home in h.homes) == sorted(each.home for each in owned)
    assert len(found) == len({owners for _area, owners in ((a, frozenset(o)) for a, o in drawn)})


WHOLE = Side(heads=9, area_dm2=90000)
TABLE = [
    # matter, yes, no, abstain, verdict
    (Matter.ORDINARY, Side(6, 60000), Side(), Side(), Verdict.PASSED),  # two thirds exactly take part, all consent
    (Matter.ORDINARY, Side(6, 59999), Side(), Side(), Verdict.NO_QUORUM),  # the area is short by 0.01 m2
    (Matter.ORDINARY, Side(5, 70000), Side(), Side(), Verdict.NO_QUORUM),  # the heads are short by one
    (Matter.ORDINARY, Side(3, 30000), Side(3, 30000), Side(), Verdict.REJECTED),  # half is not more than half
    (Matter.ORDINARY, Side(4, 30001), Side(2, 29999), Side(), Verdict.PASSED),
    (Matter.ORDINARY, Side(4, 30000), Side(2, 30000), Side(), Verdict.REJECTED),  # heads alone do not carry
    (Matter.ORDINARY, Side(3, 45000), Side(3, 15000), Side(), Verdict.REJECTED),  # nor does area
    (Matter.ORDINARY, Side(3, 30000), Side(), Side(3, 30000), Verdict.REJECTED),  # who abstains takes part
    (Matter.RESERVED, Side(6, 60000), Side(2, 20000), Side(), Verdict.PASSED),  # three quarters exactly suffice
    (Matter.RESERVED, Side(6, 59999), Side(2, 20001), Side(), Verdict.REJECTED),
    (Matter.RESERVED, Side(5, 70000), Side(2, 5000), Side(), Verdict.REJECTED),  # 5 of 7 heads are less than 3/4
    (Matter.SURVEY, Side(1, 1), Side(), Side(), Verdict.NOTED),
    (Matter.ORDINARY, Side(), Side(), Side(), Verdict.NO_QUORUM),
]


@pytest.mark.parametrize(("matter", "yes", "no", "abstain", "expected"), TABLE)
def test_the_civil_code_278_by_a_worked_table(matter, yes, no, abstain, expected):
    assert verdict(matter, WHOLE, yes, no, abstain) is expected


def test_each_comparison_is_told_in_figures():
    sides = (Side(4, 30001), Side(2, 29999), Side())
    outcome = rules.decide(a_motion(), whole=WHOLE, turnout=Side(6, 60000), sides=sides, terms=TERMS)
    assert [(s.about, s.measure, s.part, s.whole, s.share.fraction, s.holds) for s in outcome.steps] == [
        ("quorum", "area", 60000, 90000, Fraction(2, 3), True),
        ("quorum", "heads", 6, 9, Fraction(2, 3), True),
        ("consent", "area", 30001, 60000, Fraction(1, 2), True),
        ("consent", "heads", 4, 6, Fraction(1, 2), True),
    ]


def test_of_a_choice_those_options_carry_that_more_than_half_want():
    choice = a_motion(Matter.CHOICE, options=3, most=2)
    sides = (Side(5, 50000), Side(6, 29999), Side(2, 10000))
    outcome = rules.decide(choice, whole=WHOLE, turnout=Side(7, 60000), sides=sides, terms=TERMS)
    assert (outcome.verdict, outcome.carried) == (Verdict.PASSED, (0,))


def test_nothing_of_nothing_never_holds():
    assert not Share(0, 1).holds(0, 0)


ballots = st.lists(st.tuples(st.integers(1, 20000), st.sampled_from([(0,), (1,), (2,)])), min_size=1, max_size=30)


@given(ballots, st.randoms())
def test_the_order_of_ballots_never_matters(cast, random):
    shuffled = list(cast)
    random.shuffle(shuffled)
    assert rules.tally(cast, 3) == rules.tally(shuffled, 3)


@given(ballots)
def test_every_ballot_is_counted_once_and_nothing_else(cast):
    sides = rules.tally(cast, 3)
    assert sum((side for side in sides), Side()) == rules.turned_out(area for area, _picked in cast)


@given(ballots, st.data(), st.sampled_from([Matter.ORDINARY, Matter.RESERVED]), st.integers(0, 40000))
def test_one_more_yes_never_turns_a_pass_into_a_fail_for_the_same_turnout(cast, data, matter, absent):
    nth = data.draw(st.integers(0, len(cast) - 1))
    swayed = [*cast[:nth], (cast[nth][0], (0,)), *cast[nth + 1 :]]
    turnout = rules.turned_out(area for area, _picked in cast)
    whole = turnout + Side(1 if absent else 0, absent)

    def decided(votes):
        sides = rules.tally(votes, 3)
        return rules.decide(a_motion(matter), whole=whole, turnout=turnout, sides=sides, terms=TERMS).verdict

    if decided(cast) is Verdict.PASSED:
        assert decided(swayed) is Verdict.PASSED


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.sampled_from([(1, 2), (2, 3), (3, 4)]), st.booleans())
def test_a_share_is_compared_exactly(part, whole, share, exceeded):
    fraction, needed = Fraction(part, whole), Fraction(*share)
    assert Share(*share, exceeded).holds(part, whole) is (fraction > needed if exceeded else fraction >= needed)


@pytest.mark.parametrize(
    ("matter", "picked"),
    [(Matter.ORDINARY, ()), (Matter.ORDINARY, (0, 1)), (Matter.RESERVED, (3,)), (Matter.CHOICE, (0, 1, 2)),
     (Matter.CHOICE, (-1,))],
)  # fmt: skip
def test_a_ballot_that_is_not_in_order_is_refused_by_its_motion(matter, picked):
    motion = a_motion(matter, options=3, most=2 if matter is Matter.CHOICE else 1)
    with pytest.raises(Invalid) as refused:
        rules.checked([motion], {motion.motion: picked})
    assert refused.value.field == f"answer.{motion.motion}"


def test_a_ballot_answers_what_is_asked_and_nothing_else():
    motion, other = a_motion(), a_motion()
    with pytest.raises(Invalid):
        rules.checked([motion], {motion.motion: (0,), other.motion: (0,)})
    with pytest.raises(Invalid):
        rules.checked([motion, other], {motion.motion: (0,)})
    assert rules.checked([motion], {motion.motion: (2,)}) == {motion.motion: (2,)}
