"""What the gallery is told to look at exists, and what it saw is laid out for people."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from linli.faces.shell import pages
from linli.faces.shell.pages import FACES, house
from linli.faces.shell.threshold import routes_of
from linli.works.gallery import contact_sheet
from linli.works.gallery.shooting import Look, Shot
from linli.works.gallery.views import PEOPLE, VIEWS, View, looks_like

SOME_ID = "019a0000-0000-7000-8000-000000000001"


def test_every_view_leads_to_a_page_of_the_house():
    assert settings.configured
    pages.addresses()
    ways = routes_of(house)
    for view in VIEWS:
        first = view.address.partition("?")[0]
        assert view.name == "no-page" or ways.find(first[1:]) is not None, view
        for onward in view.onward:
            steps = (SOME_ID, "2026-11")
            tries = {re.sub("[#*]", step, onward) for step in steps} | {_mixed(onward)}
            assert any(ways.find(each[1:]) is not None for each in tries), (view, onward)


def _mixed(onward: str) -> str:
    return onward.replace("#", SOME_ID, 1).replace("#", "2026-11", 1).replace("*", "word")


def test_views_have_names_of_their_own_and_somebody_to_look():
    twice = [each for each, times in Counter((view.who, view.name) for view in VIEWS).items() if times > 1]
    assert twice == []
    assert {view.who for view in VIEWS} == set(PEOPLE)
    assert {who.face for who in PEOPLE.values()} == set(FACES)


@pytest.mark.parametrize(
    ("onward", "link", "fits"),
    [
        ("/o/bills/#/", "/o/bills/019a-77/", True),
        ("/o/bills/#/", "/o/bills/receipts/", False),
        ("/o/bills/#/", "/o/bills/019a-77/paper/", False),
        ("/platform/policies/*/*/", "/platform/policies/billing/cut_days/", True),
        ("/platform/policies/*/*/", "/platform/policies/billing/", False),
    ],
)
def test_a_link_looks_like_one_thing_by_its_id(onward: str, link: str, fits: bool):
    assert (looks_like(onward).fullmatch(link) is not None) is fits


def test_the_contact_sheet_shows_every_picture_and_says_what_was_strange(tmp_path: Path):
    look = Look("phone", "zh", "dark")
    view = View("owner", "home", "/o/")
    shots = [
        Shot(view, look, "/o/", f"owner-home-{look}.png", "首页 <b>", ()),
        Shot(View("merchant", "board", "/m/"), look, "/m/", "board.png", "Board", ("12 px wider than the screen",)),
    ]
    sheet = contact_sheet.write(tmp_path, shots).read_text(encoding="utf-8")
    assert "2 pictures, 1 of them strange" in sheet
    assert 'src="owner-home-phone-zh-dark.png" alt="首页 &lt;b&gt;"' in sheet
    assert sheet.count("12 px wider than the screen") == 1
