"""The desk of shared costs: tried, entered, divided by the month, explained on the bill, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders.billing import a_desk
from harness.budget import budget
from linli.estate.billing.models import Bill, Cost, Line
from linli.spine.may import Duty

pytestmark = pytest.mark.django_db
WORD = "2026-03"


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture(params=["en", "zh-CN"])
def clerk(request, desk, visitor) -> Client:
    return visitor(desk.scope, locale=request.param)


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode().replace('<span class="money-cents">', "")


def test_a_cost_is_tried_entered_divided_explained_and_taken_back(clerk: Client, desk):
    item = desk.an_item("lift_power")
    one, _two = desk.a_home("1-1-101", area_m2="100"), desk.a_home("1-1-201", area_m2="50")
    where = f"/p/charging/{desk.community.id}/{WORD}/costs/"
    text(clerk.get(where))
    form = {"item": item, "title": "电梯电费", "amount": "100.00", "by": "area", "place": "1/"}
    tried = text(clerk.post(where, {**form, "do": "try"}))
    assert "66.6667" in tried
    assert not Cost.objects.inside().filter(item=item).exists()
    assert clerk.post(where, {**form, "do": "enter"}).status_code == 303
    cost = Cost.objects.inside().get(item=item)
    with budget(8):
        assert "¥66.67" in text(clerk.get(f"/p/costs/{cost.pk}/"))
    assert "33.33" in clerk.get(f"/p/costs/{cost.pk}/sheet/?form=csv").content.decode()
    month = clerk.post("/p/charging/draft/", {"community": desk.community.id, "month": WORD})["Location"]
    assert "¥100.00" in text(clerk.get(month))
    assert clerk.post(f"{month}issue/").status_code == 303
    bill = Bill.objects.inside().get(home=one.id)
    shown = text(clerk.get(f"/p/bills/{bill.pk}/"))
    assert "¥100.00 × 100 ÷ 150" in shown
    assert "电梯电费" in shown
    with budget(8):
        assert "¥100.00" in text(clerk.get(where))
    assert clerk.post(f"/p/costs/{cost.pk}/credit/", {"why": "Wrong bill"}).status_code == 303
    assert "¥100.00" in text(clerk.get(f"/p/costs/{cost.pk}/"))
    assert Line.objects.inside().filter(cost=cost.pk).count() == 4


def test_a_cost_of_nothing_known_is_shown_and_withdrawn_with_a_reason(clerk: Client, desk):
    item = desk.an_item("water")
    desk.a_home("1-1-101", area_m2=None)
    where = f"/p/charging/{desk.community.id}/{WORD}/costs/"
    form = {"item": item, "amount": "100.00", "by": "area", "place": ""}
    assert "1-1-101" in text(clerk.post(where, {**form, "do": "try"}))
    text(clerk.post(where, {**form, "amount": "0", "do": "enter"}), 422)
    text(clerk.post(where, {**form, "by": "floors", "floors": "x", "do": "try"}), 422)
    assert clerk.post(where, {**form, "do": "enter"}).status_code == 303
    cost = Cost.objects.inside().get(item=item)
    page = f"/p/costs/{cost.pk}/"
    assert "1-1-101" in text(clerk.get(page))
    text(clerk.post(f"{page}withdrawal/", {}), 422)
    assert clerk.post(f"{page}withdrawal/", {"why": "Entered twice"}).status_code == 303
    assert "Entered twice" in text(clerk.get(page))


def test_a_sheet_of_costs_is_entered_and_a_wrong_cell_is_named(clerk: Client, desk):
    desk.an_item("lift_power")
    desk.a_home("1-1-101")
    where = f"/p/charging/{desk.community.id}/{WORD}/costs/"
    good = "item,by,amount\nlift_power,area,12.50\n"
    wrong = good + "gas,area,5\n"
    refused = clerk.post(f"{where}import/", {"file": SimpleUploadedFile("c.csv", wrong.encode())})
    assert refused.status_code == 303
    said = text(clerk.get(refused["Location"]))
    assert "<td>item</td>" in said, "as the sheet calls it, also where it is read in Chinese"
    assert '<td class="soft">gas</td>' in said
    assert not Cost.objects.inside().filter(community=desk.community.id).exists()
    assert clerk.post(f"{where}import/", {"file": SimpleUploadedFile("c.csv", good.encode())}).status_code == 303
    assert "¥12.50" in text(clerk.get(where))


def test_a_guard_and_a_stranger_find_no_costs(visitor, desk):
    home, item = desk.a_home(), desk.an_item()
    assert home.id
    clerk = visitor(desk.scope)
    where = f"/p/charging/{desk.community.id}/{WORD}/costs/"
    clerk.post(where, {"item": item, "amount": "5", "by": "home", "place": "", "do": "enter"})
    cost = Cost.objects.inside().get(item=item)
    for who in (visitor(replace(desk.scope, duty=Duty.GUARD)), visitor(a_desk().scope)):
        for page in (where, f"/p/costs/{cost.pk}/", f"/p/costs/{cost.pk}/sheet/"):
            assert who.get(page).status_code == 404, page
