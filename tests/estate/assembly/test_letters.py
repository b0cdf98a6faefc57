"""A letter that gives a proxy: looked at by the desk before it votes."""

from __future__ import annotations

import pytest

from builders import AT, a_picture
from builders.assembly import NO, VOTES, YES, a_holder, a_vote, world
from builders.billing import a_desk
from harness.looking import rows_of
from linli.estate.assembly import actions, queries
from linli.estate.assembly.actions import proxies, voting
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.reach.notify.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(desk, homes):
    """A proxy that was given by a letter."""
    phone, holder = a_holder(desk)
    vote = a_vote(desk)
    own = homes[0].scope
    actions.give_proxy(own, voter=vote.head_of(own), phone=phone, letter=[("letter.png", a_picture("PNG"))], at=AT)
    return vote, own, holder


def test_a_proxy_by_letter_votes_once_the_desk_has_looked_at_it(desk, given):
    vote, own, holder = given
    (letter,) = queries.proxy_letters(desk.scope, meeting=vote.id, at=AT)
    assert (letter.checked_at, letter.has_voted, bool(letter.letter)) == (None, False, True)
    before = world()
    with pytest.raises(voting.LetterUnread):
        vote.cast(holder, YES, voter=vote.head_of(own))
    assert world() == before
    for _nth in range(2):
        actions.check_letter(desk.scope, proxy=letter.proxy, at=AT)
    vote.cast(holder, YES, voter=vote.head_of(own))
    (letter,) = queries.proxy_letters(desk.scope, meeting=vote.id, at=AT)
    assert (letter.checked_at, letter.has_voted) == (AT, True)
    with pytest.raises(proxies.ProxyUsed):
        actions.refuse_letter(desk.scope, proxy=letter.proxy, why="签名不符", at=VOTES)


def test_a_letter_that_does_not_hold_ends_the_proxy_and_its_giver_is_told(desk, given):
    vote, own, holder = given
    head = vote.head_of(own)
    (letter,) = queries.proxy_letters(desk.scope, meeting=vote.id, at=AT)
    with pytest.raises(Invalid):
        actions.refuse_letter(desk.scope, proxy=letter.proxy, why=" ", at=AT)
    actions.refuse_letter(desk.scope, proxy=letter.proxy, why="签名不符", at=AT)
    assert queries.proxy_letters(desk.scope, meeting=vote.id, at=AT) == ()
    with pytest.raises(NotFound):
        vote.cast(holder, YES, voter=head)
    told = rows_of(Message).filter(template="proxy_refused").values_list("party", flat=True)
    assert list(told) == [own.person]
    vote.cast(own, NO)


def test_another_companys_desk_and_owners_find_no_letter(desk, given):
    vote, own, _holder = given
    (letter,) = queries.proxy_letters(desk.scope, meeting=vote.id, at=AT)
    stranger = a_desk().scope
    assert queries.proxy_letters(stranger, meeting=vote.id, at=AT) == ()
    with pytest.raises(NotFound):
        actions.check_letter(stranger, proxy=letter.proxy, at=AT)
    with pytest.raises(Denied):
        actions.check_letter(own, proxy=letter.proxy, at=AT)
    assert queries.proxy_letters(desk.scope, meeting=vote.id, at=AT)[0].checked_at is None
