"""A home that is sold, from the page of the home to the bills of both owners."""

from __future__ import annotations

from datetime import date

import pytest

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing.models import Line
from linli.ground.people import actions as people
from linli.ground.people.models import Residency
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


def test_a_sale_in_mid_month_is_written_down_once_and_each_owner_owes_their_days(visitor):
    desk = a_desk()
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="310"), home)
    clerk = visitor(desk.scope)
    where = f"/p/homes/{home.id}/"
    form = {"seller": home.owner, "name": "Mrs Shen", "phone": "13900000009", "start_on": "2028-03-11"}
    assert "sale/" in clerk.get(where).content.decode()
    assert clerk.post(f"{where}sale/", {**form, "phone": "123"}).status_code == 422
    assert clerk.post(f"{where}sale/", {**form, "start_on": "2001-01-01"}).status_code == 422
    assert visitor(a_desk().scope).post(f"{where}sale/", form).status_code == 404
    assert list(Residency.objects.inside().filter(home=home.id).values_list("party", flat=True)) == [home.owner]
    assert clerk.post(f"{where}sale/", form).status_code == 303
    assert clerk.post(f"{where}sale/", {**form, "phone": "13900000010"}).status_code == 404
    buyer = Residency.objects.inside().get(home=home.id, start_on=date(2028, 3, 11)).party_id
    desk.issued(date(2028, 3, 1))
    lines = Line.objects.inside().filter(subject=home.id).order_by("start_on")
    assert [(line.obligor, line.start_on.day, line.amount_minor) for line in lines] == [
        (home.owner, 1, 10000),
        (buyer, 11, 21000),
    ]


def test_a_sale_dated_into_a_month_that_went_out_names_what_still_stands_with_the_seller(visitor):
    desk = a_desk()
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="310"), home)
    for month in (1, 2, 3):
        desk.issued(date(2028, month, 1))
    clerk = visitor(desk.scope, locale="en")
    where = f"/p/homes/{home.id}/"
    form = {"seller": home.owner, "name": "Mrs Shen", "phone": "13900000009", "start_on": "2028-02-11"}
    said = clerk.post(f"{where}sale/", form, follow=True).content.decode()
    assert "Of what was billed before, ¥513.10 is for days from then on" in said  # 19 of 29 days, and March
    assert set(Line.objects.inside().filter(subject=home.id).values_list("obligor", flat=True)) == {home.owner}


SALE = {"name": "Mrs Shen", "phone": "13900000009", "start_on": "2028-03-11"}


def ends(home) -> dict[object, object]:
    return dict(Residency.objects.inside().filter(home=home.id, kind="family").values_list("party", "end_on"))


def with_family(home, phone="13900000021"):
    child = people.register_person(SYSTEM, name="Xiao Mei", phone=phone, at=AT)
    people.move_in(SYSTEM, party=child, home=home.id, kind="family", start_on=AT.date(), at=AT)
    return child


@pytest.mark.parametrize("leaves", [True, False])
def test_the_form_names_the_family_that_moves_out_with_the_seller(visitor, leaves):
    """Whoever stays as family sees the passes and parcels of the next owner: the desk is asked, and says it."""
    desk = a_desk()
    home = desk.a_home("3-1-501")
    child = with_family(home)
    clerk = visitor(desk.scope, locale="en")
    where = f"/p/homes/{home.id}/"
    assert "The family moves out with the seller" in clerk.get(where).content.decode()
    form = SALE | {"seller": home.owner} | ({"family_leaves": "1"} if leaves else {})
    assert clerk.post(f"{where}sale/", form).status_code == 303
    assert ends(home) == {child: date(2028, 3, 11) if leaves else None}


def test_a_child_who_buys_the_home_is_its_owner_and_family_no_more(visitor):
    desk = a_desk()
    home = desk.a_home("3-1-501")
    child, other = with_family(home, SALE["phone"]), with_family(home)
    assert visitor(desk.scope).post(f"/p/homes/{home.id}/sale/", SALE | {"seller": home.owner}).status_code == 303
    assert ends(home) == {child: date(2028, 3, 11), other: None}


def test_whoever_sold_their_only_home_still_pays_what_is_open_on_their_phone(visitor):
    desk = a_desk()
    home = desk.a_home_owing("310", since=date(2026, 3, 1), door="3-1-501")
    stranger = visitor(Scope(role=Role.RESIDENT, person=desk.a_home("3-1-502").owner), locale="en")
    seller = visitor(Scope(role=Role.RESIDENT, person=home.owner), locale="en")
    assert "¥310.00 is still open" in seller.get("/o/").content.decode()
    shown = seller.get("/o/bills/").content.decode()
    assert "Pay ¥310.00" in shown
    assert 'href="/o/contracts/"' not in shown
    for page in ("wallet", "plans", "mandates", "prepaid", "bills/receipts"):
        assert seller.get(f"/o/{page}/").status_code == 200, page
    assert seller.post("/o/bills/payments/", {"subject": home.id}).status_code == 303
    assert seller.get("/o/visitors/").status_code == 404
    assert stranger.get("/o/bills/").status_code == 404
    assert "is still open" not in stranger.get("/o/").content.decode()
