"""Pages: who may open them, how a refusal is shown, what htmx gets, how an answer is dressed."""

from __future__ import annotations

import sys
from types import ModuleType
from uuid import UUID

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import path

from harness.visitors import Visitor, part
from linli.faces.shell import answers, assets, front_page, hats, pages, reading_choices, sign_ins, templates
from linli.faces.shell.addresses import url
from linli.faces.shell.pages import PageMistaken, Registry, see_other
from linli.faces.shell.requests import MerchantRequest, OwnerRequest, PageRequest, PublicRequest
from linli.faces.shell.threshold import Threshold
from linli.kernel import ids
from linli.kernel.ids import PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.spine.scope import Role, Scope

RESIDENT = Scope(role=Role.RESIDENT, person=PartyId(ids.new()))
MERCHANT = Scope(role=Role.MERCHANT, person=PartyId(ids.new()), shop=ShopId(ids.new()))
seen: list[PageRequest] = []

small = Registry()
small.page("public", "GET", "", name="home")(front_page.show)
small.page("public", "POST", "reading/")(reading_choices.create)
small.page("public", "GET", "sign-in/")(sign_ins.new)
small.page("public", "GET", "hats/")(hats.show)


class OutOfApples(Refusal):
    says = "Only {left} apples are left."


class TooCheap(Refusal):
    says = "Apples cost at least {low}."
    status = 422


@small.page("owner", "GET", "apples/")
def show_apples(request: OwnerRequest) -> HttpResponse:
    seen.append(request)
    return request.render("test/apples.jinja", left=5)


@small.page("owner", "POST", "apples/")
def buy_apples(request: OwnerRequest) -> HttpResponse:
    seen.append(request)
    if request.form.whole("quantity", high=99) > 5:
        raise OutOfApples(left=5)
    if request.form.money("price") < Money(100):
        raise TooCheap(field="price", low=Money(100))
    return see_other("owner:apples", said="Bought & paid.")


@small.page("owner", "POST", "apples/<uuid:apple>/bite/", name="apple-bite", asks="owner:apple")
def bite_apple(request: OwnerRequest, apple: UUID) -> HttpResponse:
    raise OutOfApples(left=0)


@small.page("owner", "GET", "apples/<uuid:apple>/", name="apple")
def show_apple(request: OwnerRequest, apple: UUID) -> HttpResponse:
    return HttpResponse(repr(apple))


@small.page("owner", "GET", "tree/", public=True)
def show_tree(request: OwnerRequest) -> HttpResponse:
    return HttpResponse(request.scope.role.value)


@small.page("merchant", "GET", "board/")
def show_board(request: MerchantRequest) -> HttpResponse:
    return HttpResponse(str(request.shop))


@small.page("public", "GET", "shelf/", shared_s=2)
def show_shelf(request: PublicRequest) -> HttpResponse:
    return HttpResponse(request.scope.role.value)


@small.page("public", "GET", "broken/")
def break_down(request: PublicRequest) -> HttpResponse:
    raise ZeroDivisionError


urls = ModuleType("small_urls")
urls.urlpatterns = [path("a/<str:name>", assets.serve), *small.addresses()]
urls.handler404, urls.handler500 = answers.no_page, answers.defect

APPLES = """{% extends "shell/plain.jinja" %}{% block title %}Apples{% endblock %}
{% block content %}<div id="apple-count">{% block apple_count %}<b>{{ left }} left</b>{% endblock %}</div>
{% call ui.form(url("owner:apples")) %}{{ ui.field(request, "quantity", "How many", kind="whole") }}
{{ ui.field(request, "price", "Price", kind="money") }}{% endcall %}{% endblock %}"""


@pytest.fixture(autouse=True)
def small_house(settings, monkeypatch):
    sys.modules["small_urls"] = urls
    settings.ROOT_URLCONF = "small_urls"
    import jinja2

    loader = templates.environment().loader
    both = jinja2.ChoiceLoader([jinja2.DictLoader({"test/apples.jinja": APPLES}), loader])
    monkeypatch.setattr(templates.environment(), "loader", both)
    seen.clear()


@pytest.fixture(autouse=True, params=["by Django's way", "over the threshold"])
def way(request, monkeypatch):
    """Both ways to a page are the same in everything that a reader can tell."""
    if request.param == "over the threshold":
        threshold, by_django = Threshold(get_wsgi_application(), small), ClientHandler.get_response

        def get_response(handler, http):
            found = threshold.way(http.path_info)
            return by_django(handler, http) if found is None else threshold.answer(http, found)

        monkeypatch.setattr(ClientHandler, "get_response", get_response)


def test_a_page_is_given_the_scope_of_the_sign_in_and_the_moment(visitor: Visitor):
    answer = visitor(RESIDENT).get("/o/apples/?page=2")
    assert answer.status_code == 200
    assert "<b>5 left</b>" in answer.content.decode()
    assert seen[0].scope == RESIDENT
    assert seen[0].at.tzinfo is not None
    assert seen[0].query.whole("page") == 2


