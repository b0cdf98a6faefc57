"""Notices from end to end: the desk writes and publishes one, residents read and say so, the desk sees who has not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import AT, a_person, a_picture
from builders.notices import Audience, Level, a_board
from harness.budget import budget
from linli.estate.notices import tasks
from linli.estate.notices.rules import NoticePolicy
from linli.ground.policies import actions as policies
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)
FORM = {
    "kind": "outage",
    "title_zh": "停水通知",
    "body_zh": "周三 9 时至 12 时停水。",
    "title_en": "No water",
    "body_en": "There is no water on Wednesday.",
    "level": "community",
    "who": "everybody",
}


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch, tmp_path, settings):
    settings.HOME = tmp_path
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def board():
    return a_board()


@pytest.fixture
def desk(visitor, board):
    return visitor(board.desk.scope)


@pytest.fixture
def resident(visitor, board):
    return visitor(board.homes[0].scope)


def text(response) -> str:
    return response.content.decode()


def written(desk, board, **given) -> str:
    answer = desk.post("/p/notices/new/", FORM | {"community": str(board.desk.community.id)} | given)
    assert answer.status_code == 303, text(answer)
    return str(answer.url)


def moved(desk, where, verb, **given):
    answer = desk.post(where + "moves/", {"verb": verb} | given)
    assert answer.status_code == 303, text(answer)


def read_at(where: str) -> str:
    return where.replace("/p/", "/o/")


def test_a_notice_is_written_published_read_and_confirmed_and_the_desk_sees_by_whom(desk, resident, visitor, board):
    where = written(desk, board, is_important="1", is_told="1")
    assert "It would reach 4 people today." in text(desk.get(where))
    moved(desk, where, "publish")
    assert "1 unread" in text(resident.get("/o/property/"))
    listed = text(resident.get("/o/notices/"))
    assert "No water" in listed
    assert "new" in listed
    assert "There is no water on Wednesday." in text(resident.get(read_at(where)))
    chinese = visitor(board.homes[0].scope, locale="zh-CN")
    assert "周三 9 时至 12 时停水。" in text(chinese.get(read_at(where)))
    assert resident.post(read_at(where) + "reading/").status_code == 303
    assert "please confirm" in text(resident.get("/o/notices/"))
    assert resident.post(read_at(where) + "acknowledgement/").status_code == 303
    assert "please confirm" not in text(resident.get("/o/notices/"))
    page = text(desk.get(where))
    assert "25%" in page
    assert tasks.tell_recipients(at=NOW) == 4
    refused = desk.post(where + "moves/", {"verb": "tell_again"})
    assert refused.status_code == 409
    assert "1-1-102" in desk.get(where + "receipts/file/?form=csv").content.decode("utf-8-sig")
    assert "No water" in desk.get("/p/notices/file/?form=csv").content.decode("utf-8-sig")
    moved(desk, where, "withdraw")
    assert resident.get(read_at(where)).status_code == 404


def test_a_poster_leads_a_phone_to_the_notice(desk, resident, board):
    where = written(desk, board)
    moved(desk, where, "publish")
    poster = text(desk.get(where + "poster/"))
    assert "No water" in poster
    assert "<svg" in poster
    assert "GG-260302-0001" in poster


def test_pictures_and_attachments_are_shown_and_stay_when_the_draft_is_changed(desk, resident, board):
    files = {
        "pictures": SimpleUploadedFile("a.png", a_picture("PNG")),
        "papers": SimpleUploadedFile("公示.pdf", b"%PDF-1.4\n%%EOF"),
    }
    where = written(desk, board, **files)
    draft = text(desk.get(where + "draft/"))
    kept = {name: re.search(rf'name="{name}" value="([\w-]+)"', draft)[1] for name in ("kept_pictures", "kept_papers")}
    assert desk.post(where + "draft/", FORM | kept | {"title_en": "Changed"}).status_code == 303
    moved(desk, where, "publish")
    page = text(resident.get(read_at(where)))
    assert "Changed" in page
    assert "/pictures/" in page or kept["kept_pictures"] in page
    link = re.search(r'href="(/files/[^"]+)"', page)[1]
    assert resident.get(link).status_code == 200


def test_an_audience_is_typed_as_doors_and_what_is_not_there_is_told_at_the_field(desk, resident, visitor, board):
    where = written(desk, board, level="home", targets="2-1-101")
    moved(desk, where, "publish")
    assert resident.get(read_at(where)).status_code == 404
    assert visitor(board.homes[2].scope).get(read_at(where)).status_code == 200
    wrong = {"community": str(board.desk.community.id), "level": "unit", "targets": "1-1, 9-9"}
    answer = desk.post("/p/notices/new/", FORM | wrong)
    assert answer.status_code == 422
    assert 'id="targets-wrong"' in text(answer)
    assert "9-9" in text(answer)


def test_a_second_person_approves_on_the_page(desk, visitor, board):
    place = board.desk.community.id
    values = {"needs_approval": True}
    policies.set_policy(SYSTEM, word="notices", level="community", place=place, values=values, start_at=AT, at=AT)
    where = written(desk, board)
    assert "Ask for approval" in text(desk.get(where))
    moved(desk, where, "ask")
    assert "Send back" not in text(desk.get(where))
    other = visitor(replace(board.desk.scope, person=a_person("林经理")))
    moved(other, where, "send_back", why="写清楚时间")
    moved(desk, where, "ask")
    moved(other, where, "approve")
    assert "写清楚时间" in text(desk.get(where))


def test_a_notice_starts_from_a_sample_or_from_an_earlier_one(desk, board):
    assert "停水通知" in text(desk.get("/p/notices/new/?sample=water_off"))
    where = written(desk, board)
    assert "周三 9 时至 12 时停水。" in text(desk.get("/p/notices/new/?from=" + where.split("/")[3]))


def test_every_page_opens_in_both_languages_within_its_budget(visitor, desk, board):
    where = written(desk, board)
    moved(desk, where, "publish")
    mine = {"/o/notices/": 2, read_at(where): 2}
    staffs = {"/p/notices/": 3, "/p/notices/new/": 1, where: 8, where + "poster/": 8}
    for locale in ("zh-CN", "en"):
        for scope, pages in ((board.homes[0].scope, mine), (board.desk.scope, staffs)):
            client = visitor(scope, locale=locale)
            for page, statements in pages.items():
                assert client.get(page).status_code == 200, page
                with budget(statements):
                    client.get(page)


def test_strangers_find_nothing_and_a_closed_counter_is_not_there(visitor, desk, resident, board):
    notice = board.published(audience=Audience(Level.HOME, (board.homes[0].id,)))
    elsewhere = a_board()
    assert visitor(elsewhere.desk.scope).get(f"/p/notices/{notice}/").status_code == 404
    assert visitor(board.homes[2].scope).get(f"/o/notices/{notice}/").status_code == 404
    place, word = board.desk.community.id, NoticePolicy.word
    values = {"is_offered": False}
    policies.set_policy(SYSTEM, word=word, level="community", place=place, values=values, start_at=AT, at=AT)
    assert resident.get("/o/notices/").status_code == 404
    assert "/o/notices/" not in text(resident.get("/o/property/"))
