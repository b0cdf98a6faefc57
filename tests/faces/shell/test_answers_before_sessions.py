"""Shared answers: given from memory, fresh for as long as they say, apart by language and part, never personal."""

from __future__ import annotations

import pytest

from linli.faces.shell.answers_before_sessions import AMONG, PART, SHARED, SharedAnswers
from linli.faces.shell.kept_answers import MOST, MOST_BYTES


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
        self.inner = SharedAnswers(house, group_of=lambda environ: environ.get("group"), clock=lambda: self.time)

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
    assert not {SHARED, AMONG} & Door(House(Linli_Shared="2", Linli_Among="guest")).get()[1].keys()


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
    door = Door(House(Linli_Shared="2", HX_PTag="1"))
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


def test_what_is_for_one_group_is_not_given_to_another():
    house = House(Linli_Shared="2", Linli_Among="resident a")
    door = Door(house)
    assert door.get(group="resident a")[2] == door.get(group="resident a")[2] == "answer 1 to /shelf/"
    house.headers[-1] = ("Linli-Among", "guest")
    assert door.get(group="guest")[2] == door.get(group="guest")[2] == "answer 2 to /shelf/"
    assert door.get(group="resident a")[2] == "answer 1 to /shelf/"


def test_whose_group_takes_a_look_at_the_session_is_answered_inside():
    door = Door(House(Linli_Shared="2", Linli_Among="resident a"))
    assert [door.get()[2], door.get()[2]] == ["answer 1 to /shelf/", "answer 2 to /shelf/"]


def test_a_part_that_does_not_exist_is_not_kept_under_its_name():
    door = Door(House(Linli_Shared="60"))
    for n in range(3):
        door.get(HTTP_HX_REQUEST_TYPE="partial", HTTP_HX_TARGET=f"div#nonsense-{n}")
    assert len(door.inner._kept) == 0
    parts = Door(House(Linli_Shared="60", **{PART.replace("-", "_"): "1"}))
    parts.get(HTTP_HX_REQUEST_TYPE="partial", HTTP_HX_TARGET="div#shelf")
    assert len(parts.inner._kept) == 1


def test_memory_has_a_limit_and_nonsense_does_not_push_out_what_people_want():
    door = Door(House(Linli_Shared="60"))
    assert door.get()[2] == door.get()[2] == "answer 1 to /shelf/"
    for n in range(MOST + 10):
        door.get(QUERY_STRING=f"nonsense={n}")
    assert len(door.inner._kept) == MOST + 1
    assert door.get()[2] == "answer 1 to /shelf/"


def test_memory_has_a_limit_in_bytes_too():
    class Long(House):
        def __call__(self, environ, start):
            super().__call__(environ, start)
            return [b"x" * 200_000]

    door = Door(Long(Linli_Shared="60"))
    for n in range(100):
        door.get(f"/shelf/{n}/")
    assert len(door.inner._kept) == MOST_BYTES // 200_000


def test_a_very_long_answer_is_not_kept():
    class Long(House):
        def __call__(self, environ, start):
            super().__call__(environ, start)
            return [b"x" * 300_000]

    door = Door(Long(Linli_Shared="60"))
    door.get()
    assert len(door.inner._kept) == 0
