"""Signing in through the pages: phone, code, second check, hats, devices, and out again."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from builders import a_community, a_home, a_person
from linli.faces.shell import dispatch, sign_in_cookies, sign_ins
from linli.faces.shell.clock import now
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.reach.notify.queries import inbox
from linli.reach.sign_in.models import Challenge
from linli.spine.scope import SYSTEM, Role

pytestmark = pytest.mark.django_db
PHONE = "13912345678"


@pytest.fixture(autouse=True)
def a_demo(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"
    settings.SESSION_COOKIE_SECURE = False


@pytest.fixture
def neighbour() -> Client:
    return Client(headers={"sec-fetch-site": "same-origin", "accept-language": "en", "user-agent": "Safari iPhone"})


def code() -> str:
    newest = max(inbox(SYSTEM, limit=50), key=lambda message: message.received_at)
    return re.findall(r"\d{6}", newest.body)[0]


def sign_in(neighbour: Client, phone: str = PHONE, onward: str = ""):
    assert neighbour.post("/sign-in/", {"phone": phone, "next": onward})["Location"] == "/sign-in/code/"
    return neighbour.post("/sign-in/code/", {"code": code()})


def test_a_phone_and_its_code_open_a_session(neighbour: Client):
    asked = neighbour.post("/sign-in/", {"phone": PHONE})
    assert (asked.status_code, asked["Location"]) == (303, "/sign-in/code/")
    page = neighbour.get("/sign-in/code/").content.decode()
    assert "139****5678" in page
    answer = neighbour.post("/sign-in/code/", {"code": code()})
    assert (answer.status_code, answer["Location"]) == (303, "/o/")
    session = answer.cookies[sign_in_cookies.SESSION]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert "Where you are signed in" in neighbour.get("/hats/").content.decode()


@pytest.mark.parametrize(("spoken", "words"), [("en", "Your Linli sign-in code is"), ("zh-CN", "登录验证码")])
def test_the_code_comes_in_the_language_of_the_page_that_asked(neighbour: Client, spoken: str, words: str):
    neighbour.post("/sign-in/", {"phone": PHONE}, headers={"accept-language": spoken})
    (message,) = inbox(SYSTEM, limit=50)
    assert words in message.body


def test_the_number_stands_in_no_address(neighbour: Client):
    asked = neighbour.post("/sign-in/", {"phone": PHONE, "next": "/o/orders/?page=2"})
    assert asked["Location"] == "/sign-in/code/"
    assert neighbour.post("/sign-in/code/", {"code": code()})["Location"] == "/o/orders/?page=2"


def test_onward_never_leads_to_another_site(neighbour: Client):
    assert sign_in(neighbour, onward="https://evil.example/")["Location"] == "/o/"
    assert "evil" not in neighbour.get("/sign-in/?next=//evil.example/").content.decode()


def test_a_wrong_code_is_said_at_its_field_and_opens_nothing(neighbour: Client):
    neighbour.post("/sign-in/", {"phone": PHONE})
    answer = neighbour.post("/sign-in/code/", {"code": f"{(int(code()) + 1) % 1_000_000:06d}"})
    assert answer.status_code == 422
    assert "This code is not right or no longer valid." in answer.content.decode()
    assert sign_in_cookies.SESSION not in neighbour.cookies


def test_what_is_no_phone_number_is_said_at_its_field(neighbour: Client):
    answer = neighbour.post("/sign-in/", {"phone": "12"})
    assert answer.status_code == 422
    assert 'id="phone-wrong"' in answer.content.decode()
    assert inbox(SYSTEM, limit=50) == ()


def test_asking_too_often_is_refused(neighbour: Client):
    neighbour.post("/sign-in/", {"phone": PHONE})
    assert neighbour.post("/sign-in/", {"phone": PHONE}).status_code == 429
    assert len(inbox(SYSTEM, limit=50)) == 1


def test_the_code_page_without_a_number_begins_again(neighbour: Client):
    assert neighbour.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert neighbour.post("/sign-in/code/", {"code": "123456"})["Location"] == "/sign-in/"
    neighbour.cookies[sign_ins.STEP_COOKIE] = "forged"
    assert neighbour.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_a_new_device_of_a_resident_is_asked_a_second_question(neighbour: Client):
    a_home().with_owner(a_person(phone=PHONE))
    answer = sign_in(neighbour)
    assert answer["Location"] == "/sign-in/check/"
    assert neighbour.get("/hats/")["Location"] == "/sign-in/check/"
    wrong = neighbour.post("/sign-in/check/", {"answer": "nowhere"})
    assert wrong.status_code == 422
    assert "That does not match. 4 tries are left" in wrong.content.decode()


def test_the_access_cookie_answers_without_the_database(neighbour: Client, django_assert_num_queries):
    sign_in(neighbour)
    neighbour.get("/hats/")
    assert neighbour.cookies[sign_in_cookies.ACCESS].value
    with django_assert_num_queries(0):
        assert neighbour.get("/")["Location"] == "/o/"


def test_a_forged_or_foreign_cookie_is_a_guest(neighbour: Client):
    neighbour.cookies[sign_in_cookies.SESSION] = "forged"
    neighbour.cookies[sign_in_cookies.ACCESS] = "forged.too"
    answer = neighbour.get("/hats/")
    assert answer["Location"] == "/sign-in/"
    assert answer.cookies[sign_in_cookies.SESSION].value == ""


def test_access_is_renewed_after_five_minutes(neighbour: Client, monkeypatch: pytest.MonkeyPatch):
    sign_in(neighbour)
    neighbour.get("/hats/")
    before = neighbour.cookies[sign_in_cookies.ACCESS].value
    monkeypatch.setattr(dispatch, "now", lambda: now() + timedelta(minutes=6))
    assert neighbour.get("/hats/").status_code == 200
    assert neighbour.cookies[sign_in_cookies.ACCESS].value != before


def test_an_ended_session_changes_nothing_any_more(neighbour: Client):
    sign_in(neighbour)
    neighbour.get("/hats/")
    kept = {name: neighbour.cookies[name].value for name in (sign_in_cookies.SESSION, sign_in_cookies.ACCESS)}
    assert neighbour.post("/sign-out/")["Location"] == "/"
    for name, value in kept.items():
        neighbour.cookies[name] = value
    answer = neighbour.post("/hats/", {"hat": "platform|platform|"})
    assert answer.status_code == 404
    assert neighbour.get("/hats/")["Location"] == "/sign-in/"


def test_signing_out_is_said_and_takes_the_cookies_away(neighbour: Client, settings):
    sign_in(neighbour)
    settings.SESSION_COOKIE_SECURE = True
    neighbour.post("/sign-out/")
    assert neighbour.cookies[sign_in_cookies.SESSION].value == ""
    said = neighbour.cookies["linli_said"]
    assert (said["secure"], said["httponly"], said["samesite"]) == (True, True, "Lax")
    assert "You are signed out." in neighbour.get("/").content.decode()


def test_a_hat_is_put_on(neighbour: Client):
    person = a_person(phone=PHONE)
    people.grant_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, place=None, at=now())
    sign_in(neighbour)
    neighbour.post("/sign-in/check/", {"answer": "王小明"})
    assert "platform" in neighbour.get("/hats/").content.decode()
    answer = neighbour.post("/hats/", {"hat": "platform|platform|"})
    assert answer.status_code == 303
    assert neighbour.cookies[sign_in_cookies.ACCESS].value == ""


def test_a_hat_of_somebody_else_is_refused(neighbour: Client):
    sign_in(neighbour)
    answer = neighbour.post("/hats/", {"hat": "platform|platform|"})
    assert answer.status_code == 422
    assert "This is not one of your roles." in answer.content.decode()


def test_the_letter_box_exists_only_in_a_demo(neighbour: Client, settings):
    settings.DEMO = False
    assert neighbour.get("/demo/inbox/").status_code == 404
    settings.DEMO = True
    neighbour.post("/sign-in/", {"phone": PHONE})
    assert code() in neighbour.get("/demo/inbox/").content.decode()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18 Mobile Safari/604", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/130 Mobile Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge, Windows"),
        ("curl/8", "未知设备"),
    ],
)
def test_a_device_is_called_by_a_name_its_owner_knows(agent: str, name: str):
    assert sign_ins.device_name(agent) == name


class TestAnAuthenticator:
    @pytest.fixture(autouse=True)
    def operator(self) -> None:
        a_community()
        person = a_person("林站长", phone=PHONE)
        people.grant_role(SYSTEM, party=person, role=Role.PLATFORM, level=Level.PLATFORM, place=None, at=now())

    def letters(self, page: str) -> str:
        return re.findall(r'class="seed-letters">([A-Z2-7 ]+)<', page)[0].replace(" ", "")

    def test_stands_between_the_platforms_staff_and_its_desk(self, neighbour: Client):
        sign_in(neighbour)
        neighbour.post("/sign-in/check/", {"answer": "林站长"})
        assert neighbour.get("/platform/")["Location"] == "/authenticator/"
        assert "Set up an authenticator to go on" in neighbour.get("/authenticator/").content.decode()
        seed = self.letters(neighbour.post("/authenticator/").content.decode())
        wrong = neighbour.post("/authenticator/confirmation/", {"code": "12"})
        assert (wrong.status_code, self.letters(wrong.content.decode())) == (422, seed)
        done = neighbour.post("/authenticator/confirmation/", {"code": pyotp.TOTP(seed).now()})
        assert done.content.decode().count("<li>") == 10
        assert neighbour.get("/platform/").status_code == 200
        assert "In use since" in neighbour.get("/authenticator/").content.decode()

    def test_is_asked_for_at_the_next_sign_in_and_comes_off_with_a_code(self, neighbour: Client):
        sign_in(neighbour)
        neighbour.post("/sign-in/check/", {"answer": "林站长"})
        seed = self.letters(neighbour.post("/authenticator/").content.decode())
        done = neighbour.post("/authenticator/confirmation/", {"code": pyotp.TOTP(seed).now()})
        paper = re.findall(r"<li>([a-z2-7]{5}-[a-z2-7]{5})</li>", done.content.decode())
        neighbour.post("/sign-out/")
        Challenge.objects.all().delete()  # one code a minute
        assert sign_in(neighbour)["Location"] == "/sign-in/check/"
        assert "Code of your authenticator" in neighbour.get("/sign-in/check/").content.decode()
        assert neighbour.post("/sign-in/check/", {"answer": "林站长"}).status_code == 422
        assert neighbour.post("/sign-in/check/", {"answer": paper[0]}).status_code == 303
        assert neighbour.post("/authenticator/removal/", {"code": paper[0]}).status_code == 422
        assert neighbour.post("/authenticator/removal/", {"code": paper[1]})["Location"] == "/authenticator/"
        assert neighbour.get("/platform/")["Location"] == "/authenticator/"

    def test_strangers_can_neither_set_one_up_nor_take_one_off(self, neighbour: Client):
        assert neighbour.get("/authenticator/")["Location"] == "/sign-in/"
        for where in ("", "confirmation/", "removal/"):
            assert neighbour.post(f"/authenticator/{where}", {"code": "123456"}).status_code == 404
