"""Fields are read strictly, and a field that cannot be used is refused by its name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from linli.faces.shell.forms import Fields, filters
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

ID = UUID("0190c5e0-0000-7000-8000-000000000001")


class Kind(StrEnum):
    FRESH = "fresh"


def fields(query: str) -> Fields:
    return Fields(QueryDict(query))


def test_fields_are_read_by_their_type():
    form = fields(f"name=+Tomatoes+&n=3&w=1.25&price=%C2%A512.5&id={ID}&on=2026-11-22&kind=fresh&tick=1&empty=")
    assert form.text("name") == "Tomatoes"
    assert form.whole("n") == 3
    assert form.number("w") == Decimal("1.25")
    assert form.money("price") == Money(1250)
    assert form.id("id") == ID
    assert form.day("on") == date(2026, 11, 22)
    assert form.choice("kind", Kind) is Kind.FRESH
    assert form.flag("tick")
    assert not form.flag("other")
    assert (form.maybe_text("empty"), form.maybe_money("empty"), form.maybe_id("no"), form.maybe_day("no")) == (
        None,
    ) * 4
    assert form.whole("page", default=1) == 1


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", lambda f: f.text("x")),
        ("x=" + "a" * 201, lambda f: f.text("x")),
        ("x=a%00b", lambda f: f.text("x")),
        ("x=a%00b", lambda f: f.many("x")),
        ("x=" + "a" * 201, lambda f: f.many("x")),
        ("x=0001-01-01", lambda f: f.day("x")),
        ("x=9999-12-31", lambda f: f.day("x")),
        ("x=0001-01-01T00:00", lambda f: f.instant("x", ZoneInfo("Asia/Shanghai"))),
        ("x=1.5", lambda f: f.whole("x")),
        ("x=%D9%A1", lambda f: f.whole("x")),
        ("x=-1", lambda f: f.whole("x")),
        ("x=9999999", lambda f: f.whole("x")),
        ("x=NaN", lambda f: f.number("x")),
        ("x=Infinity", lambda f: f.number("x")),
        ("x=1e9", lambda f: f.number("x")),
        ("x=12.345", lambda f: f.money("x")),
        ("x=-1", lambda f: f.money("x")),
        ("", lambda f: f.money("x")),
        ("x=5", lambda f: f.id("x")),
        ("x=2026-02-30", lambda f: f.day("x")),
        ("", lambda f: f.day("x")),
        ("x=stale", lambda f: f.choice("x", Kind)),
        ("&".join(["x=1"] * 501), lambda f: f.many("x")),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(query: str, read):
    with pytest.raises(Invalid) as refused:
        read(fields(query))
    assert refused.value.field == "x"


def test_quantities_are_read_by_id():
    assert fields(f"quantity.{ID}=2&other=1").quantities("quantity") == {ID: 2}
    with pytest.raises(Invalid):
        fields("quantity.5=2").quantities("quantity")


def test_files_have_a_limit():
    files = MultiValueDict({"picture": [SimpleUploadedFile("a.png", b"12345")]})
    assert Fields(None, files).file("picture").content == b"12345"
    with pytest.raises(Invalid):
        Fields(None, files).file("picture", most=4)
    with pytest.raises(Invalid):
        Fields().file("picture")


def test_a_filter_that_is_not_offered_is_left_out():
    assert filters(fields("state=paid&kind=odd"), {"state": ("paid",), "kind": ("fresh",)}) == {"state": "paid"}


def test_what_is_shown_again_or_searched_for_holds_no_control_characters():
    assert fields("q=a%00b%1fc").raw("q") == "abc"
