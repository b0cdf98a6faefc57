"""The live process: who may listen, who is told what, and what becomes of those who do not listen."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.databases import OwnDatabase
from harness.live_process import LIMIT_S, Live, read_until, ring, token
from linli.config.live.hub import SPREAD_MOST_MS, Hub
from linli.config.live.visit import HEAD_MOST, MOST_PARTS, TurnedAway, read_head
from linli.kernel import ids


class Page:
    """A listener that keeps what it is told."""

    def __init__(self, *parts: tuple[bytes, ...], address: str = "here", until: float = 100.0) -> None:
        self.parts, self.address, self.until = parts, address, until
        self.said: list[bytes] = []
        self.is_closed = False

    def send(self, said: bytes) -> None:
        self.said.append(said)

    def close(self) -> None:
        self.is_closed = True


class TestTheHub:
    def test_tells_each_which_of_its_parts_were_rung(self):
        hub, both, other = Hub(most=9, most_of_one=9), Page((b"a", b"b"), (b"b", b"c")), Page((b"z",))
        hub.admit(both)
        hub.admit(other)
        assert [hub.ring([b"a"]), hub.ring([b"b", b"a"]), hub.ring([b"c"]), hub.ring([b"q"])] == [1, 1, 1, 0]
        assert both.said == [b"data: 1 4\n\n", b"data: 3 4\n\n", b"data: 2 4\n\n"]
        assert other.said == []

    def test_forgets_who_left(self):
        hub, page = Hub(most=9, most_of_one=9), Page((b"a",))
        hub.admit(page)
        hub.leave(page)
        hub.leave(page)
        assert hub.ring([b"a"]) == 0
        assert len(hub) == 0
        assert hub._by_topic == {}
        assert hub._of_address == {}

    def test_has_room_for_so_many_in_all_and_of_one_address(self):
        hub = Hub(most=3, most_of_one=2)
        for address in ("one", "one", "two"):
            assert hub.has_room_for(address)
            hub.admit(Page((b"a",), address=address))
            assert not hub.has_room_for("one") or len(hub) == 1
        assert not hub.has_room_for("three")

    def test_a_great_crowd_comes_back_spread_over_some_seconds(self):
        hub = Hub(most=5000, most_of_one=5000)
        pages = [Page((b"a",)) for _ in range(2000)]
        for page in pages:
            hub.admit(page)
        assert hub.ring([b"a"]) == 2000
        assert pages[0].said == [b"data: 1 %d\n\n" % SPREAD_MOST_MS]

    def test_beats_and_ends_what_holds_no_longer(self):
        hub, young, old = Hub(most=9, most_of_one=9), Page((b"a",), until=11.0), Page((b"a",), until=10.0)
        hub.admit(young)
        hub.admit(old)
        hub.beat(now_s=10.0)
        assert (young.said, young.is_closed, old.said, old.is_closed) == ([b":\n\n"], False, [], True)


class TestReadingAHead:
    def test_takes_method_path_query_and_fields(self):
        head = read_head(b"GET /live/?t=a%2Fb HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2")
        assert (head.method, head.path, head.query) == ("GET", "/live/", "t=a%2Fb")
        assert head.fields == {"host": "here", "x-forwarded-for": "1.1.1.1, 2.2.2.2"}

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"GET /live/",
            b"GET /live/ HTTP/2",
            b"GET live HTTP/1.1",
            b"GET /\xff HTTP/1.1",
            b"GET / HTTP/1.1\r\n: x",
        ],
    )
    def test_what_is_no_head_is_turned_away(self, raw: bytes):
        with pytest.raises(TurnedAway):
            read_head(raw)

    @given(st.binary(max_size=200))
    def test_nothing_but_a_refusal_comes_of_noise(self, raw: bytes):
        with contextlib.suppress(TurnedAway):
            assert read_head(raw).path.startswith("/")


@pytest.mark.slow
class TestTheProcess:
    @pytest.fixture
    def live(self, own_database: OwnDatabase, tmp_path: Path) -> Iterator[Live]:
        made = Live(own_database, tmp_path / "log", LINLI_LIVE_MOST_OF_ADDRESS="600")
        yield made
        made.stop()

    def test_turns_away_what_it_should(self, live: Live):
        shop = ids.new()
        good, forged = token(shop), token(shop, secret="another")
        expired = token(shop, ago=timedelta(hours=2, minutes=1))
        wrong = {
            "/live/": b"400",
            f"/live/?t={forged}": b"403",
            f"/live/?t={expired}": b"403",
            f"/live/?t={good}&t={forged}": b"403",
            "/live/?" + "&".join([f"t={good}"] * (MOST_PARTS + 1)): b"400",
            f"/other/?t={good}": b"404",
            "/live/?t=" + "a" * HEAD_MOST: b"431",
        }
        assert {target: live.ask(target).split(b" ")[1] for target in wrong} == wrong
        assert live.ask(f"/live/?t={good}", "Origin: https://evil.example").startswith(b"HTTP/1.1 403 ")
        ours = live.ask(f"/live/?t={good}", "Origin: http://127.0.0.1:8000")
        assert ours.startswith(b"HTTP/1.1 200 ")
        assert b"Access-Control-Allow-Origin: http://127.0.0.1:8000\r\n" in ours

    def test_passes_on_what_is_listened_to_and_nothing_else(self, live: Live):
        mine, other = ids.new(), ids.new()
        with live.listen(mine, ("orders", other)) as link:
            ring(live.own, other, ("stock", other))
            ring(live.own, ("orders", other))
            assert read_until(link, b"\n\n") == b"data: 1 4\n\n"

    def test_rings_five_hundred_pages(self, live: Live):
        shop = ids.new()
        links = [live.listen(shop) for _ in range(500)]
        ring(live.own, shop)
        assert {read_until(link, b"\n\n") for link in links} == {b"data: 1 2000\n\n"}
        for link in links:
            link.close()

    def test_has_room_for_so_many_of_one_address(self, own_database: OwnDatabase, tmp_path: Path):
        live = Live(own_database, tmp_path / "log", LINLI_LIVE_MOST_OF_ADDRESS="2")
        links = [live.listen(ids.new()) for _ in range(2)]
        assert live.ask(f"/live/?t={token(ids.new())}").startswith(b"HTTP/1.1 503 ")
        links[0].close()
        until = time.monotonic() + LIMIT_S
        while not live.ask(f"/live/?t={token(ids.new())}").startswith(b"HTTP/1.1 200 "):
            assert time.monotonic() < until
        live.stop()

    def test_who_says_nothing_is_shown_out(self, live: Live):
        with socket.create_connection(("127.0.0.1", live.port), timeout=LIMIT_S) as link:
            link.sendall(b"GET /live/")
            with contextlib.suppress(ConnectionResetError):
                assert link.recv(1) == b""

    def test_ends_at_once_when_told_to(self, live: Live):
        with live.listen(ids.new()) as link:
            began = time.monotonic()
            live.process.send_signal(signal.SIGTERM)
            assert link.recv(1) == b""
            assert live.process.wait(LIMIT_S) == 0
            assert time.monotonic() - began < 5

    def test_is_listened_to_again_after_it_was_killed(self, live: Live):
        shop = ids.new()
        link = live.listen(shop)
        os.kill(live.process.pid, signal.SIGKILL)
        live.process.wait()
        assert link.recv(1) == b""
        live.start()
        with live.listen(shop) as again:
            ring(live.own, shop)
            assert read_until(again, b"\n\n") == b"data: 1 4\n\n"

    def test_while_the_database_is_away_there_are_no_streams(self, live: Live):
        shop = ids.new()
        link = live.listen(shop)
        with live.own.connect_as_superuser() as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'linli-live' AND datname = %s",
                [live.own.name],
            )
        assert link.recv(1) == b""
        until = time.monotonic() + LIMIT_S
        while not live.is_well():
            assert time.monotonic() < until
        with live.listen(shop) as again:
            ring(live.own, shop)
            assert read_until(again, b"\n\n") == b"data: 1 4\n\n"
