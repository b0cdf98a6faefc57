"""The desk: it answers what Django would, in the same words, and leaves the rest to Django."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from django.core.wsgi import get_wsgi_application
from structlog.testing import capture_logs

from builders import a_home
from harness.callers import Caller, access
from linli.faces.openapi import desk, endpoints
from linli.faces.shell import doorway
from linli.faces.shell.routes import Routes
from linli.spine import sql


def asked(path: str, method: str = "GET", body: bytes = b"", inner: Any = None, **headers: str) -> Any:
    """The status, the headers and the body that the desk gives."""
    path, _, question = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": question, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "HTTP_HOST": "localhost", "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json", "REMOTE_ADDR": "10.0.0.1", **headers,
    }  # fmt: skip
    told: list[Any] = []
    application = desk.Desk(inner or get_wsgi_application())
    said = b"".join(application(environ, lambda *answer: told.append(answer)))
    return told[0][0], dict(told[0][1]), said


class TestRoutes:
    def test_lead_where_django_s_patterns_would(self):
        routes: Routes[str] = Routes()
        for address in ("things", "things/<uuid:thing>", "things/new", "things/<uuid:thing>/parts/<slug:part>", ""):
            routes.add(address, address)
        thing = "01a20252-1cba-7000-b019-15c01b4ee2d9"
        assert routes.find("things") == ("things", {})
        assert routes.find("") == ("", {})
        assert routes.find("things/new") == ("things/new", {})
        found = routes.find(f"things/{thing}/parts/a-b")
        assert found is not None
        assert (found[0], str(found[1]["thing"]), found[1]["part"]) == (
            "things/<uuid:thing>/parts/<slug:part>", thing, "a-b",
        )  # fmt: skip

    @pytest.mark.parametrize("address", ["thing", "things/", "things/1", "things/x/parts/a b", "things/new/parts/a"])
    def test_and_nowhere_else(self, address):
        routes: Routes[str] = Routes()
        for known in ("things", "things/<uuid:thing>", "things/new", "things/<uuid:thing>/parts/<slug:part>"):
            routes.add(known, known)
        assert routes.find(address) is None

    def test_every_endpoint_is_found_under_its_own_address(self):
        one = "01a20252-1cba-7000-b019-15c01b4ee2d9"
        for made in endpoints.endpoints():
            where = endpoints._PART.sub("{}", made.path).format(*[one] * len(made.parts))
            (name, methods), parts = desk.ROUTES.find(where)
            assert (name, methods[made.method], list(parts)) == (made.name, made, made.parts)


@pytest.mark.django_db
class TestTheDesk:
    def test_answers_as_django_would(self):
        scope = a_home().with_owner().scope
        token = access(scope)
        status, headers, body = asked("/api/v1/orders", HTTP_AUTHORIZATION=f"Bearer {token}")
        answer = Caller(token=token).get("orders")
        assert (status, msgspec.json.decode(body)) == ("200 OK", answer.json)
        assert {"Content-Type", "ETag", "Cache-Control", "Vary"} <= headers.keys()
        assert headers["ETag"] == answer.headers["ETag"]
        again = asked("/api/v1/orders", HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_IF_NONE_MATCH=headers["ETag"])
        assert (again[0], again[2]) == ("304 Not Modified", b"")

    def test_tells_browsers_what_pages_tell_them(self):
        _, headers, _ = asked("/api/v1/categories")
        assert headers.items() >= dict(doorway.security_headers()).items()

    @pytest.mark.parametrize(
        ("path", "method", "headers", "status", "code"),
        [
            ("/api/v1/nowhere", "GET", {}, "404 Not Found", "shell.NoPage"),
            ("/api/v1/orders", "PATCH", {}, "405 Method Not Allowed", "shell.NotThisWay"),
            ("/api/v1/orders", "GET", {}, "401 Unauthorized", "openapi.SignInNeeded"),
            (
                "/api/v1/codes",
                "POST",
                {"HTTP_ORIGIN": "https://evil.example"},
                "403 Forbidden",
                "shell.AskedFromElsewhere",
            ),
            ("/api/v1/codes", "POST", {"HTTP_COOKIE": "a=b"}, "403 Forbidden", "shell.AskedFromElsewhere"),
            ("/api/v1/codes", "POST", {"CONTENT_LENGTH": "99999999"}, "413 Content Too Large", "shell.TooLarge"),
        ],
    )
    def test_refuses_what_the_doorway_refuses(self, path, method, headers, status, code):
        said, _, body = asked(path, method, **headers)
        assert (said.partition(" ")[0], msgspec.json.decode(body)["code"]) == (status.partition(" ")[0], code)

    def test_a_name_that_is_not_ours_is_turned_away(self):
        assert asked("/api/v1/categories", HTTP_HOST="evil.example")[0] == "400 Bad Request"

    def test_a_defect_is_said_with_its_number_and_nothing_else(self, monkeypatch):
        def broken(*_: object) -> None:
            raise ZeroDivisionError("secret")

        monkeypatch.setattr(desk.answering, "answer", broken)
        with capture_logs() as written:
            status, _, body = asked("/api/v1/categories")
        told = msgspec.json.decode(body)
        assert (status, told["title"], "secret" in str(told)) == ("500 Internal Server Error", "Internal error", False)
        assert told["reference"] in {line["reference"] for line in written if line["event"] == "defect"}

    def test_a_forged_call_back_is_refused(self):
        assert asked("/callbacks/payments/nobody/", "POST", b"{}")[0] == "404 Not Found"
        assert asked("/callbacks/payments/nobody", "POST", b"{}")[0] == "404 Not Found"
        assert asked("/callbacks/payments/a/b/", "POST", b"{}")[0] == "404 Not Found"

    def test_leaves_the_rest_to_django(self):
        def inner(environ: Any, start: Any) -> list[bytes]:
            start("200 OK", [])
            return [environ["PATH_INFO"].encode()]

        for path in ("/", "/healthz", "/o/orders/", "/api/v1", "/callbacks/", "/api/v1/\u00e4"):
            assert asked(path, inner=inner)[2] == path.encode()

    def test_a_broken_connection_is_not_kept(self, monkeypatch):
        closed: list[bool] = []
        monkeypatch.setattr(sql, "forget_broken", lambda: closed.append(True))
        asked("/api/v1/nowhere")
        assert closed == [True]
