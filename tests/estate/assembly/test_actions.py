"""Meetings, ballots, proxies and papers against PostgreSQL, behind both walls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_community, a_home, a_person
from builders.assembly import (
    ABSTAIN,
    CLOSES,
    NO,
    OPENS,
    VOTES,
    YES,
    a_draft,
    a_holder,
    a_second_pair_of_eyes,
    a_vote,
    as_owner,
    set_terms,
    world,
)
from builders.billing import a_desk
from builders.people import a_phone
from harness.looking import rows_of
from harness.payments_words import as_the_house
from linli.estate.assembly import actions, queries
from linli.estate.assembly.actions import again as once_more
from linli.estate.assembly.actions import objecting, papers, preparing, proxies, voting
from linli.estate.assembly.models import Cast, Choice, Meeting, Paper, Tally, Voter
from linli.estate.assembly.rules import Matter, MeetingState, Side, Verdict
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.reach.notify.models import Message
from linli.spine.action import KeyNotTaken, reading
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=27)


def test_the_roll_is_fixed_on_the_record_day_and_the_owners_are_told(desk, homes):
    both = desk.a_home("1-1-901", area_m2="50.50").with_owner(a_person("李四"))
    vote = a_vote(desk)
    card = vote.page().card
    assert (card.whole, card.state) == (Side(4, 35050), MeetingState.ANNOUNCED)
    homes[0].with_owner(a_person(), since=AT.date())
    assert vote.page().card.whole == Side(4, 35050)
    told = set(rows_of(Message).filter(template="vote_announced").values_list("party", flat=True))
    assert {home.owner for home in homes} | {both.owner} <= told
    assert len(told) == 5


def test_votes_are_counted_by_heads_and_area_and_shown_when_it_is_over(desk, homes):
    vote = a_vote(desk, Matter.ORDINARY, Matter.CHOICE)
    vote.cast(homes[0].scope, YES, (1,))
    vote.cast(homes[1].scope, YES, (1,))
    vote.cast(homes[2].scope, NO, ())
    page = vote.page()
    assert (page.card.turnout, page.results) == (Side(3, 30000), {})
    assert vote.page(homes[0].scope).results == {}
    over = vote.closed()
    assert over.card.state is MeetingState.CLOSED
    decision, choice = (over.results[motion] for motion in vote.motions)
    assert decision.sides == (Side(2, 20000), Side(1, 10000), Side())
    assert (decision.outcome.verdict, choice.outcome.verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert choice.outcome.carried == (1,)
    assert [move.after for move in over.history] == ["draft", "announced", "open", "closed"]
    assert vote.page(homes[0].scope).results == over.results


def test_what_had_too_few_votes_is_put_to_the_vote_again_and_nothing_else_is(desk, homes):
    vote = a_vote(desk, Matter.ORDINARY, Matter.SURVEY, Matter.CHOICE)
    vote.cast(homes[0].scope, YES, (1,), (2,))
    when = {"record_on": CLOSES.date(), "opens_at": CLOSES + timedelta(days=20), "closes_at": CLOSES + MONTH}
    with pytest.raises(once_more.NothingUndecided):
        actions.draft_again(desk.scope, meeting=vote.id, **when, at=VOTES)
    assert vote.closed().results[vote.motions[0]].outcome.verdict is Verdict.NO_QUORUM
    with pytest.raises(NotFound):
        actions.draft_again(a_desk().scope, meeting=vote.id, **when, at=CLOSES)
    again = actions.draft_again(desk.scope, meeting=vote.id, **when, at=CLOSES)
    drafted, before = (queries.meeting_page(desk.scope, meeting=one, at=CLOSES) for one in (again, vote.id))
    assert (drafted.card.state, drafted.card.title) == (MeetingState.DRAFT, before.card.title)
    assert [(each.position, each.title) for each in drafted.motions] == [
        (1, before.motions[0].title),
        (2, before.motions[2].title),
    ]
    assert drafted.motions[1].options == before.motions[2].options
    actions.announce_meeting(desk.scope, meeting=again, at=CLOSES)
    assert vote.page().card.turnout == Side(1, 10000)


def test_what_was_called_off_can_be_put_to_the_vote_again_and_what_was_decided_cannot(desk, homes):
    when = {"record_on": CLOSES.date(), "opens_at": CLOSES + timedelta(days=20), "closes_at": CLOSES + MONTH}
    off, decided = a_vote(desk, Matter.SURVEY), a_vote(desk)
    actions.cancel_meeting(desk.scope, meeting=off.id, why="改期", at=VOTES)
    again = actions.draft_again(desk.scope, meeting=off.id, **when, at=CLOSES)
    assert len(queries.meeting_page(desk.scope, meeting=again, at=CLOSES).motions) == 1
    for home in homes:
        decided.cast(home.scope, NO)
    assert decided.closed().results[decided.motions[0]].outcome.verdict is Verdict.REJECTED
    with pytest.raises(once_more.NothingUndecided):
        actions.draft_again(desk.scope, meeting=decided.id, **when, at=CLOSES)


def test_a_vote_may_be_changed_until_the_closing_and_counts_once(desk, homes):
    vote = a_vote(desk)
    vote.cast(homes[0].scope, NO)
    vote.cast(homes[0].scope, YES, at=VOTES + timedelta(hours=1))
    assert vote.page().card.turnout == Side(1, 10000)
    assert rows_of(Cast).count() == 2
    assert vote.closed().results[vote.motions[0]].sides == (Side(1, 10000), Side(), Side())


def test_where_votes_stay_as_they_were_cast_a_second_one_is_refused(desk, homes):
    set_terms(desk, ballots_change=False)
    vote = a_vote(desk)
    vote.cast(homes[0].scope, NO)
    before = world()
    with pytest.raises(voting.VotedAlready):
        vote.cast(homes[0].scope, YES)
    assert world() == before


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (OPENS - timedelta(seconds=1), voting.NotOpenYet),
        (CLOSES, voting.VotingClosed),
        (CLOSES + timedelta(days=1), voting.VotingClosed),
    ],
)
def test_a_vote_too_early_or_after_the_closing_is_refused_whatever_the_clock_did(desk, homes, at, refusal):
    vote = a_vote(desk)
    before = world()
    with pytest.raises(refusal):
        vote.cast(homes[0].scope, YES, at=at)
    assert world() == before


def test_a_vote_in_a_closed_or_cancelled_meeting_is_refused(desk, homes):
    vote, gone = a_vote(desk), a_vote(desk)
    vote.cast(homes[0].scope, YES)
    vote.closed()
    actions.cancel_meeting(desk.scope, meeting=gone.id, why="日期有误", at=VOTES)
    before = world()
    for each in (vote, gone):
        with pytest.raises(voting.VotingClosed):
            each.cast(homes[1].scope, YES)
    assert world() == before
    assert gone.page().history[-1].why == "日期有误"


def test_nobody_votes_for_a_head_that_is_not_theirs(desk, homes):
    vote = a_vote(desk)
    theirs, before = vote.head_of(homes[0].scope), world()
    stranger = a_home("9-9-901", community=a_community()).with_owner()
    tenant = as_owner(homes[0], a_person())
    for scope in (homes[1].scope, stranger.scope, tenant):
        with pytest.raises(NotFound):
            vote.cast(scope, YES, voter=theirs)
    with pytest.raises(Denied):
        vote.cast(desk.scope, YES, voter=theirs)
    assert world() == before


def test_either_co_owner_votes_for_the_home_and_it_is_one_head(desk):
    home, other = desk.a_home("2-1-101", area_m2="80.00"), a_person("共有人")
    home.with_owner(other)
    vote = a_vote(desk)
    vote.cast(home.scope, NO)
    vote.cast(as_owner(home, other), YES)
    assert vote.closed().results[vote.motions[0]].sides[0] == Side(1, 8000)


def test_of_a_secret_vote_nothing_is_stored_but_the_mark_and_the_sums(desk, homes):
    vote = a_vote(desk, Matter.ORDINARY, is_secret=True)
    vote.cast(homes[0].scope, NO)
    vote.cast(homes[1].scope, YES)
    assert rows_of(Choice).count() == 0
    audit = as_the_house("SELECT said::text FROM spine_audit WHERE action = 'assembly.cast_ballot'")
    assert len(audit) == 2
    assert all("answers" not in said and str(vote.motions[0]) not in said for (said,) in audit)
    assert as_the_house("SELECT count(*) FROM spine_response") == [(0,)]
    with pytest.raises(voting.VotedAlready):
        vote.cast(homes[0].scope, YES)
    assert vote.closed().results[vote.motions[0]].sides == (Side(1, 10000), Side(1, 10000), Side())


def test_a_key_of_a_ballot_is_refused_because_its_fingerprint_would_tell(desk, homes):
    vote = a_vote(desk, is_secret=True)
    with pytest.raises(KeyNotTaken):
        vote.cast(homes[0].scope.keyed("k"), YES, voter=vote.head_of(homes[0].scope))


def test_the_wall_hides_the_sums_from_the_desk_until_the_closing(desk, homes):
    vote = a_vote(desk, is_secret=True)
    vote.cast(homes[0].scope, YES)

    def seen(scope):
        with reading(scope):
            queries.meetings(scope)
            return Tally.objects.inside().filter(heads__gt=0).count(), Choice.objects.inside().count()

    assert seen(desk.scope) == (0, 0)
    assert seen(homes[1].scope) == (0, 0)
    vote.closed()
    assert seen(desk.scope) == (1, 0)


def test_a_proxy_votes_until_the_owner_does(desk, homes):
    owner = a_person("钱七")
    home = desk.a_home("3-1-101", area_m2="60.00")
    own = as_owner(home.with_owner(owner), owner)
    phone, holder = a_holder(desk)
    vote = a_vote(desk)
    head = vote.head_of(own)
    actions.give_proxy(own, voter=head, phone=phone, signed="钱七", at=AT)
    vote.cast(holder, NO, voter=head)
    (row,) = queries.my_votes(holder, meeting=vote.id)
    assert (row.is_mine, row.way, row.picked) == (False, "proxy", {vote.motions[0]: NO})
    vote.cast(own, YES, voter=head)
    before = world()
    with pytest.raises(voting.OwnerVoted):
        vote.cast(holder, NO, voter=head)
    assert world() == before


def test_a_proxy_is_signed_named_limited_and_revocable(desk, homes):
    set_terms(desk, proxies_most=1)
    phone, holder = a_holder(desk)
    vote = a_vote(desk)
    first, second = (home.scope for home in homes[:2])
    head = vote.head_of(first)
    before = world()
    for signed, number, field in (("别人", phone, "signed"), ("王小明", a_phone(), "phone"), ("", phone, "signed")):
        with pytest.raises(Invalid) as refused:
            actions.give_proxy(first, voter=head, phone=number, signed=signed, at=AT)
        assert refused.value.field == field
    assert world() == before
    actions.give_proxy(first, voter=head, phone=phone, signed="王小明", at=AT)
    with pytest.raises(proxies.ProxyGiven):
        actions.give_proxy(first, voter=head, phone=phone, signed="王小明", at=AT)
    with pytest.raises(proxies.TooManyProxies):
        actions.give_proxy(second, voter=vote.head_of(second), phone=phone, signed="王小明", at=AT)
    actions.revoke_proxy(first, voter=head, at=AT)
    with pytest.raises(NotFound):
        vote.cast(holder, YES, voter=head)
    actions.give_proxy(second, voter=vote.head_of(second), phone=phone, signed="王小明", at=AT)
    vote.cast(holder, YES, voter=vote.head_of(second))
    with pytest.raises(proxies.ProxyUsed):
        actions.revoke_proxy(second, voter=vote.head_of(second), at=VOTES)


def test_a_paper_ballot_counts_when_two_people_read_the_same(desk, homes):
    vote, other = a_vote(desk), a_second_pair_of_eyes(desk)
    head = vote.head_of(homes[0].scope)
    answers = {vote.motions[0]: YES}
    actions.enter_paper(desk.scope, voter=head, answers=answers, at=VOTES)
    assert vote.page().card.turnout == Side()
    before = world()
    with pytest.raises(papers.SamePerson):
        actions.confirm_paper(desk.scope, voter=head, answers=answers, at=VOTES)
    with pytest.raises(papers.ReadAlready):
        actions.enter_paper(other, voter=head, answers=answers, at=VOTES)
    assert world() == before
    assert actions.confirm_paper(other, voter=head, answers=answers, at=VOTES) == "counted"
    assert vote.page().card.turnout == Side(1, 10000)
    cast = rows_of(Cast).get()
    assert (cast.way, cast.person, cast.second) == ("paper", desk.scope.person, other.person)
    with pytest.raises(voting.VotedAlready):
        actions.enter_paper(desk.scope, voter=head, answers=answers, at=VOTES)


def test_read_differently_a_paper_ballot_is_read_again_by_both(desk, homes):
    vote, other = a_vote(desk), a_second_pair_of_eyes(desk)
    head = vote.head_of(homes[0].scope)
    actions.enter_paper(desk.scope, voter=head, answers={vote.motions[0]: YES}, at=VOTES)
    assert actions.confirm_paper(other, voter=head, answers={vote.motions[0]: NO}, at=VOTES) == "differs"
    assert vote.page().card.turnout == Side()
    assert queries.papers_waiting(desk.scope, meeting=vote.id, at=VOTES) == ()
    actions.enter_paper(other, voter=head, answers={vote.motions[0]: ABSTAIN}, at=VOTES)


def test_a_secret_vote_takes_no_paper(desk, homes):
    vote = a_vote(desk, is_secret=True)
    with pytest.raises(papers.SecretOnPaper):
        actions.enter_paper(desk.scope, voter=vote.head_of(homes[0].scope), answers={vote.motions[0]: YES}, at=VOTES)
    assert rows_of(Paper).count() == 0


def test_what_cannot_be_announced_stays_a_draft(desk):
    meeting, _motions = a_draft(desk)
    with pytest.raises(preparing.NobodyVotes):
        actions.announce_meeting(desk.scope, meeting=meeting, at=AT)
    desk.a_home("1-1-101", area_m2=None)
    with pytest.raises(preparing.AreaUnknown) as refused:
        actions.announce_meeting(desk.scope, meeting=meeting, at=AT)
    assert "1-1-101" in str(refused.value)
    with pytest.raises(preparing.TooSoon):
        actions.announce_meeting(desk.scope, meeting=meeting, at=AT + timedelta(seconds=1))
    row = rows_of(Meeting).get()
    assert (row.state, row.heads, rows_of(Voter).count()) == ("draft", 0, 0)
    assert queries.meetings(desk.a_home().scope) == ()


def test_once_announced_nothing_of_it_changes(desk, homes):
    vote = a_vote(desk)
    draft = actions.MotionDraft(matter=Matter.ORDINARY, title={"zh": "再加一项"})
    for change in (
        lambda: actions.add_motion(desk.scope, meeting=vote.id, motion=draft, at=AT),
        lambda: actions.remove_motion(desk.scope, meeting=vote.id, motion=vote.motions[0], at=AT),
        lambda: actions.announce_meeting(desk.scope, meeting=vote.id, at=AT),
    ):
        with pytest.raises(WrongState):
            change()
    assert len(vote.page().motions) == 1


def test_another_companys_meeting_is_not_there(desk, homes):
    vote, other = a_vote(desk), a_desk()
    for ask in (
        lambda: queries.meeting_page(other.scope, meeting=vote.id, at=AT),
        lambda: queries.roll(other.scope, meeting=vote.id),
        lambda: actions.cancel_meeting(other.scope, meeting=vote.id, why="x", at=AT),
        lambda: queries.roll(homes[0].scope, meeting=vote.id),
    ):
        with pytest.raises(NotFound):
            ask()
    assert vote.page().card.state is MeetingState.ANNOUNCED


def test_an_objection_is_noted_once_within_its_days(desk, homes):
    vote = a_vote(desk)
    with pytest.raises(objecting.NoLongerTaken):
        actions.note_objection(homes[0].scope, meeting=vote.id, text="不同意", at=VOTES)
    vote.closed()
    actions.note_objection(homes[0].scope, meeting=vote.id, text="计票有误", at=CLOSES + timedelta(days=1))
    with pytest.raises(objecting.ObjectedAlready):
        actions.note_objection(homes[0].scope, meeting=vote.id, text="再说", at=CLOSES + timedelta(days=1))
    with pytest.raises(objecting.NoLongerTaken):
        actions.note_objection(homes[1].scope, meeting=vote.id, text="晚了", at=CLOSES + timedelta(days=8))
    assert [text for text, _at in vote.page().objections] == ["计票有误"]


def test_the_clock_opens_reminds_those_who_have_not_voted_and_closes(desk, homes):
    from linli.estate.assembly import tasks

    vote = a_vote(desk)
    assert tasks.keep_times(at=OPENS - timedelta(minutes=1)) == 0
    assert tasks.keep_times(at=OPENS) == 1
    vote.cast(homes[0].scope, YES)
    assert tasks.keep_times(at=CLOSES - timedelta(hours=48)) == 1
    reminded = set(rows_of(Message).filter(template="vote_closing").values_list("party", flat=True))
    assert reminded == {homes[1].owner, homes[2].owner}
    assert tasks.keep_times(at=CLOSES - timedelta(hours=47)) == 0
    assert tasks.keep_times(at=CLOSES) == 1
    assert tasks.keep_times(at=CLOSES + timedelta(days=1)) == 0
    assert vote.page().card.state is MeetingState.CLOSED


def test_an_erased_persons_objection_keeps_no_words(desk, homes):
    vote = a_vote(desk)
    vote.closed()
    actions.note_objection(homes[0].scope, meeting=vote.id, text="计票有误", at=CLOSES)
    actions.forget_person(SYSTEM, person=homes[0].owner, at=CLOSES)
    assert [text for text, _at in vote.page().objections] == [""]
