"""A home that is sold, from the page of the home to the bills of both owners."""

from __future__ import annotations

from datetime import date

import pytest

from builders.billing import a_desk
from linli.estate.billing.models import Line
from linli.ground.people.models import Residency

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
    assert "¥620.00 was billed before" in said
    assert set(Line.objects.inside().filter(subject=home.id).values_list("obligor", flat=True)) == {home.owner}