def test_a_guest_who_reads_is_sent_to_sign_in_and_back(visitor: Visitor):
    answer = visitor().get("/o/apples/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fo%2Fapples%2F%3Fpage%3D2")
    assert seen == []


def test_a_guest_who_changes_something_finds_nothing(visitor: Visitor):
    answer = visitor().post("/o/apples/", {"quantity": "1", "price": "1.00"})
    assert answer.status_code == 404
    assert seen == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_wrong_hat_finds_nothing(visitor: Visitor, method: str):
    assert getattr(visitor(MERCHANT), method)("/o/apples/").status_code == 404
    assert seen == []


def test_a_public_page_of_a_face_lets_guests_in(visitor: Visitor):
    assert visitor().get("/o/tree/").content == b"guest"
    assert visitor(RESIDENT).get("/o/tree/").content == b"resident"


def test_a_shared_page_is_made_as_a_guest_whoever_asks(visitor: Visitor):
    answer = visitor(RESIDENT).get("/shelf/")
    assert answer.content == b"guest"
    assert answer["Linli-Shared"] == "2"


def test_a_merchant_without_a_shop_finds_nothing(visitor: Visitor):
    bare = Scope(role=Role.MERCHANT, person=PartyId(ids.new()))
    assert visitor(bare).get("/m/board/").status_code == 404
    assert visitor(MERCHANT).get("/m/board/").content.decode() == str(MERCHANT.shop)


def test_parts_of_the_path_are_ids_and_strange_ones_are_not_found(visitor: Visitor):
    apple = ids.new()
    assert visitor(RESIDENT).get(f"/o/apples/{apple}/").content.decode() == repr(apple)
    assert visitor(RESIDENT).get("/o/apples/5/").status_code == 404


def test_addresses_are_made_by_name_with_parts_and_questions(visitor: Visitor):
    apple = ids.new()
    assert url("owner:apple", apple) == f"/o/apples/{apple}/"
    assert url("owner:apples", page=2, kind=None, words="a b", state="") == "/o/apples/?page=2&words=a+b"


def test_another_method_is_refused_and_the_right_ones_are_named(visitor: Visitor):
    answer = visitor(RESIDENT).delete("/o/apples/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_a_refusal_without_a_field_is_a_page_with_its_words(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/apples/", {"quantity": "6", "price": "1.00"})
    assert answer.status_code == 409
    assert "Only 5 apples are left." in answer.content.decode()


def test_a_refusal_leads_back_to_the_page_that_asked_even_where_the_form_stood_in_an_answer(visitor: Visitor):
    apple = f"/o/apples/{ids.new()}/"
    for pressed_on in (apple, apple + "bite/"):
        page = visitor(RESIDENT).post(apple + "bite/", headers={"referer": "http://testserver" + pressed_on}).content
        assert f'href="{apple}"' in page.decode()


