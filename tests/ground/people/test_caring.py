"""Who looks after which building: one steward at a time, from a day on, and no longer than they are a steward there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from builders import AT, a_person
from builders.billing import Desk, a_desk
from builders.people import a_phone
from linli.ground.people import actions, queries
from linli.ground.people.models import BuildingSteward
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, PartyId, new
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
TODAY = AT.date()
MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture
def desk() -> Desk:
    made = a_desk()
    made.a_home("1-1-101")
    made.a_home("2-1-101")
    actions.add_company_staff(made.scope, company=made.company, name="李经理", phone=a_phone(), at=AT)
    return made


def a_steward(desk: Desk, name: str = "王管家", duty: Duty = Duty.STEWARD) -> PartyId:
    return actions.add_company_staff(desk.scope, company=desk.company, name=name, phone=a_phone(), duty=duty, at=AT)


def building(desk: Desk, label: str) -> BuildingId:
    found = places.buildings(community=desk.community.id)
    return next(card.id for card in found.values() if card.label == label)


def settle(desk: Desk, steward: PartyId | None, *labels: str, start_on: date = MARCH) -> int:
    return actions.set_building_stewards(
        desk.scope, community=desk.community.id, buildings=[building(desk, label) for label in labels],
        steward=steward, start_on=start_on, at=AT,
    )  # fmt: skip


def cares(desk: Desk) -> list[tuple[str, PartyId, date, date | None]]:
    labels = {card.id: card.label for card in places.buildings(community=desk.community.id).values()}
    found = queries.building_stewards(desk.scope, community=desk.community.id)
    return sorted((labels[each.building], each.steward, each.start_on, each.end_on) for each in found)


def test_a_building_changes_hands_on_a_day_and_the_days_before_stay(desk):
    wang, zhao = a_steward(desk), a_steward(desk, "赵管家")
    assert settle(desk, wang, "1", "2") == 2
    assert settle(desk, wang, "1") == 0, "it is theirs already"
    assert settle(desk, zhao, "2", start_on=MAY) == 1
    assert cares(desk) == [("1", wang, MARCH, None), ("2", wang, MARCH, MAY), ("2", zhao, MAY, None)]
    assert settle(desk, None, "1", start_on=MAY) == 1
    assert cares(desk)[0] == ("1", wang, MARCH, MAY)
    (first, *_rest) = queries.building_stewards(desk.scope, community=desk.community.id)
    assert first.name.startswith("王*"), "masked as everywhere at the desk"


def test_what_was_settled_for_later_is_settled_anew(desk):
    wang, zhao = a_steward(desk), a_steward(desk, "赵管家")
    settle(desk, wang, "1", start_on=MAY)
    assert settle(desk, zhao, "1", start_on=MARCH) == 1
    assert cares(desk) == [("1", zhao, MARCH, None)]


def test_nobody_looks_after_a_building_who_is_no_steward_there(desk):
    for steward in (a_steward(desk, duty=Duty.GUARD), a_person(), PartyId(new())):
        with pytest.raises(Invalid) as refused:
            settle(desk, steward, "1")
        assert refused.value.field == "steward"
    assert cares(desk) == []


def test_a_steward_who_leaves_or_does_something_else_looks_after_nothing_from_today_on(desk):
    wang, zhao = a_steward(desk), a_steward(desk, "赵管家")
    settle(desk, wang, "1", start_on=TODAY - timedelta(days=20))
    settle(desk, zhao, "2", start_on=TODAY - timedelta(days=20))
    settle(desk, wang, "2", start_on=TODAY + timedelta(days=9))
    actions.remove_company_staff(desk.scope, company=desk.company, person=wang, at=AT)
    assert cares(desk) == [
        ("1", wang, TODAY - timedelta(days=20), TODAY),
        ("2", zhao, TODAY - timedelta(days=20), TODAY + timedelta(days=9)),
    ]
    actions.change_company_staff(desk.scope, company=desk.company, person=zhao, duty=Duty.GUARD, at=AT)
    assert cares(desk)[1] == ("2", zhao, TODAY - timedelta(days=20), TODAY)


def test_another_company_sees_nothing_and_settles_nothing(desk):
    wang, stranger = a_steward(desk), a_desk()
    settle(desk, wang, "1")
    with pytest.raises(NotFound):
        queries.building_stewards(stranger.scope, community=desk.community.id)
    for scope, community in ((stranger.scope, desk.community.id), (stranger.scope, stranger.community.id)):
        with pytest.raises(NotFound):
            actions.set_building_stewards(
                scope, community=community, buildings=[building(desk, "1")], steward=None, start_on=MARCH, at=AT
            )
    with pytest.raises(Denied):
        actions.set_building_stewards(
            replace(desk.scope, duty=Duty.GUARD), community=desk.community.id, buildings=[building(desk, "1")],
            steward=None, start_on=MARCH, at=AT,
        )  # fmt: skip
    assert cares(desk) == [("1", wang, MARCH, None)]


def test_the_database_refuses_two_stewards_of_one_building_at_once(desk):
    wang, zhao = a_steward(desk), a_steward(desk, "赵管家")
    settle(desk, wang, "1")
    with pytest.raises(IntegrityError), transaction.atomic():
        BuildingSteward.objects.create(
            company_id=desk.company, community_id=desk.community.id, building_id=building(desk, "1"), steward_id=zhao,
            start_on=MAY,
        )  # fmt: skip
