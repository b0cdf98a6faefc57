"""The demo's registers are not empty: votes, permits, slips, moves and bookings stand there for whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linli.estate.assembly import queries as votes
from linli.estate.assembly.rules import MeetingState
from linli.estate.permits import queries as permits
from linli.estate.permits.rules import PermitState
from linli.estate.venues import queries as venues
from linli.spine.scope import SYSTEM
from linli.works.demo import assembly, settling, town
from linli.works.demo import permits as asked
from linli.works.demo import venues as booked
from linli.works.demo.deskside import manager, owners

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)


def test_every_register_of_a_settled_town_has_some_life():
    plan = town.plan(homes=12)
    settling.settle(SYSTEM, town=plan, at=AT)
    assembly.decide(plan, AT)
    asked.ask(plan, AT)
    booked.open_up(plan, AT)
    desk, resident = manager(AT), owners(plan, AT, most=1)[0]
    assert desk is not None
    assert {card.state for card in votes.meetings(desk)} == {MeetingState.CLOSED, MeetingState.OPEN}
    assert votes.meetings_waiting(resident, at=AT) == 1
    assert {card.state for card in permits.permits(desk)} == {PermitState.ASKED, PermitState.GRANTED}
    assert len(permits.releases(resident)) == len(permits.relocations(desk)) == 1
    assert len(venues.venues(desk)) == 3 * len(desk.communities)
    assert len(venues.bookings(resident)) == 2
