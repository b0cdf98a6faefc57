"""Who names no bridge has no doors that open by themselves: what was meant for a cabinet goes elsewhere."""

from __future__ import annotations

from linli.reach.lockers import actions
from linli.reach.lockers.gateways import EMBEDDED
from linli.reach.lockers.rules import Door, Trouble


def test_no_cabinet_is_reached_where_no_bridge_is_named(settings):
    settings.LOCKERS = ""
    assert actions.open_door(machine="M1", nth=1) is Trouble.NO_ANSWER
    assert actions.see_door(machine="M1", nth=1) is Trouble.NO_ANSWER


def test_the_demo_says_that_it_has_cabinets_of_its_own(settings):
    settings.LOCKERS = EMBEDDED
    assert actions.open_door(machine="M1", nth=1) is None
    assert actions.see_door(machine="M1", nth=1) is Door.SHUT


def test_a_bridge_that_nobody_answers_at_is_a_cabinet_that_is_not_reached(settings):
    settings.LOCKERS = "http://127.0.0.1:9"
    assert actions.open_door(machine="M1", nth=1) is Trouble.NO_ANSWER
