"""A newcomer's first hour: the empty sheet, a wrong cell, the preview, the import, and the undo."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders.billing import a_desk
from builders.clock import AT
from harness.budget import budget
from linli.ground.places import queries as places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_community_comes_by_a_sheet_and_goes_again(visitor, locale):
    desk = a_desk()
    desk.priced(desk.an_item("property_fee"), price="2.85")
    client: Client = visitor(desk.scope, locale=locale)
    assert client.get("/p/intake/").status_code == 200
    with budget(3):
        client.get("/p/intake/")
    heading = client.get("/p/intake/template/").content.decode("utf-8-sig").strip()

    def given(*rows: str):
        content = "\n".join([heading, *rows]).encode()
        return {"community": str(desk.community.id), "file": SimpleUploadedFile("homes.csv", content)}

    wrong = client.post("/p/intake/preview/", given("3,1,501,abc"), follow=True)
    assert "abc" in text(wrong)
    assert client.post("/p/intake/", given("3,1,501,abc")).status_code == 422
    row = "3,1,501,89.37,,7,,3,王芳,13755500001,,,property_fee,128.50"
    seen = client.post("/p/intake/preview/", given(row), follow=True)
    assert "3-1-501" in text(seen)
    assert places.doors(desk.community.id) == {}
    looked_at = text(seen).split('name="preview" value="')[1].split('"')[0]
    the_same = {"community": str(desk.community.id), "preview": looked_at}
    assert visitor(a_desk().scope).post("/p/intake/", the_same).status_code == 404
    assert client.post("/p/intake/", the_same).status_code == 303
    assert list(places.doors(desk.community.id)) == [("3", "1", "501")]
    page = text(client.get("/p/intake/"))
    assert "homes.csv" in page
    address = page.split('action="/p/intake/')[-1].split('"')[0]
    assert address.endswith("/undoing/")
    assert visitor(a_desk().scope).post(f"/p/intake/{address}", {}).status_code == 404
    assert client.post(f"/p/intake/{address}", {"community": str(desk.community.id)}).status_code == 303
    assert places.doors(desk.community.id) == {}