def test_a_refused_field_is_shown_in_its_form_with_what_was_typed(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/apples/", {"quantity": "2", "price": "0.50"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Apples cost at least ¥1.00." in page
    assert 'value="0.50"' in page
    assert 'value="2"' in page
    assert "<b>5 left</b>" in page


def test_a_field_that_cannot_be_read_is_refused_by_name(visitor: Visitor):
    page = visitor(RESIDENT).post("/o/apples/", {"quantity": "-1", "price": "1"}).content.decode()
    assert "Please write at least 0." in page
    assert 'id="quantity-wrong"' in page


def test_a_program_gets_a_problem(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/tree/", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:linli:shell.NotThisWay",
        "title": "This address cannot be used in this way.",
        "status": 405,
        "code": "shell.NotThisWay",
        "instance": "/o/tree/",
    }


def test_htmx_gets_the_block_named_like_the_element_it_changes(visitor: Visitor):
    answer = visitor(RESIDENT).get("/o/apples/", headers=part("apple-count"))
    assert answer.content == b"<b>5 left</b>"
    again = visitor(RESIDENT).get("/o/apples/", headers=part("apple-count", answer["HX-PTag"]))
    assert (again.status_code, again.content) == (304, b"")


def test_htmx_gets_a_refusal_as_a_notice(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/apples/", {"quantity": "6"}, headers=part("apple-count"))
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#notices")
    assert "<html" not in answer.content.decode()
    assert "Only 5 apples are left." in answer.content.decode()


def test_htmx_is_sent_on_by_its_own_header(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/apples/", {"quantity": "1", "price": "1"}, headers=part("apple-count"))
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/o/apples/")


def test_what_was_done_is_said_once_on_the_next_page(visitor: Visitor):
    client = visitor(RESIDENT)
    sent = client.post("/o/apples/", {"quantity": "1", "price": "1.00"})
    assert (sent.status_code, sent["Location"]) == (303, "/o/apples/")
    assert "Bought &amp; paid." in client.get("/o/apples/").content.decode()
    assert "Bought" not in client.get("/o/apples/").content.decode()


def test_the_idempotency_key_of_a_form_reaches_the_scope(visitor: Visitor):
    visitor(RESIDENT).post("/o/apples/", {"quantity": "1", "price": "1", "once": "k-1"})
    assert seen[0].scope == RESIDENT.keyed("k-1")


def test_reading_a_page_opens_no_transaction_until_a_wall_is_asked(visitor: Visitor):
    assert visitor(RESIDENT).get("/o/apples/").status_code == 200
    assert connection.connection is None or not connection.in_atomic_block


def test_a_defect_is_a_friendly_page_with_a_number(visitor: Visitor):
    client = visitor()
    client.raise_request_exception = False
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_the_front_door_offers_only_what_this_house_has(visitor: Visitor):
    front = visitor().get("/").content.decode()
    assert "/sign-in/" in front
    assert "communities" not in front


def test_a_change_asked_for_by_another_site_is_refused(visitor: Visitor):
    client = visitor(RESIDENT)
    body = {"quantity": "1", "price": "1"}
    assert client.post("/o/apples/", body, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/o/apples/", body, headers={"sec-fetch-site": "same-site"}).status_code == 403
    assert seen == []


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 303),
        ("https://testserver", 303),
        ("https://evil.example", 403),
        ("null", 403),
        (None, 403),
    ],
)
def test_an_old_browser_is_judged_by_its_origin(visitor: Visitor, origin: str | None, status: int):
    client = visitor(RESIDENT)
    client.defaults.pop("HTTP_SEC_FETCH_SITE")
    client.cookies["linli_session"] = "x"
    headers = {"origin": origin} if origin else {}
    assert client.post("/o/apples/", {"quantity": "1", "price": "1"}, headers=headers).status_code == status


def test_every_answer_forbids_foreign_scripts_and_frames(visitor: Visitor):
    for answer in (visitor(RESIDENT).get("/o/apples/"), visitor().get("/nothing/")):
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_personal_pages_are_not_kept(visitor: Visitor):
    assert visitor(RESIDENT).get("/o/apples/")["Cache-Control"] == "private, no-store"


def test_a_body_over_the_limit_is_turned_away(visitor: Visitor, settings):
    settings.BODY_MOST = 10
    assert visitor(RESIDENT).post("/o/apples/", {"quantity": "1" * 20}).status_code == 413
    assert seen == []


def test_the_language_is_switched_by_a_plain_form_and_remembered(visitor: Visitor):
    client = visitor(locale="zh-CN,zh;q=0.9")
    assert 'lang="zh-Hans"' in client.get("/").content.decode()
    sent = client.post("/reading/", {"language": "en"}, headers={"referer": "http://testserver/sign-in/?next=/o/"})
    assert sent["Location"] == "/sign-in/?next=/o/"
    assert '<html lang="en"' in client.get("/").content.decode()


def test_the_way_back_never_leads_to_another_site(visitor: Visitor):
    sent = visitor().post("/reading/", {"text": "large"}, headers={"referer": "https://evil.example/x"})
    assert sent["Location"] == "/"


def test_pages_that_are_mistaken_are_found_when_they_are_declared():
    def takes_none(request: PublicRequest) -> HttpResponse:
        return HttpResponse()

    for where, mistake in [
        (("public", "GET", "/a/"), "no slash before"),
        (("public", "GET", "a"), "no slash before"),
        (("public", "PUT", "a/"), "POST"),
        (("public", "GET", "a/<uuid:b>/"), "the path gives"),
        (("public", "GET", "sign-in/"), "twice"),
    ]:
        with pytest.raises(PageMistaken, match=mistake):
            small.page(*where)(takes_none)


def test_two_addresses_of_one_name_are_a_mistake():
    registry = Registry()

    @registry.page("public", "GET", "a/list/")
    def one(request: PublicRequest) -> HttpResponse:
        return HttpResponse()

    @registry.page("public", "GET", "b/list/")
    def two(request: PublicRequest) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(PageMistaken, match="two addresses are called"):
        registry.addresses()


def test_every_page_of_the_house_names_a_known_role():
    for page in pages.house.pages():
        assert page.role is None or page.role is page.face.role, page.address


def test_the_plain_client_is_still_a_guest():
    assert Client().get("/o/apples/").status_code == 302


def test_a_name_that_is_not_ours_is_refused_whatever_is_asked(visitor: Visitor):
    answer = visitor().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/", "/\\\\evil.example/"])
def test_a_choice_of_language_leads_back_to_no_other_house(visitor: Visitor, path: str):
    sent = visitor().post("/reading/", {"language": "en"}, headers={"referer": f"http://testserver{path}"})
    assert (sent.status_code, sent["Location"]) == (303, "/")
