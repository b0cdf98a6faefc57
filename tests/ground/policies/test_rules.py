"""Settings are typed and limited; versions are inherited setting by setting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.policies import rules
from linli.ground.policies.rules import BadValue, Level, Policy, Version, setting
from linli.kernel import ids
from linli.kernel.money import Money

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Bearer(StrEnum):
    MERCHANT = "merchant"
    PLATFORM = "platform"


class TeaPolicy(Policy):
    """A policy of the tests."""

    word = "tests_tea"

    cups: int = setting(2, low=0, high=12, says="Cups a day")
    sweet: bool = setting(False)
    share: Decimal = setting(Decimal("0.10"), low=Decimal(0), high=Decimal(1))
    deposit: Money = setting(Money(500), low=Money(0))
    steep: timedelta = setting(timedelta(minutes=3))
    bearer: Bearer = setting(Bearer.MERCHANT)
    size: str = setting("small", choices=("small", "large"))


def version(name, level, value, start_at=NOON, **more) -> Version:
    place = None if level == Level.PLATFORM else ids.new()
    return Version(name, level, place, value, start_at, ids.new(), **more)


def test_where_nobody_says_otherwise_the_defaults_hold():
    assert rules.resolve(TeaPolicy, (), NOON) == TeaPolicy()
    assert TeaPolicy().deposit == Money(500)


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("cups", 12, 12),
        ("sweet", True, True),
        ("share", "0.25", "0.25"),
        ("share", Decimal("0.25"), "0.25"),
        ("deposit", {"minor": 990}, {"minor": 990}),
        ("deposit", Money(990), {"minor": 990}),
        ("steep", timedelta(minutes=5), "PT300S"),
        ("bearer", "platform", "platform"),
        ("size", "large", "large"),
        ("size", None, None),
    ],
)
def test_a_good_value_is_stored_as_plain_json_and_reads_back(name, value, stored):
    assert rules.checked(TeaPolicy, {name: value}) == {name: stored}
    if stored is not None:
        known = version(name, Level.CITY, stored)
        reads = getattr(rules.resolve(TeaPolicy, (known,), NOON), name)
        assert rules.checked(TeaPolicy, {name: reads}) == {name: stored}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("cups", -1, "At least 0 is needed."),
        ("cups", 13, "At most 12 is allowed."),
        ("cups", True, "This value is of the wrong kind."),
        ("cups", "2", "This value is of the wrong kind."),
        ("cups", 2.5, "This value is of the wrong kind."),
        ("sweet", 1, "This value is of the wrong kind."),
        ("share", "1.01", "At most 1 is allowed."),
        ("share", "NaN", "This value is of the wrong kind."),
        ("deposit", {"minor": -1}, "At least 0.00 is needed."),
        ("deposit", 500, "This value is of the wrong kind."),
        ("bearer", "buyer", "This value is of the wrong kind."),
        ("size", "huge", "Only these are allowed: small, large."),
        ("milk", True, "There is no such setting."),
    ],
)
def test_a_bad_value_is_refused_with_its_setting(name, value, text):
    with pytest.raises(BadValue) as refused:
        rules.checked(TeaPolicy, {"sweet": True, name: value})
    assert (refused.value.field, str(refused.value)) == (name, text)


def test_a_stored_value_that_is_allowed_no_more_is_passed_over():
    versions = (version("cups", Level.CITY, 5), version("cups", Level.COMMUNITY, 99), version("gone", Level.CITY, 1))
    assert rules.resolve(TeaPolicy, versions, NOON) == TeaPolicy(cups=5)


def test_each_setting_is_inherited_by_itself():
    versions = (
        version("cups", Level.PLATFORM, 3),
        version("sweet", Level.PLATFORM, True),
        version("cups", Level.COMMUNITY, 7),
        version("cups", Level.CITY, 5),
    )
    assert rules.resolve(TeaPolicy, versions, NOON) == TeaPolicy(cups=7, sweet=True)
    cups, sweet, *others = rules.explain(TeaPolicy, versions, NOON)
    assert (cups.value, cups.level, cups.place, cups.since) == (7, "community", versions[2].place, NOON)
    assert (cups.says, sweet.level, sweet.place) == ("Cups a day", "platform", None)
    assert {o.level for o in others} == {"default"}


def test_a_companys_word_holds_only_while_it_looks_after_the_community():
    month = timedelta(days=30)
    versions = (
        version("cups", Level.COMPANY, 5, NOON, holds_from=NOON - month, holds_until=NOON + month),
        version("cups", Level.COMPANY, 6, NOON - month, holds_from=NOON + month),
    )
    at = [NOON - timedelta(seconds=1), NOON, NOON + month - timedelta(seconds=1), NOON + month]
    assert [rules.resolve(TeaPolicy, versions, t).cups for t in at] == [2, 5, 5, 6]


def test_two_policies_may_not_share_a_word():
    with pytest.raises(TypeError, match="two policies are called tests_tea"):
        type("Other", (Policy,), {"word": "tests_tea", "__module__": __name__, "__qualname__": "Other"})


SETTINGS = {"cups": st.integers(0, 12), "sweet": st.booleans(), "size": st.sampled_from(["small", "large"])}
HOURS = st.integers(-3, 3).map(lambda hour: NOON + timedelta(hours=hour))


@st.composite
def chains(draw):
    """Versions along one chain of places, numbered in the order in which they were set."""
    made = []
    for number in range(draw(st.integers(0, 14))):
        name = draw(st.sampled_from(sorted(SETTINGS)))
        value = draw(st.none() | SETTINGS[name])
        made.append(Version(name, draw(st.sampled_from(Level)), None, value, draw(HOURS), UUID(int=number)))
    return draw(st.permutations(made))


def plainly(versions, name, at):
    """The oracle: walk from the narrowest level outwards; the last said of what has begun counts."""
    for level in reversed(Level):
        said = [v for v in versions if v.setting == name and v.level == level and v.start_at <= at]
        if said:
            newest = max(v.start_at for v in said)
            value = [v for v in sorted(said, key=lambda v: v.number) if v.start_at == newest][-1].value
            if value is not None:
                return value
    return getattr(TeaPolicy(), name)


@given(chains(), HOURS)
def test_inheritance_agrees_with_the_plain_walk_outwards(versions, at):
    held = rules.resolve(TeaPolicy, versions, at)
    assert {name: getattr(held, name) for name in SETTINGS} == {n: plainly(versions, n, at) for n in SETTINGS}
