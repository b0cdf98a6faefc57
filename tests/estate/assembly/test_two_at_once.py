"""Two devices that vote for the same head at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

from builders.assembly import NO, YES, a_vote, set_terms
from builders.billing import a_desk
from harness.at_once import ends_at_once
from harness.payments_words import as_the_house
from linli.estate.assembly.rules import Side


@pytest.mark.parametrize("is_secret", [True, False])
def test_two_devices_at_once_cast_one_vote(own_database, is_secret):
    desk = a_desk()
    homes = [desk.a_home("1-1-101", area_m2="100.00"), desk.a_home("1-1-102", area_m2="30.00")]
    set_terms(desk, ballots_change=False)
    vote = a_vote(desk, is_secret=is_secret)
    head = vote.head_of(homes[0].scope)
    said = []

    def device(picked):
        vote.cast(homes[0].scope, picked, voter=head)
        said.append(picked)

    assert ends_at_once(*(partial(device, picked) for picked in (YES, NO))) == {"done": 1, "VotedAlready": 1}
    (counted,) = said
    assert as_the_house("SELECT count(*) FROM assembly_cast") == [(1,)]
    page = vote.closed()
    assert page.card.turnout == Side(1, 10000)
    sides = page.results[vote.motions[0]].sides
    assert sides[counted[0]] == Side(1, 10000)
    assert sum((side.heads for side in sides), 0) == 1
