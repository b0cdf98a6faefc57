"""The owners' assembly as its people meet it: the desk drafts and announces, owners vote, two read a paper, minutes."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from builders import AT, a_community, a_person, a_picture
from builders.assembly import CLOSES, VOTES, YES, a_second_pair_of_eyes, a_vote, set_terms
from builders.billing import a_desk
from builders.people import a_phone
from harness.budget import statements_of_pages
from harness.looking import rows_of
from linli.estate.assembly import actions, queries
from linli.reach.notify.models import Message
from linli.reach.notify.rules import render
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    def at(moment):
        monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: moment)
        monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: moment)

    at(AT)
    return at


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def homes(desk):
    return [desk.a_home(f"1-1-{n}01", area_m2="100.00") for n in range(1, 4)]


def text(answer) -> str:
    return answer.content.decode()


def ballots(vote, *picked):
    return {f"answer.{motion}": str(place) for motion, place in zip(vote, picked, strict=True)}


def test_a_vote_from_the_draft_to_the_minutes(visitor, clock, desk, homes):
    office, other = visitor(desk.scope), visitor(a_second_pair_of_eyes(desk))
    drafted = office.post(
        "/p/meetings/new/",
        {
            "community": desk.community.id,
            "title_zh": "换电梯",
            "record_on": "2026-03-01",
            "opens_at": "2026-03-18T09:00",
            "closes_at": "2026-03-25T18:00",
            "secrecy": "",
        },
    )
    assert drafted.status_code == 303
    where = drafted["Location"]
    assert office.post(f"{where}announcement/").status_code == 409
    added = office.post(f"{where}motions/", {"matter": "ordinary", "motion_title_zh": "更换 3 栋电梯", "most": "1"})
    assert added.status_code == 303
    assert office.post(f"{where}announcement/").status_code == 303
    (card,) = queries.meetings(desk.scope)
    motion = queries.meeting_page(desk.scope, meeting=card.meeting, at=AT).motions[0].motion
    clock(card.opens_at + timedelta(hours=1))
    for home, place in zip(homes[:2], (0, 1), strict=True):
        owner = visitor(home.scope)
        assert "1 vote is open" in text(owner.get("/o/property/"))
        head = queries.my_votes(home.scope, meeting=card.meeting)[0].voter
        voted = owner.post(f"/o/votes/{card.meeting}/ballots/{head}/", {f"answer.{motion}": str(place)})
        assert voted.status_code == 303
    head = queries.my_votes(homes[2].scope, meeting=card.meeting)[0].voter
    paper = f"{where}papers/{head}/"
    assert "bottom-bar" in text(office.get(paper))  # read at the owner's door, with a phone
    assert office.post(paper, {f"answer.{motion}": "0"}).status_code == 303
    assert "read it again" in text(other.get(f"{where}roll/"))
    assert other.post(f"{paper}second/", {f"answer.{motion}": "0"}).status_code == 303
    page = text(office.get(where))
    assert "3 of 3" in page
    assert "Took part, by area" not in page
    clock(card.closes_at)
    late = visitor(homes[0].scope).post(
        f"/o/votes/{card.meeting}/ballots/{queries.my_votes(homes[0].scope, meeting=card.meeting)[0].voter}/",
        {f"answer.{motion}": "1"},
    )
    assert late.status_code == 409
    actions.keep_time(SYSTEM, meeting=card.meeting, at=card.closes_at)
    for client, address in ((office, f"{where}minutes/"), (visitor(homes[1].scope), f"/o/votes/{card.meeting}/")):
        shown = text(client.get(address))
        assert "Took part, by area: 300.00 m² of 300.00 m²." in shown
        assert "Consented, by heads: 2 of the 3 that took part." in shown
    rows = list(load_workbook(io.BytesIO(office.get(f"{where}minutes/file/").content)).active.values)
    assert rows[1][2:6] == ("In favour", 2, 200, "passed")
    for client in (visitor(desk.scope, locale="zh-CN"), visitor(homes[1].scope, locale="zh-CN")):
        shown = text(client.get(f"{where}minutes/" if client.get(where).status_code == 200 else address))
        assert ("同意" in shown, "yes" in shown.partition("<main")[2]) == (True, False)
    assert visitor(homes[1].scope).post(f"/o/votes/{card.meeting}/objections/", {"text": "请复核"}).status_code == 303
    minutes = {"files": SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 signed by three")}
    assert office.post(f"/p/attachments/meetings/{card.meeting}/", minutes).status_code == 303
    read = text(visitor(homes[1].scope).get(f"/o/votes/{card.meeting}/"))
    assert ("minutes.pdf" in read, "/removal/" in read) == (True, False)
    assert "请复核" in text(office.get(f"{where}minutes/"))


def test_the_desk_looks_at_the_letter_of_a_proxy(visitor, clock, desk, homes):
    vote, own = a_vote(desk), homes[0].scope
    phone = a_phone()
    desk.a_home().with_tenant(a_person("受托人", phone=phone))
    letter = [("letter.png", a_picture("PNG"))]
    actions.give_proxy(own, voter=vote.head_of(own), phone=phone, letter=letter, at=AT)
    clock(VOTES)
    office, roll = visitor(desk.scope, locale="en"), f"/p/meetings/{vote.id}/roll/"
    shown = text(office.get(roll))
    assert "to look at" in shown
    (card,) = queries.proxy_letters(desk.scope, meeting=vote.id, at=VOTES)
    where = f"/p/meetings/{vote.id}/letters/{card.proxy}/"
    assert office.post(where + "check/").status_code == 303
    assert "looked at" in text(office.get(roll))
    assert office.post(where + "refusal/", {"why": ""}).status_code == 422
    assert visitor(own).post(where + "check/").status_code == 404
    assert office.post(where + "refusal/", {"why": "签名不符"}).status_code == 303
    assert "Proxies by letter" not in text(office.get(roll))


def test_every_page_opens_in_both_languages_within_its_budget(visitor, clock, desk, homes):
    vote = a_vote(desk)
    vote.cast(homes[0].scope, YES)
    head = vote.head_of(homes[1].scope)
    clock(VOTES)
    of_desk = {
        "/p/meetings/": 3,
        "/p/meetings/file/?form=csv": 3,
        "/p/meetings/new/": 1,
        f"/p/meetings/{vote.id}/": 8,
        f"/p/meetings/{vote.id}/roll/": 12,
        f"/p/meetings/{vote.id}/roll/file/?form=csv": 6,
        f"/p/meetings/{vote.id}/papers/{head}/": 10,
        f"/p/meetings/{vote.id}/minutes/": 6,
    }
    of_owner = {
        "/o/votes/": 2,
        f"/o/votes/{vote.id}/": 9,
        f"/o/votes/{vote.id}/proxies/{head}/": 8,
    }
    for locale in ("zh-CN", "en"):
        assert statements_of_pages(visitor(desk.scope, locale=locale), of_desk) == of_desk
        assert statements_of_pages(visitor(homes[1].scope, locale=locale), of_owner) == of_owner


def test_strangers_other_duties_and_other_communities_find_nothing(visitor, clock, desk, homes):
    vote = a_vote(desk)
    guard = Scope(
        role=Role.PROPERTY,
        person=desk.scope.person,
        company=desk.company,
        communities=desk.scope.communities,
        duty=Duty.GUARD,
    )
    for scope in (guard, a_desk().scope, homes[0].scope):
        assert visitor(scope).get(f"/p/meetings/{vote.id}/").status_code == 404
    elsewhere = a_desk().a_home()
    assert visitor(elsewhere.scope).get(f"/o/votes/{vote.id}/").status_code == 404
    assert a_community().id not in {vote.page().card.community}


def test_a_community_that_does_not_vote_here_has_no_such_counter(visitor, clock, desk, homes):
    vote = a_vote(desk)
    set_terms(desk, is_offered=False)
    owner = visitor(homes[0].scope)
    assert owner.get("/o/votes/").status_code == 404
    assert owner.get(f"/o/votes/{vote.id}/").status_code == 404
    assert "/o/votes/" not in text(owner.get("/o/property/"))


def test_a_ballot_that_is_not_in_order_is_shown_again_at_its_motion(visitor, clock, desk, homes):
    vote = a_vote(desk)
    clock(VOTES)
    where = f"/o/votes/{vote.id}/ballots/{vote.head_of(homes[0].scope)}/"
    for answer in ({}, {f"answer.{vote.motions[0]}": "7"}, {f"answer.{vote.motions[0]}": "x"}):
        refused = visitor(homes[0].scope).post(where, answer)
        assert refused.status_code == 422
        assert "field-error" in text(refused)
    assert vote.page().card.turnout.heads == 0
    clock(CLOSES)


def test_owners_read_a_survey_in_their_language_and_else_in_the_one_that_there_is(visitor, clock, desk, homes):
    office = visitor(desk.scope)
    asked = {"community": desk.community.id, "title_zh": "征询", "title_en": "A question", "record_on": "2026-03-01"}
    times = {"opens_at": "2026-03-18T09:00", "closes_at": "2026-03-25T18:00"}
    unnamed = office.post("/p/meetings/new/", asked | times | {"title_zh": " ", "title_en": ""})
    assert unnamed.status_code == 422
    where = office.post("/p/meetings/new/", asked | times)["Location"]
    motion = {"matter": "survey", "motion_title_zh": "车棚改成什么？", "most": "1", "options": "充电车棚\n小花园"}
    wrong = office.post(f"{where}motions/", motion | {"options_en": "A garden"})
    assert (wrong.status_code, "in the same order" in text(wrong)) == (422, True)
    both = motion | {"motion_title_en": "What shall the shed become?", "options_en": "Charging\nA garden"}
    assert office.post(f"{where}motions/", both).status_code == 303
    only_english = {"matter": "choice", "motion_title_en": "Which firm?", "most": "1", "options_en": "A\nB"}
    assert office.post(f"{where}motions/", only_english).status_code == 303
    assert office.post(f"{where}announcement/").status_code == 303
    (card,) = queries.meetings(desk.scope)
    address = f"/o/votes/{card.meeting}/"
    english = text(visitor(homes[0].scope, locale="en").get(address))
    chinese = text(visitor(homes[0].scope, locale="zh-CN").get(address))
    for said in ("A question", "What shall the shed become?", "Charging", "A garden", "Which firm?"):
        assert said in english
    for said in ("征询", "车棚改成什么？", "充电车棚", "小花园", "Which firm?"):
        assert said in chinese
    assert "A garden" not in chinese
    message = rows_of(Message).filter(template="vote_announced").first()
    assert "征询" in render("vote_announced", "zh-CN", message.values)
    assert "A question" in render("vote_announced", "en", message.values)


def test_the_desk_puts_to_the_vote_again_what_had_too_few_votes(visitor, clock, desk, homes):
    vote, office = a_vote(desk), visitor(desk.scope)
    where = f"/p/meetings/{vote.id}/"
    assert f"{where}again/" not in office.get(where).content.decode()
    vote.closed()
    clock(CLOSES)
    assert f"{where}again/" in office.get(where).content.decode()
    asked = {"record_on": "2026-03-20", "opens_at": "2026-05-18T09:00", "closes_at": "2026-05-17T18:00"}
    wrong = office.post(f"{where}again/", asked)
    assert (wrong.status_code, "A vote ends after it begins." in text(wrong)) == (422, True)
    drafted = office.post(f"{where}again/", asked | {"closes_at": "2026-05-25T18:00"})["Location"]
    page = text(office.get(drafted))
    assert "事项 ordinary" in page
    assert "Announce it to the owners" in page
