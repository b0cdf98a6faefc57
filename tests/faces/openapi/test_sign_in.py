"""Signing in by the JSON face: a code, a session, the second check, hats and access tokens."""

from __future__ import annotations

import re

import pytest

from builders import AT, a_home, a_person, a_shop
from builders.people import a_phone
from harness.callers import Caller
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.reach.notify.queries import inbox
from linli.spine.scope import SYSTEM, Role

pytestmark = pytest.mark.django_db


def signed_in(phone: str, *, device: str = "d1") -> dict[str, str]:
    """A code is asked for, read in the inbox, and redeemed."""
    assert Caller().post("codes", {"phone": phone}).status == 204
    (message, *_) = inbox(SYSTEM, limit=1)
    code = re.search(r"\d{6}", message.body)[0]
    answer = Caller().post("sessions", {"phone": phone, "code": code, "device": device})
    assert answer.status == 201, answer.content
    return answer.json


def test_a_newcomer_signs_in_and_is_nobody_in_particular():
    made = signed_in(a_phone())
    me = Caller(token=made["token"]).get("session").json
    assert (me["person"], me["role"], me["communities"], made["needs_second_check"]) == (
        made["person"], "resident", [], False,
    )  # fmt: skip


def test_a_wrong_code_is_refused_and_no_session_is_made():
    phone = a_phone()
    Caller().post("codes", {"phone": phone})
    answer = Caller().post("sessions", {"phone": phone, "code": "abcdef", "device": "d"})
    assert (answer.status, answer.code, answer.json["field"]) == (422, "sign_in.WrongCode", "code")


def test_known_and_unknown_numbers_are_answered_alike():
    known = a_phone()
    a_home().with_owner(a_person(phone=known))
    answers = [Caller().post("codes", {"phone": phone}) for phone in (known, a_phone())]
    assert [(a.status, a.content) for a in answers] == [(204, b""), (204, b"")]


def test_too_many_codes_are_429_and_say_when_to_come_back():
    phone = a_phone()
    first, second = (Caller().post("codes", {"phone": phone}) for _ in range(2))
    assert (first.status, second.status, second.code) == (204, 429, "sign_in.TooManyCodes")
    assert int(second.headers["Retry-After"]) > 0


def test_homes_appear_only_after_the_second_check():
    phone = a_phone()
    home = a_home("3-2-501").with_owner(a_person(phone=phone))
    made = signed_in(phone)
    caller = Caller(token=made["token"])
    before = caller.get("session").json
    assert (made["needs_second_check"], before["homes"], before["needs_second_check"]) == (True, [], True)
    assert caller.get("session/hats").json["items"] == []
    wrong = caller.post("session/checks", {"answer": "1-1-1"})
    assert (wrong.status, wrong.code) == (422, "sign_in.CheckFailed")
    assert caller.post("session/checks", {"answer": "3-2-501"}).status == 204
    after = caller.get("session").json
    assert (after["homes"], after["needs_second_check"]) == ([str(home.id)], False)


def test_an_access_token_carries_the_reach_of_its_session():
    phone = a_phone()
    home = a_home("3-2-501").with_owner(a_person(phone=phone))
    session = Caller(token=signed_in(phone)["token"])
    session.post("session/checks", {"answer": "3-2-501"})
    made = session.post("session/access-tokens")
    assert made.status == 201
    assert Caller(token=made.json["token"]).get("session").json["homes"] == [str(home.id)]


def test_an_access_token_cannot_renew_itself():
    session = Caller(token=signed_in(a_phone())["token"])
    token = session.post("session/access-tokens").json["token"]
    answer = Caller(token=token).post("session/access-tokens")
    assert (answer.status, answer.code) == (404, "kernel.NotFound")


def test_a_merchant_puts_on_the_hat_of_the_shop_and_nobody_elses():
    shop, other = a_shop(), a_shop()
    phone = a_phone()
    person = a_home("3-2-501").with_owner(a_person(phone=phone)).owner
    people.grant_role(SYSTEM, party=person, role=Role.MERCHANT, level=Level.SHOP, place=shop.id, at=AT)
    caller = Caller(token=signed_in(phone)["token"])
    caller.post("session/checks", {"answer": "3-2-501"})
    (hat,) = [h for h in caller.get("session/hats").json["items"] if h["role"] == "merchant"]
    assert caller.put("session/hat", {k: hat[k] for k in ("role", "level", "place")}).status == 204
    assert caller.get("session").json["shop"] == str(shop.id)
    refused = caller.put("session/hat", {"role": "merchant", "level": "shop", "place": str(other.id)})
    assert (refused.status, refused.json["field"]) == (422, "hat")
    assert caller.get("session").json["shop"] == str(shop.id)


def test_devices_are_listed_and_can_be_signed_out():
    phone = a_phone()
    first = signed_in(phone)
    caller = Caller(token=first["token"])
    assert [s["id"] for s in caller.get("sessions").json["items"]] == [first["session"]]
    assert caller.delete(f"sessions/{first['session']}").status == 204
    assert caller.get("sessions").status == 401


def test_nobody_signs_somebody_else_out():
    mine, theirs = signed_in(a_phone()), signed_in(a_phone())
    answer = Caller(token=mine["token"]).delete(f"sessions/{theirs['session']}")
    assert (answer.status, answer.code) == (404, "kernel.NotFound")
    assert Caller(token=theirs["token"]).get("session").status == 200


def test_signing_out_ends_the_session():
    caller = Caller(token=signed_in(a_phone())["token"])
    assert caller.delete("session").status == 204
    assert caller.get("session").status == 401


def test_a_key_before_the_sign_in_is_refused_by_its_header():
    answer = Caller().post("codes", {"phone": "13912345678"}, key="k")
    assert (answer.status, answer.code, answer.json["field"]) == (422, "spine.KeyNotTaken", "Idempotency-Key")


def test_behind_our_proxy_the_limit_of_codes_is_the_callers_own(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def ask(address: str) -> int:
        return Caller().post("codes", {"phone": a_phone()}, **{"X-Forwarded-For": f"198.51.100.1, {address}"}).status

    assert [ask("203.0.113.5") for _ in range(11)] == [204] * 10 + [429]
    assert ask("203.0.113.6") == 204
