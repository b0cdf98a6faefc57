"""The public things: communities, shops near, the shelf; shared, tagged, and without anything personal."""

from __future__ import annotations

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory

from builders import a_community, a_home, a_listing, a_shop
from harness.budget import budget
from harness.callers import Caller
from linli.faces.shell.answers_before_sessions import SharedAnswers

pytestmark = pytest.mark.django_db


def shelf_of(listing) -> str:
    return f"communities/{listing.shop.community.id}/shelf"


def test_the_shelf_shows_price_and_live_stock():
    listing = a_listing("米", price="12.80", stock=7)
    (item,) = Caller().get(shelf_of(listing)).json["items"]
    assert item["listing"] == str(listing.id)
    assert item["variants"] == [{"variant": str(listing.variant), "label": {}, "price": {"minor": 1280}, "left": 7}]


def test_the_shelf_goes_on_by_a_stable_key_until_its_end():
    shop = a_shop().open_around_the_clock()
    made = {str(a_listing(shop=shop).id) for _ in range(5)}
    where, seen, pages = f"communities/{shop.community.id}/shelf?limit=2", [], 0
    after = ""
    while after is not None:
        page = Caller().get(where + (f"&after={after}" if after else "")).json
        seen += [item["listing"] for item in page["items"]]
        after, pages = page["next"], pages + 1
    assert (len(seen), set(seen), pages) == (5, made, 3)


def test_the_shelf_and_its_stock_are_one_statement():
    listing = a_listing(stock=1)
    caller = Caller()
    with budget(1):
        caller.get(shelf_of(listing))


def test_the_shelf_is_found_by_words_and_narrowed_by_shop():
    rice, oil = a_listing("东北大米", stock=1), a_listing("菜籽油", stock=1)
    assert [i["listing"] for i in Caller().get(shelf_of(rice) + "?words=大米").json["items"]] == [str(rice.id)]
    assert Caller().get(shelf_of(rice) + f"?shop={oil.shop.id}").json["items"] == []


class TestShared:
    """What granian serves: shared answers first, then Django."""

    def ask(self, where: str, **headers: str):
        heard: list = []
        environ = RequestFactory().get(f"/api/v1/{where}", headers=headers).environ
        body = b"".join(self.served(environ, lambda status, sent, _exc=None: heard.append((status, dict(sent)))))
        return heard[0][0][:3], heard[0][1], body

    @pytest.fixture(autouse=True)
    def _serving(self):
        """As granian serves it, except that the test keeps its connection, as Django's own test client does."""
        self.now = 0.0
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        self.served = SharedAnswers(get_wsgi_application(), clock=lambda: self.now)
        yield
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)

    def test_within_two_seconds_nothing_is_asked_again(self):
        where = shelf_of(a_listing(stock=3))
        first = self.ask(where)
        with budget(0):
            assert self.ask(where) == first
        self.now = 2.1
        with budget(1):
            self.ask(where)

    def test_who_has_it_already_is_told_so(self):
        where = shelf_of(a_listing(stock=3))
        _, headers, _ = self.ask(where)
        assert headers["Cache-Control"] == "public, max-age=2"
        status, again, body = self.ask(where, if_none_match=headers["ETag"])
        assert (status, again["ETag"], body) == ("304", headers["ETag"], b"")

    def test_it_is_the_same_for_everybody_whatever_token_comes_along(self):
        listing = a_listing(stock=3)
        bare = self.ask(shelf_of(listing))
        self.served = SharedAnswers(get_wsgi_application(), clock=lambda: self.now)
        token = Caller(a_home().with_owner().scope).token
        assert self.ask(shelf_of(listing), authorization=f"Bearer {token}")[2] == bare[2]
        assert self.ask(shelf_of(listing), authorization="Bearer none")[2] == bare[2]

    def test_a_refusal_is_never_kept(self):
        where = "communities/00000000-0000-0000-0000-000000000000"
        assert self.ask(where)[0] == "404"
        assert "ETag" not in self.ask(where)[1]


def test_a_listing_is_shown_with_what_is_left_and_only_where_it_is_sold():
    listing = a_listing("米", stock=4)
    answer = Caller().get(f"communities/{listing.shop.community.id}/listings/{listing.id}").json
    assert (answer["page"]["listing"], answer["left"]) == (str(listing.id), {str(listing.variant): 4})
    elsewhere = a_community(lat=31.0, lon=121.0)
    answer = Caller().get(f"communities/{elsewhere.id}/listings/{listing.id}")
    assert (answer.status, answer.code) == (404, "kernel.NotFound")


def test_shops_near_say_whether_they_are_open():
    shop = a_shop().open_around_the_clock()
    (card,) = Caller().get(f"communities/{shop.community.id}/shops").json["items"]
    assert (card["shop"], card["is_open"], card["delivery_fee"]) == (str(shop.id), True, {"minor": 0})


def test_communities_are_listed_by_city_and_found_around_a_point():
    here, far = a_community(lat=30.0, lon=120.0), a_community(lat=35.0, lon=110.0)
    listed = Caller().get(f"communities?city={here.city}").json["items"]
    assert [c["id"] for c in listed] == [str(here.id)]
    near = Caller().get("communities/near?lat=35.0&lon=110.0&distance_m=1000").json["items"]
    assert near == [{"community": str(far.id), "distance_m": 0}]
    assert Caller().get(f"communities/{far.id}").json["timezone"] == "Asia/Shanghai"
    assert str(here.city) in {c["id"] for c in Caller().get("cities").json["items"]}
