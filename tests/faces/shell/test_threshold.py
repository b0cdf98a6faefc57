"""The threshold: it answers what Django would, byte for byte, and leaves the rest to Django."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from structlog.testing import capture_logs

from linli.faces.shell.pages import Registry
from linli.faces.shell.pages import house as the_house
from linli.faces.shell.requests import PublicRequest
from linli.faces.shell.threshold import Threshold

SAID = {"page": "public:sign-in", "method": "GET", "status": 200}


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """Connections are closed after an answer where a test has none of its own to keep."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(application: Any, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Any:
    """The status, the headers and the body that are answered."""
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded", **headers,
    }  # fmt: skip
    told: list[Any] = []
    answer = application(environ, lambda *said: told.append(said))
    content = b"".join(answer)
    getattr(answer, "close", lambda: None)()
    headers_told = sorted((name, value.strip()) for name, value in told[0][1])
    return told[0][0], headers_told, content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/sign-in/", "GET", {}, "200 OK"),
        ("/sign-in/", "GET", {"HTTP_ACCEPT_LANGUAGE": "en"}, "200 OK"),
        ("/sign-in/", "HEAD", {}, "200 OK"),
        ("/sign-in/", "PUT", {}, "405 Method Not Allowed"),
        ("/sign-in/", "POST", {"HTTP_SEC_FETCH_SITE": "cross-site"}, "403 Forbidden"),
        ("/sign-in/", "GET", {"HTTP_HOST": "elsewhere.example"}, "400 Bad Request"),
        ("/hats/", "GET", {}, "303 See Other"),
        ("/hats/", "GET", {"HTTP_COOKIE": "linli_session=nobodys"}, "303 See Other"),
        ("/p/", "GET", {}, "302 Found"),
        ("/m/statements/", "POST", {"HTTP_SEC_FETCH_SITE": "same-origin"}, "404 Not Found"),
        ("/reading/", "POST", {"HTTP_SEC_FETCH_SITE": "same-origin", "body": "language=en"}, "303 See Other"),
        ("/o/communities/01930000-0000-7000-8000-000000000001/shelf/", "GET", {}, "404 Not Found"),
        ("/o/communities/x/shelf/", "GET", {}, "404 Not Found"),
        ("/nowhere/", "GET", {}, "404 Not Found"),
        ("/\xe5\xb0\x8f/", "GET", {}, "404 Not Found"),
        ("/healthz", "GET", {}, "200 OK"),
    ],
)
def test_answers_what_django_does(path: str, method: str, headers: dict[str, str], status: str):
    django = get_wsgi_application()
    headers = dict(headers)
    body = headers.pop("body", "").encode()
    theirs = asked(django, path, method, body, **headers)
    ours = asked(Threshold(django), path, method, body, **headers)
    assert ours == theirs
    assert ours[0] == status


def test_the_log_calls_a_page_by_its_name():
    with capture_logs() as lines:
        asked(Threshold(get_wsgi_application()), "/sign-in/")
    assert [{name: line[name] for name in SAID} for line in lines] == [SAID]


def test_a_defect_is_said_with_the_number_that_the_log_has():
    house = Registry()

    @house.page("public", "GET", "broken/")
    def show(request: PublicRequest) -> HttpResponse:
        raise ZeroDivisionError

    with capture_logs() as lines:
        status, headers, content = asked(Threshold(get_wsgi_application(), house), "/broken/")
    (defect,) = [line for line in lines if line["event"] == "defect"]
    assert status == "500 Internal Server Error"
    assert defect["reference"].encode() in content
    assert "Content-Security-Policy" in dict(headers)


def test_a_stream_is_handed_on_as_it_comes_and_closed_by_whoever_reads_it():
    house, closed = Registry(), list[str]()

    @house.page("public", "GET", "stream/")
    def show(request: PublicRequest) -> StreamingHttpResponse:
        answer = StreamingHttpResponse(iter([b"one ", b"two"]))
        answer._resource_closers.append(lambda: closed.append("closed"))
        return answer

    status, _, content = asked(Threshold(get_wsgi_application(), house), "/stream/")
    assert (status, content, closed) == ("200 OK", b"one two", ["closed"])


def test_every_page_is_reached_where_django_reaches_it():
    from django.urls import resolve

    from linli.config import urls  # noqa: F401 - declares them all

    threshold = Threshold(get_wsgi_application())
    for page in the_house.pages():
        words = [_sample(word) for word in page.address.split("/")]
        address = "/".join(words)
        way, theirs = threshold.way(address), resolve(address)
        assert way is not None, address
        assert (way[0][page.method], way[1]) == (page, theirs.kwargs), address
        assert theirs.view_name == page.called


def _sample(word: str) -> str:
    kinds = {"<uuid:": "01930000-0000-7000-8000-000000000001", "<int:": "7"}
    return next((sample for kind, sample in kinds.items() if word.startswith(kind)), "abc" if word[:1] == "<" else word)
