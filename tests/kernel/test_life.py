"""A life allows what its table names and nothing else."""

from enum import StrEnum

import pytest

from linli.kernel.life import Life, WrongState


class Door(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    GONE = "gone"


class Verb(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    REMOVE = "remove"


LIFE = Life(
    birth=Door.SHUT,
    moves={(Door.SHUT, Verb.OPEN): Door.OPEN, (Door.OPEN, Verb.SHUT): Door.SHUT, (Door.SHUT, Verb.REMOVE): Door.GONE},
)


def test_a_move_in_the_table_leads_on():
    assert LIFE.after(Door.SHUT, Verb.OPEN) is Door.OPEN
    assert LIFE.before(Verb.REMOVE) == (Door.SHUT,)


def test_a_move_outside_the_table_is_refused_with_state_and_verb():
    with pytest.raises(WrongState) as refused:
        LIFE.after(Door.OPEN, Verb.REMOVE)
    assert str(refused.value) == "This is open: “remove” is not possible now."
    assert refused.value.code == "kernel.WrongState"
    assert not LIFE.allows(Door.GONE, Verb.OPEN)


def test_states_ends_and_reach_are_read_from_the_table():
    assert LIFE.states == (Door.GONE, Door.OPEN, Door.SHUT)
    assert LIFE.ends == {Door.GONE}
    assert LIFE.reachable == set(Door)
    assert LIFE.stuck() == frozenset()


def test_a_state_that_leads_nowhere_and_is_no_end_is_found():
    ring = Life(birth=Door.SHUT, moves={(Door.SHUT, Verb.OPEN): Door.OPEN, (Door.OPEN, Verb.SHUT): Door.SHUT})
    assert ring.stuck() == {Door.SHUT, Door.OPEN}


def test_the_diagram_names_every_move():
    assert LIFE.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> open: open",
        "    open --> shut: shut",
        "    shut --> gone: remove",
        "    gone --> [*]",
    ]
