"""Shared answers: given from memory, fresh for as long as they say, apart by language and part, never personal."""

from __future__ import annotations

import pytest

from linli.faces.shell.answers_before_sessions import HEADER, MOST, SharedAnswers


class House:
    """A WSGI program that counts how often it is asked."""

    def __init__(self, **headers: str) -> None:
        self.asked = 0
        self.headers = [("Content-Type", "text/html"), *((k.replace("_", "-"), v) for k, v in headers.items())]

    def __call__(self, environ, start):
        self.asked += 1
        start("200 OK", list(self.headers))
        return [f"answer {self.asked} to {environ['PATH_INFO']}".encode()]


class Door:
    """A browser before the answers, with a clock of its own."""

    def __init__(self, house: House) -> None:
        self.time = 0.0
        self.inner = SharedAnswers(house, clock=lambda: self.time)

    def get(self, path: str = "/shelf/", method: str = "GET", **environ: str) -> tuple[str, dict[str, str], str]:
        told = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            told.append((status, dict(headers)))

        body = self.inner({"REQUEST_METHOD": method, "PATH_INFO": path, **environ}, start)
        return (*told[0], b"".join(body).decode())


def test_an_answer_is_given_again_until_its_time_is_over():
    house = House(Linli_Shared="2")
    door = Door(house)
    assert door.get()[2] == door.get()[2] == "answer 1 to /shelf/"
    door.time = 1.9
    assert door.get()[2] == "answer 1 to /shelf/"
    door.time = 2.0
    assert door.get()[2] == "answer 2 to /shelf/"
    assert house.asked == 2


def test_who_has_it_already_is_told_so():
    door = Door(House(Linli_Shared="2"))
    tag = door.get()[1]["ETag"]
    status, headers, body = door.get(HTTP_IF_NONE_MATCH=tag)
    assert (status, body, headers["ETag"]) == ("304 Not Modified", "", tag)


def test_the_word_between_the_two_does_not_leave_the_house():
    assert HEADER not in Door(House(Linli_Shared="2")).get()[1]


@pytest.mark.parametrize(
    "environ",
    [
        {"QUERY_STRING": "page=2"},
        {"HTTP_ACCEPT_LANGUAGE": "en"},
        {"HTTP_COOKIE": "a=b; linli_language=en"},
        {"HTTP_COOKIE": "linli_text=large"},
        {"HTTP_HX_REQUEST_TYPE": "partial", "HTTP_HX_TARGET": "div#shelf"},
    ],
)
def test_what_would_differ_is_kept_apart(environ: dict[str, str]):
    door = Door(House(Linli_Shared="2"))
    assert door.get()[2] == "answer 1 to /shelf/"
    assert door.get(**environ)[2] == "answer 2 to /shelf/"
    assert door.get()[2] == "answer 1 to /shelf/"


def test_a_session_makes_no_difference():
    door = Door(House(Linli_Shared="2"))
    assert door.get(HTTP_COOKIE="linli_session=1")[2] == door.get(HTTP_COOKIE="linli_session=2")[2]


def test_other_answers_and_changes_are_not_kept():
    house = House()
    door = Door(house)
    door.get(), door.get()
    assert house.asked == 2
    shared = House(Linli_Shared="2")
    posts = Door(shared)
    posts.get(method="POST"), posts.get(method="POST")
    assert shared.asked == 2


def test_an_answer_that_sets_a_cookie_is_a_defect():
    with pytest.raises(RuntimeError, match="may not set a cookie"):
        Door(House(Linli_Shared="2", Set_Cookie="a=b")).get()


def test_memory_has_a_limit():
    door = Door(House(Linli_Shared="60"))
    for n in range(MOST + 10):
        door.get(f"/shelf/{n}/")
    assert len(door.inner._kept) == MOST
