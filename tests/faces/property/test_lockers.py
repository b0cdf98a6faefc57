"""The desk puts up a cabinet, sees its doors, and takes out what waits too long; in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_company, a_home, a_person
from harness.payments_words import as_the_house
from linli.faces.shell import dispatch, doorway
from linli.kernel import ids
from linli.reach.lockers import actions as lockers
from linli.reach.lockers.rules import Size
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
LIST = "/p/lockers/"


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_cabinet_is_put_up_looked_into_mended_and_taken_away(visitor, monkeypatch, locale):
    community = a_home().community.id
    scope = Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(community,), duty=Duty.GUARD
    )  # fmt: skip
    now = AT + timedelta(days=3)
    monkeypatch.setattr(dispatch, "now", lambda: now)
    monkeypatch.setattr(doorway, "now", lambda: now)
    desk = visitor(scope, locale=locale)
    asked = {"of": str(community), "label": "A", "machine": "hive-7", "small": "2", "medium": "", "large": "1"}
    assert desk.post(LIST, asked | {"small": "0", "large": "0"}).status_code == 422
    assert desk.post(LIST, asked).status_code == 303
    assert desk.post(LIST, asked).status_code == 409
    ((sign,),) = as_the_house("SELECT sign FROM lockers_cabinet")
    shown = desk.get(LIST).content.decode()
    assert ("hive-7" in shown, sign in shown) == (True, True)
    taken = lockers.take(SYSTEM, community=community, subject=ids.new(), size=Size.SMALL, at=AT)
    assert taken is not None
    assert "emptying/" in desk.get(LIST).content.decode()
    assert desk.post(f"{LIST}doors/{taken.compartment}/emptying/").status_code == 303
    as_the_house("UPDATE lockers_compartment SET broken_at = %s WHERE nth = 1 RETURNING id", AT)
    assert "repair/" in desk.get(LIST).content.decode()
    assert desk.post(f"{LIST}doors/{taken.compartment}/repair/").status_code == 303
    ((box,),) = as_the_house("SELECT id FROM lockers_cabinet")
    assert desk.post(f"{LIST}{box}/closing/").status_code == 303
    assert "hive-7" not in desk.get(LIST).content.decode()
