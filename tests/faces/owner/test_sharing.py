"""What neighbours share: a shelf made once for all of them, live within its seconds, and nobody's basket in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory

from builders import AT, a_home
from builders.corner import Corner, around
from harness.budget import budget
from linli.faces.owner import shelves
from linli.faces.shell import sign_in_cookies
from linli.faces.shell.answers_before_sessions import SharedAnswers
from linli.faces.shell.neighbours import SAID_COOKIE, word_of
from linli.kernel import ids
from linli.kernel.ids import SessionId
from linli.reach.sign_in import queries as sign_in
from linli.reach.sign_in.queries import Access
from linli.spine.scope import Scope
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db


def cookies(scope: Scope, **more: str) -> str:
    """The cookies of somebody who is signed in."""
    token = sign_in.access_token(Access(SessionId(ids.new()), scope, False, AT + timedelta(minutes=5)))
    kept = {sign_in_cookies.SESSION: "kept", sign_in_cookies.ACCESS: token, **more}
    return "; ".join(f"{name}={value}" for name, value in kept.items())


class Street:
    """The house as it is served: shared answers first, then Django; with a clock of its own."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.served = SharedAnswers(
            get_wsgi_application(),
            group_of=lambda environ: word_of(environ.get("HTTP_COOKIE", ""), at=AT),
            clock=lambda: self.seconds,
        )

    def look(self, where: str, cookies: str = "", **headers: str) -> tuple[str, dict[str, str], str]:
        heard: list[tuple[str, dict[str, str]]] = []
        environ = RequestFactory().get(where, headers={"accept-language": "en", **headers}).environ
        environ["HTTP_COOKIE"] = cookies
        body = b"".join(self.served(environ, lambda status, sent, _exc=None: heard.append((status[:3], dict(sent)))))
        return (*heard[0], body.decode())


@pytest.fixture
def street() -> Iterator[Street]:
    """The test keeps its connection, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Street()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_neighbours_share_a_shelf_and_guests_have_their_own(corner: Corner, street: Street):
    where = around(corner.community.id, "shelf")
    neighbour = a_home("7-2-1204", community=corner.community).with_owner().scope
    mine = street.look(where, cookies(corner.filled().scope))[2]
    with budget(0):
        assert street.look(where, cookies(neighbour))[2] == mine
    guest = street.look(where)[2]
    assert ("hx-post" in mine, "hx-post" in guest) == (True, False)
    with budget(0):
        assert street.look(where)[2] == guest


def test_the_shared_shelf_has_nothing_of_a_basket_in_it_and_the_bar_comes_apart(corner: Corner, street: Street):
    who = cookies(corner.filled().scope)
    shelf = street.look(around(corner.community.id, "shelf"), who)[2]
    assert "basket-bar-count" not in shelf
    assert around(corner.community.id, "basket-bar") in shelf
    _, headers, bar = street.look(around(corner.community.id, "basket-bar"), who)
    assert '<span class="basket-bar-count">3</span>' in bar
    assert headers["Cache-Control"] == "private, no-store"
    assert "basket-bar-count" not in street.look(around(corner.community.id, "basket-bar"))[2]


def test_who_lives_elsewhere_does_not_get_the_neighbours_page(corner: Corner, street: Street):
    where = around(corner.community.id, "shelf")
    street.look(where, cookies(corner.scope))
    assert "hx-post" not in street.look(where, cookies(a_home().with_owner().scope))[2]


def test_stock_is_live_within_the_seconds_that_a_shelf_is_shared(corner: Corner, street: Street):
    where, who = around(corner.community.id, "shelf"), cookies(corner.scope)
    assert "3 left" in street.look(where, who)[2]
    stock.count_stock(corner.bakery.scope, variant=corner.bread.variant, counted=0, why="eaten", at=AT)
    street.seconds = shelves.SHARED_S - 0.1
    assert "Sold out" not in street.look(where, who)[2]
    street.seconds = shelves.SHARED_S
    assert "Sold out" in street.look(where, who)[2]


def test_who_is_told_something_gets_a_page_of_their_own_that_nobody_else_sees(corner: Corner, street: Street):
    from django.core import signing

    where, said = around(corner.community.id, "shelf"), signing.dumps(("Bread for you.", None), salt=SAID_COOKIE)
    told = street.look(where, cookies(corner.scope, **{SAID_COOKIE: said}))
    assert "Bread for you." in told[2]
    assert SAID_COOKIE in told[1]["Set-Cookie"]
    assert "Bread for you." not in street.look(where, cookies(corner.scope))[2]


def test_who_has_the_page_already_is_told_so_whoever_it_was_made_for(corner: Corner, street: Street):
    where = around(corner.community.id, "shelf")
    _, headers, _ = street.look(where, cookies(corner.scope))
    assert headers["Cache-Control"] == "private, no-cache"
    status, _, body = street.look(where, cookies(corner.scope), if_none_match=headers["ETag"])
    assert (status, body) == ("304", "")


def test_without_a_session_that_stands_nothing_is_taken_from_memory(corner: Corner, street: Street):
    where = around(corner.community.id, "shelf")
    street.look(where, cookies(corner.scope))
    forged = f"{sign_in_cookies.SESSION}=x; {sign_in_cookies.ACCESS}=x"
    status, headers, page = street.look(where, forged)
    assert (status, "hx-post" in page) == ("200", False)
    assert "Max-Age=0" in headers["Set-Cookie"]
