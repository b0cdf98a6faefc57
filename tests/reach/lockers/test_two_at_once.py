"""Many drops at once: as many compartments as there are, each to one thing."""

from __future__ import annotations

from functools import partial

from builders import AT, a_community, a_company, a_person
from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.kernel import ids
from linli.reach.lockers import actions
from linli.reach.lockers.actions import Taken
from linli.reach.lockers.rules import Size
from linli.spine.scope import SYSTEM, Role, Scope


def test_the_last_compartments_are_taken_once_by_many_at_once(own_database: OwnDatabase):
    community = a_community().id
    desk = Scope(role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(community,))
    wanted = {Size.SMALL: 2, Size.LARGE: 1}
    actions.keep_cabinet(desk, community=community, label="A", machine="m", compartments=wanted, at=AT)
    drops = [
        partial(actions.take, SYSTEM, community=community, subject=ids.new(), size=Size.SMALL, at=AT)
        for _n in range(10)
    ]
    taken = [each for each in at_once(*drops) if isinstance(each, Taken)]
    assert sorted(each.spot for each in taken) == ["A 01", "A 02", "A 03"]
    rows = as_the_house("SELECT count(*), count(DISTINCT subject) FROM lockers_compartment WHERE subject IS NOT NULL")
    assert rows == [(3, 3)]
