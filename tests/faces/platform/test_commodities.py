"""Commodities at the operator's desk: seen, edited, and bought listings decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_home, a_person
from builders.replenish import a_good, asked, bought
from harness.budget import budget
from linli.insight.replenish import models, queries, tasks
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
LIST = "/platform/commodities/"


@pytest.fixture
def rice():
    return a_good()


@pytest.fixture
def home(rice):
    home = asked(a_home(community=rice.shop.community).with_owner())
    bought(rice, home, [0, 20, 50])
    return home


@pytest.fixture
def desk(visitor, home):
    return visitor(Scope(role=Role.PLATFORM, person=a_person()), locale="en")


def text(response) -> str:
    return response.content.decode()


def kept(home) -> dict[str, int]:
    rows = models.State.objects.inside().filter(household__home=home.id).values_list("commodity", "purchases")
    return dict(rows)


def test_a_bought_listing_is_shown_with_its_pack_and_remapped_with_the_states_of_its_homes(desk, home, rice):
    page = text(desk.get(LIST))
    assert "东北大米 5kg" in page
    assert "5000 g" in page
    assert kept(home) == {"": 3, "rice": 3}

    assert desk.post(f"{LIST}listings/{rice.id}/", {"commodity": "flour"}).status_code == 303
    tasks.rebuild_stale(at=AT + timedelta(days=60))

    assert kept(home) == {"": 3, "flour": 3}
    assert "by hand" in text(desk.get(LIST))
    assert desk.post(f"{LIST}listings/{rice.id}/", {"commodity": ""}).status_code == 303
    tasks.rebuild_stale(at=AT + timedelta(days=60))
    assert kept(home) == {"": 3}
    assert "东北大米 5kg" in text(desk.get(f"{LIST}?only=none"))


def test_a_commodity_that_nobody_knows_decides_nothing(desk, home, rice):
    assert desk.post(f"{LIST}listings/{rice.id}/", {"commodity": "caviar"}).status_code == 422
    assert kept(home) == {"": 3, "rice": 3}


def test_a_commodity_is_edited_and_a_new_one_is_added(desk):
    form = {"zh": "大米", "en": "Rice", "measure": "g", "usual_days": "38", "words": "大米\nrice", "is_proposed": "1"}
    assert "rice cooker" in text(desk.get(f"{LIST}rice/"))
    assert desk.post(LIST, {"key": "rice", **form}).status_code == 303
    new = {"key": "millet", **form, "zh": "小米", "en": "Millet", "words": "小米\nmillet", "others": "小米手机"}
    assert desk.post(LIST, new).status_code == 303

    found = {each.key: each for each in queries.taxonomy()}
    assert (found["rice"].usual_days, found["rice"].words) == (38, ("大米", "rice"))
    assert (found["millet"].en, found["millet"].others) == ("Millet", ("小米手机",))
    assert desk.get(f"{LIST}caviar/").status_code == 404


def test_medicine_becomes_no_commodity(desk):
    form = {"key": "pills", "zh": "感冒灵", "en": "Pills", "measure": "piece", "usual_days": "9", "words": "感冒灵"}
    assert desk.post(LIST, form).status_code == 422
    assert "pills" not in {each.key for each in queries.taxonomy()}


def test_the_pages_keep_their_budgets(desk):
    for where, statements in ((LIST, 2), (f"{LIST}rice/", 1), ("/platform/new-commodity/", 0)):
        desk.get(where)
        with budget(exactly=statements):
            desk.get(where)
