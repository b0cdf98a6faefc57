"""A courier at the gate: the guard types the K and its figures, sees the door, lets in or turns away."""

from __future__ import annotations

import pytest

from builders import AT, a_company, a_person
from builders.couriers import a_round
from linli.faces.shell import dispatch, doorway
from linli.spine.may import Duty
from linli.spine.scope import Role, Scope
from linli.trade.delivery import queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_guard_types_a_couriers_figures_and_lets_in_or_turns_away(visitor, monkeypatch, locale):
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)
    round_ = a_round()
    courier = round_.a_courier()
    task = round_.taken(courier)
    code = queries.task_page(courier, task=task).gate_pass
    assert code in visitor(courier, locale=locale).get("/c/").content.decode()
    guard = Scope(
        role=Role.PROPERTY, person=a_person(), company=a_company(), communities=(round_.community.id,), duty=Duty.GUARD
    )  # fmt: skip
    phone = visitor(guard, locale=locale)
    where = {"community": str(round_.community.id), "gate": ""}
    wrong = phone.post("/p/gate/check/", where | {"code": "K000000" if code != "K000000" else "K111111"})
    assert (wrong.status_code, "/gate/couriers/" in wrong.content.decode()) == (200, False)
    found = phone.post("/p/gate/check/", where | {"code": code.lower()})
    assert (found.status_code, f"/p/gate/couriers/{task}/" in found["Location"]) == (303, True)
    assert "3-2-501" in phone.get(f"/p/gate/couriers/{task}/").content.decode()
    assert phone.post(f"/p/gate/couriers/{task}/entries/").status_code == 303
    assert phone.post(f"/p/gate/couriers/{task}/refusals/", {"why": ""}).status_code == 422
    assert phone.post(f"/p/gate/couriers/{task}/refusals/", {"why": "wrong person"}).status_code == 303
    assert phone.post(f"/p/gate/couriers/{task}/entries/").status_code == 409
    verbs = [move.verb for move in round_.page(task).moves]
    assert (verbs[-3:], round_.page(task).due_at is not None) == (["let_in", "turn_away", "escalate"], True)
