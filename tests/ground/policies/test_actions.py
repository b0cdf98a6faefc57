"""Setting policies, and what is read of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from builders import AT, a_community, a_company
from harness.budget import budget
from linli.ground.people import actions as people
from linli.ground.places import actions as places
from linli.ground.policies import actions, events, queries
from linli.ground.policies.rules import BadValue, Contradiction, Level, Policy, setting
from linli.kernel import ids
from linli.kernel.refusals import Denied, Invalid, NotFound, Refusal
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import fact_of_kind
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


class CupPolicy(Policy):
    """A policy of the tests that a property company sets."""

    word = "tests_cup"
    of_company = True

    cups: int = setting(2, low=1, high=12)


class CakePolicy(Policy):
    """A policy of the tests."""

    word = "tests_cake"

    slices: int = setting(8, low=1, high=32)
    cream: bool = setting(False)


def put(level, place, start_at=AT, **values) -> None:
    actions.set_policy(SYSTEM, word="tests_cake", level=level, place=place, values=values, start_at=start_at, at=AT)


def versions() -> int:
    return int(sql.fetch("SELECT count(*) FROM policies_version")[0][0])


def test_the_chain_of_a_building_is_followed_through_its_community_company_and_city():
    community, company = a_community(), a_company()
    building = places.add_building(SYSTEM, community=community.id, label="3", at=AT)
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    chain = [
        ("platform", None, 10),
        ("city", community.city, 11),
        ("company", company, 12),
        ("community", community.id, 13),
        ("building", building, 14),
    ]
    elsewhere = a_community()
    put("community", elsewhere.id, slices=20)
    for level, place, slices in chain:
        put(level, place, slices=slices)
        held = queries.policy(GUEST, CakePolicy, at=AT, community=community.id, building=building)
        assert held == CakePolicy(slices=slices)
        explained = queries.explain(GUEST, CakePolicy, at=AT, community=community.id, building=building)[0]
        assert (explained.level, explained.place, explained.since) == (level, place, AT)
    assert queries.policy(GUEST, CakePolicy, at=AT, community=community.id).slices == 13
    assert queries.policy(GUEST, CakePolicy, at=AT, city=community.city).slices == 11
    assert queries.policy(GUEST, CakePolicy, at=AT, community=elsewhere.id).slices == 20
    assert queries.policy(GUEST, CakePolicy, at=AT).slices == 10


def test_a_value_begins_when_it_was_told_to_and_null_gives_the_word_back():
    community, soon, later = a_community(), AT + timedelta(hours=1), AT + timedelta(hours=2)
    put("platform", None, slices=10)
    put("community", community.id, soon, slices=4, cream=True)
    put("community", community.id, later, slices=None)
    at = [AT, soon - timedelta(seconds=1), soon, later - timedelta(seconds=1), later]
    held = [queries.policy(GUEST, CakePolicy, at=t, community=community.id) for t in at]
    assert [(h.slices, h.cream) for h in held] == [(10, False), (10, False), (4, True), (4, True), (10, True)]


def test_a_hot_path_asks_sql_once_and_then_not_for_a_while(monkeypatch):
    community = a_community()
    with budget(1):
        for _again in range(3):
            queries.policy(GUEST, CakePolicy, at=AT, community=community.id)
    clock = queries.time.monotonic() + queries.REMEMBERED_S
    monkeypatch.setattr(queries.time, "monotonic", lambda: clock)
    asked = list[str]()
    monkeypatch.setattr(sql, "observers", [asked.append])  # within a budget nothing that is remembered runs out
    for _again in range(2):
        queries.policy(GUEST, CakePolicy, at=AT, community=community.id)
    assert len(asked) == 1


def test_what_is_remembered_is_limited(monkeypatch):
    monkeypatch.setattr(queries, "MOST_REMEMBERED", 3)
    for _community in range(5):
        queries.policy(GUEST, CakePolicy, at=AT, community=ids.new())
    assert len(queries._remembered) == 3


class ChangedMyMind(Refusal):
    says = "No."


@action(needs=May.SET_POLICIES)
def try_it_out(scope: Scope, *, seen: list[int]) -> None:
    actions.set_policy(scope, word="tests_cake", level="platform", values={"slices": 10}, start_at=AT, at=AT)
    seen.append(queries.policy(scope, CakePolicy, at=AT).slices)
    raise ChangedMyMind


def test_a_change_is_seen_by_the_action_that_makes_it_and_forgotten_when_it_is_rolled_back():
    seen: list[int] = []
    with pytest.raises(ChangedMyMind):
        try_it_out(SYSTEM, seen=seen)
    assert seen == [10]
    assert queries.policy(GUEST, CakePolicy, at=AT).slices == 8


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"values": {"cream": True, "slices": 33}}, BadValue, "slices"),
        ({"values": {"candles": 3}}, BadValue, "candles"),
        ({"values": {}}, Invalid, "values"),
        ({"word": "tests_soup"}, NotFound, "word"),
        ({"start_at": AT - timedelta(seconds=1)}, actions.BeginsInThePast, "start_at"),
        ({"level": "street"}, Invalid, "level"),
        ({"level": "city"}, Invalid, "level"),
        ({"level": "platform", "place": ids.new()}, Invalid, "level"),
        ({"level": "city", "place": ids.new()}, NotFound, None),
        ({"level": "community", "place": ids.new()}, NotFound, None),
        ({"level": "building", "place": ids.new()}, NotFound, None),
        ({"level": "company", "place": ids.new()}, NotFound, "place"),
    ],
)
def test_a_bad_request_is_refused_with_its_field_and_nothing_is_set(change, refusal, field):
    request = {"word": "tests_cake", "level": "platform", "values": {"slices": 9}, "start_at": AT, "at": AT}
    with pytest.raises(refusal) as refused:
        actions.set_policy(SYSTEM, **(request | change))
    assert refused.value.field == field
    assert versions() == 0


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.MERCHANT, Role.COURIER, Role.GUEST])
def test_residents_merchants_couriers_and_guests_set_no_policies(role):
    with pytest.raises(Denied):
        actions.set_policy(
            Scope(role=role), word="tests_cake", level="platform", values={"slices": 9}, start_at=AT, at=AT
        )
    assert versions() == 0


def test_setting_several_values_takes_three_statements_and_is_told():
    values = {"slices": 9, "cream": True}
    with budget(3):
        put("platform", None, **values)
    kind, body = sql.fetch("SELECT kind, body::text FROM spine_fact WHERE kind = 'policies.PolicySet'")[0]
    assert fact_of_kind(kind) is events.PolicySet
    assert sql.from_json(body)["settings"] == ["cream", "slices"]


def test_a_version_is_never_changed():
    put("platform", None, slices=9)
    for statement in ("UPDATE policies_version SET setting = 'x'", "DELETE FROM policies_version"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql.run(statement)


def staff(company, *communities):
    return Scope(role=Role.PROPERTY, company=company, communities=communities)


def tea(scope, level, place, cups=5, start_at=AT):
    actions.set_policy(
        scope, word="tests_cup", level=level, place=place, values={"cups": cups}, start_at=start_at, at=AT
    )


def cups(community, at=AT) -> int:
    return queries.policy(GUEST, CupPolicy, at=at, community=community.id).cups


def test_a_company_sets_its_own_settings_for_itself_its_communities_and_their_buildings():
    community, company = a_community(), a_company()
    building = places.add_building(SYSTEM, community=community.id, label="3", at=AT)
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    manager = staff(company, community.id)
    tea(manager, "company", company, 3)
    assert cups(community) == 3
    tea(manager, "community", community.id, 4)
    assert cups(community) == 4
    tea(manager, "building", building, 5)
    assert queries.policy(GUEST, CupPolicy, at=AT, community=community.id, building=building).cups == 5


def test_a_company_reaches_no_further_and_nothing_is_set():
    mine, other, company = a_community(), a_community(), a_company()
    for each in (mine, other):
        people.entrust_community(SYSTEM, community=each.id, company=company, start_on=date(2026, 1, 1), at=AT)
    manager = staff(company, mine.id)
    with pytest.raises(NotFound):
        tea(replace(staff(company, mine.id, other.id), of_a_community=True), "company", company)
    there = places.add_building(SYSTEM, community=other.id, label="3", at=AT)
    for level, place in (
        ("community", other.id), ("building", there), ("company", company), ("company", a_company()),
        ("city", mine.city), ("platform", None),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            tea(manager, level, place)
    with pytest.raises(NotFound):
        actions.set_policy(
            manager, word="tests_cake", level="community", place=mine.id, values={"slices": 9}, start_at=AT, at=AT
        )
    assert versions() == 0


def test_what_has_not_begun_can_be_withdrawn_once_and_what_was_said_before_goes_on():
    community = a_community()
    later = AT + timedelta(days=3)
    tea(SYSTEM, "community", community.id, 4)
    tea(SYSTEM, "community", community.id, 9, start_at=later)
    page = queries.setting_page(
        SYSTEM, word="tests_cup", setting="cups", level=Level.COMMUNITY, place=community.id, at=AT
    )
    assert [(each.before, each.value, each.start_at) for each in page.coming] == [(4, 9, later)]
    assert cups(community, later) == 9
    (coming,) = [said.version for said in page.history if said.is_coming(AT)]
    actions.withdraw_change(SYSTEM, version=coming, at=AT)
    assert cups(community, later) == 4
    page = queries.setting_page(
        SYSTEM, word="tests_cup", setting="cups", level=Level.COMMUNITY, place=community.id, at=AT
    )
    assert page.coming == ()
    assert [(said.value, said.withdrawn_at) for said in page.history] == [(9, AT), (4, None)]
    with pytest.raises(actions.HasBegun):
        actions.withdraw_change(SYSTEM, version=coming, at=AT)


def test_what_has_begun_or_is_anothers_is_not_withdrawn():
    community, other = a_community(), a_community()
    tea(SYSTEM, "community", community.id, 4)
    tea(SYSTEM, "community", other.id, 9, start_at=AT + timedelta(days=3))
    begun, coming = sql.fetch("SELECT id FROM policies_version ORDER BY start_at")
    with pytest.raises(actions.HasBegun):
        actions.withdraw_change(SYSTEM, version=begun[0], at=AT)
    with pytest.raises(NotFound):
        actions.withdraw_change(staff(a_company(), community.id), version=coming[0], at=AT)
    assert cups(other, AT + timedelta(days=3)) == 9


def test_what_a_change_would_do_is_told_for_every_community_it_reaches():
    one, two, company = a_community(), a_community(), a_company()
    for each in (one, two):
        people.entrust_community(SYSTEM, community=each.id, company=company, start_on=date(2026, 1, 1), at=AT)
    tea(SYSTEM, "community", two.id, 7)
    asked = {"word": "tests_cup", "setting": "cups", "at": AT}
    found = queries.below(SYSTEM, level=Level.COMPANY, place=company, value=6, **asked)
    assert [(each.community, each.before, each.after) for each in found.effects] == [(one.id, 2, 6)]
    assert [(said.place, said.value) for said in found.keeping] == [(two.id, 7)]
    freed = queries.below(SYSTEM, level=Level.COMMUNITY, place=two.id, value=None, **asked)
    assert [(each.community, each.before, each.after) for each in freed.effects] == [(two.id, 7, 2)]
    assert versions() == 1


class NapPolicy(Policy):
    """A policy of the tests whose settings may contradict each other."""

    word = "tests_nap"

    from_hour: int = setting(12, low=0, high=23)
    until_hour: int = setting(14, low=0, high=23)

    def contradictions(self):
        if self.from_hour >= self.until_hour:
            yield Contradiction(("from_hour", "until_hour"), "It ends before it begins.")


def nap(level, place, start_at=AT, **values) -> None:
    actions.set_policy(SYSTEM, word="tests_nap", level=level, place=place, values=values, start_at=start_at, at=AT)


def test_a_setting_that_contradicts_another_is_refused_by_its_field_and_nothing_is_set():
    community = a_community()
    for values, field in (({"until_hour": 11}, "until_hour"), ({"from_hour": 14}, "from_hour")):
        with pytest.raises(BadValue) as refused:
            nap("community", community.id, **values)
        assert refused.value.field == field
    assert versions() == 0
    nap("community", community.id, from_hour=20, until_hour=21)
    with pytest.raises(BadValue) as refused:
        nap("community", community.id, until_hour=None)  # what is inherited again counts as well
    assert refused.value.field == "until_hour"
    assert versions() == 2


def test_what_contradicts_a_change_that_is_planned_already_is_refused_and_what_did_before_is_not():
    community = a_community()
    nap("community", community.id, start_at=AT + timedelta(days=10), until_hour=13)
    with pytest.raises(BadValue):
        nap("community", community.id, from_hour=13)
    with pytest.raises(BadValue):
        nap("platform", None, from_hour=14)
    nap("platform", None, from_hour=13)  # a narrower place is not looked at from above, and may still mend itself
    nap("community", community.id, start_at=AT + timedelta(days=11), from_hour=9)
