"""Declaring endpoints, and what every call has in common: who asks, what is refused, and how."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from builders import a_home, a_person
from harness.callers import Caller, a_session
from linli.faces.openapi import answering, endpoints, limits
from linli.faces.openapi.endpoints import ApiRequest, Endpoint, EndpointMistaken, endpoint
from linli.faces.openapi.reading import BODY_MOST
from linli.faces.openapi.shapes import Body, Query, page_of
from linli.kernel.refusals import Busy
from linli.reach.notify import queries as notify
from linli.reach.sign_in import actions as sign_in
from linli.reach.sign_in import queries
from linli.reach.sign_in.queries import Access
from linli.spine.action import StillRunning
from linli.spine.audit import entries
from linli.spine.scope import SYSTEM, Role


class Thing(Body):
    name: str


class Asked(Query):
    words: str


ASKED_INSIDE = [made for made in endpoints.endpoints() if made.asked_inside]


def slot() -> dict[str, str]:
    day = (datetime.now(UTC) + timedelta(days=1)).date()
    return {"start": f"{day}T10:00:00+08:00", "end": f"{day}T11:00:00+08:00"}


def takes_nothing(request): ...


def takes_other(request, other): ...


@pytest.fixture
def declared(monkeypatch) -> dict[tuple[str, str], Endpoint]:
    mine: dict[tuple[str, str], Endpoint] = {}
    monkeypatch.setattr(endpoints, "_endpoints", mine)
    return mine


class TestDeclaring:
    def test_an_endpoint_says_its_method_address_role_and_shapes_once(self, declared):
        @endpoint("POST", "things/<uuid:thing>/parts", role=Role.MERCHANT, summary="Add.", status=201)
        def create_part(request: ApiRequest, thing: str, body: Thing) -> Thing: ...

        made = declared["things/<uuid:thing>/parts", "POST"]
        assert (made.roles, made.surely, made.status, made.body, made.query, made.answer) == (
            (Role.MERCHANT,), True, 201, Thing, None, Thing,
        )  # fmt: skip
        assert made.address == "/api/v1/things/<uuid:thing>/parts"

    def test_what_a_resident_reads_is_answered_from_the_access_token_alone(self, declared):
        @endpoint("GET", "things", role=Role.RESIDENT, summary="List.")
        def list_things(request: ApiRequest) -> None: ...

        assert declared["things", "GET"].surely is False

    @pytest.mark.parametrize(
        ("method", "path", "handler", "options", "why"),
        [
            ("GET", "a/<uuid:one>", takes_other, {}, "the address gives"),
            ("POST", "a", takes_nothing, {"shared_s": 2}, "can be shared"),
            ("GET", "a", takes_nothing, {"shared_s": 2, "role": Role.RESIDENT}, "can be shared"),
        ],
    )
    def test_a_mistaken_endpoint_is_found_when_the_program_starts(self, declared, method, path, handler, options, why):
        with pytest.raises(EndpointMistaken, match=why):
            endpoint(method, path, summary="x", **options)(handler)
        assert declared == {}

    @pytest.mark.usefixtures("declared")
    def test_a_body_that_lets_unknown_fields_pass_is_a_mistake(self):
        class Loose(msgspec.Struct):
            name: str

        def create_loose(request, body): ...

        create_loose.__annotations__ = {"body": Loose}
        with pytest.raises(EndpointMistaken, match="knows its fields"):
            endpoint("POST", "a", summary="x")(create_loose)

    @pytest.mark.usefixtures("declared")
    def test_two_operations_of_one_name_are_a_mistake(self):
        def list_things(request): ...

        endpoint("GET", "a", summary="x")(list_things)
        with pytest.raises(EndpointMistaken, match="the operation's id"):
            endpoint("GET", "b", summary="x")(list_things)
        with pytest.raises(EndpointMistaken, match="declared twice"):
            endpoint("GET", "a", summary="x")(list_things)

    def test_a_page_is_cut_where_one_more_shows_that_it_goes_on(self):
        assert page_of([1, 2, 3], 2, key=lambda n: n) == page_of((1, 2, 3, 4), 2, key=lambda n: n)
        assert page_of([1, 2, 3], 2, key=lambda n: n).next == "2"
        assert page_of([1, 2], 2, key=lambda n: n).next is None


@pytest.mark.django_db
class TestWhoAsks:
    def test_nobody_gets_401_and_is_told_how_to_come_in(self):
        answer = Caller().get("session")
        assert (answer.status, answer.code) == (401, "openapi.SignInNeeded")
        assert answer.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(
        "given", ["Bearer", "Bearer ", "Basic abc", "Bearer abc", "Bearer a.b", "Bearer \u00e9.\u00e9"]
    )
    def test_a_token_that_is_none_is_refused_even_where_anybody_may_ask(self, given):
        assert Caller().get("session", Authorization=given).status == 401
        assert Caller().post("codes", {"phone": "13900000000"}, Authorization=given).status == 401

    def test_an_access_token_that_is_five_minutes_old_is_no_longer_one(self):
        scope = a_home().with_owner().scope
        session, _ = a_session(scope)
        old = queries.access_token(Access(session, scope, False, datetime.now(UTC) - timedelta(seconds=1)))
        assert Caller(token=old).get("session").status == 401

    @pytest.mark.parametrize(
        "made", [each for each in endpoints.endpoints() if each.asked_inside], ids=lambda e: e.name
    )
    def test_an_ended_session_is_refused_inside_too_and_does_nothing(self, made):
        scope = a_home().with_owner().scope
        session, _ = a_session(scope)
        caller = Caller(
            token=queries.access_token(Access(session, scope, False, datetime.now(UTC) + timedelta(hours=1)))
        )
        one = str(scope.communities[0])
        where = re.sub(r"<\w+:(\w+)>", one, made.path)
        body = {
            "lines": {"variant": one}, "home": {"home": str(scope.homes[0])}, "window": slot(), one: {"quantity": 1},
        }.get(where.rpartition("/")[2])  # fmt: skip
        assert caller.call(made.method, where, body).status != 401
        sign_in.end_session(scope, session=session, at=datetime.now(UTC))
        before = entries(SYSTEM, person=scope.person, limit=200)
        assert caller.call(made.method, where, body).code == "openapi.SignInNeeded"
        assert entries(SYSTEM, person=scope.person, limit=200) == before

    def test_an_ended_session_is_refused_at_once_where_it_matters(self):
        scope = a_home().with_owner().scope
        session, token = a_session(scope)
        caller = Caller(
            token=queries.access_token(Access(session, scope, False, datetime.now(UTC) + timedelta(hours=1)))
        )
        assert caller.get("session").status == 200
        sign_in.end_session(scope, session=session, at=datetime.now(UTC))
        assert caller.get("session").status == 401
        assert Caller(token=token).get("session").status == 401

    def test_the_body_cannot_say_who_asks(self):
        answer = Caller().post("codes", {"phone": "13900000000", "person": str(a_person())})
        assert (answer.status, answer.json["field"]) == (422, "person")


@pytest.mark.django_db
class TestWhatIsRefused:
    @pytest.mark.parametrize(("spoken", "words"), [("en-GB", "Your Linli sign-in code is"), ("zh", "登录验证码")])
    def test_a_code_comes_in_the_language_that_was_accepted(self, settings, spoken, words):
        settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"
        answer = Caller().post("codes", {"phone": "13900000000"}, **{"accept-language": spoken})
        (message,) = notify.inbox(SYSTEM, limit=9)
        assert (answer.status, words in message.body) == (204, True)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "phone"),
            ({"phone": 1}, "phone"),
            ({"phone": ""}, "phone"),
            ({"phone": "13900000000", "more": 1}, "more"),
            ({"phone": "x" * 300}, "phone"),
            ([], "body"),
            (b"{", "body"),
            (b"\xff\xfe", "body"),
            (b'{"phone": "139\\u0000"}', "body"),
            (b'{"phone": "\\ud800"}', "body"),
            (b"[" * 100_000, "body"),
        ],
    )
    def test_a_body_that_cannot_be_used_is_refused_by_its_field(self, body, field):
        answer = Caller().post("codes", body)
        assert (answer.status, answer.code, answer.json["field"]) == (422, "kernel.Invalid", field)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("limit=0", "limit"),
            ("limit=x", "limit"),
            ("limit=10&limit=20", "limit"),
            ("limits=10", "limits"),
            ("words=%00", "words"),
            ("shop=1", "shop"),
            ("after=nonsense", "after"),
        ],
    )
    def test_a_question_that_cannot_be_understood_is_refused_by_its_field(self, query, field):
        home = a_home()
        answer = Caller().get(f"communities/{home.community.id}/shelf?{query}")
        assert (answer.status, answer.code, answer.json["field"]) == (422, "kernel.Invalid", field)

    def test_words_of_the_caller_with_braces_come_back_harmless(self):
        answer = Caller().post("codes", {"phone": "13900000000", "{0.__class__}": 1})
        assert (answer.status, answer.json["field"]) == (422, "(0.__class__)")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
    def test_another_kind_of_body_is_415(self, kind):
        answer = Caller().post("codes", b'{"phone": "13900000000"}', **{"content-type": kind})
        assert (answer.status, answer.code) == (415, "openapi.WrongContentType")

    def test_a_body_of_more_than_a_mebibyte_is_413(self):
        answer = Caller().post("codes", b'"' + b"x" * BODY_MOST + b'"')
        assert (answer.status, answer.code) == (413, "shell.TooLarge")

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
    def test_another_method_is_405_and_says_which_there_are(self, method):
        answer = Caller().call(method, "codes")
        assert (answer.status, answer.code, answer.headers["Allow"]) == (405, "shell.NotThisWay", "POST")

    def test_what_can_be_read_can_be_asked_for_by_head(self):
        answer = Caller().call("HEAD", "communities")
        assert answer.status == 200
        assert Caller().call("PUT", "communities").headers["Allow"] == "GET, HEAD"

    @pytest.mark.parametrize("where", ["nothing", "communities/1", "session/", "../../o/", "communities/%00/shelf"])
    def test_an_address_without_endpoint_is_a_problem_of_404(self, where):
        answer = Caller().get(where)
        assert (answer.status, answer.code) == (404, "shell.NoPage")

    def test_a_change_sent_by_a_page_of_another_site_is_a_problem_of_403(self):
        answer = Caller().post("codes", {"phone": "13900000000"}, origin="https://elsewhere.example")
        assert (answer.status, answer.code) == (403, "shell.AskedFromElsewhere")

    def test_a_problem_may_not_be_kept(self):
        assert Caller().get("nothing").headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("refusal", [Busy(), StillRunning()])
    def test_what_is_worth_trying_again_says_when(self, rf, refusal):
        response = answering.refused(refusal, rf.get("/api/v1/x"))
        assert (response.status, dict(response.headers)["Retry-After"]) == (refusal.status, "1")

    def test_a_defect_is_a_problem_too(self, monkeypatch):
        client = Caller()
        client._client.raise_request_exception = False
        monkeypatch.setattr(answering, "now", lambda: 1 / 0)
        answer = client.get("communities")
        assert (answer.status, answer.json["title"]) == (500, "Internal error")
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
class TestLimits:
    def test_a_caller_who_asks_too_much_is_told_when_to_come_back(self, settings):
        settings.API_WRITES_PER_S = 0.5  # a bucket of three
        caller = Caller()
        answers = [caller.post("codes", {}) for _ in range(4)]
        assert [a.status for a in answers] == [422, 422, 422, 429]
        assert answers[-1].code == "openapi.TooManyRequests"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 3

    def test_each_person_has_a_bucket_of_their_own_and_reads_another(self, settings):
        settings.API_WRITES_PER_S = 1 / 6  # a bucket of one
        one, other = Caller(a_home().with_owner().scope), Caller(a_home().with_owner().scope)
        assert [one.post("session/checks", {}).status for _ in range(2)] == [422, 429]
        assert other.post("session/checks", {}).status == 422
        assert one.get("session").status == 200

    def test_guessing_tokens_is_limited_by_address(self, settings):
        settings.API_READS_PER_S = 1.0  # a bucket of four
        statuses = [Caller(token=f"guess-{n}").get("session").status for n in range(6)]
        assert statuses == [401, 401, 401, 401, 429, 429]

    def test_a_bucket_fills_again_by_time_and_never_beyond_its_size(self):
        buckets = limits.Buckets(per_s=2.0, burst=2.0)
        assert [buckets.take("a", at=0.0) for _ in range(3)] == [0.0, 0.0, 0.5]
        assert buckets.take("a", at=0.5) == 0.0
        assert [buckets.take("a", at=100.0) for _ in range(3)] == [0.0, 0.0, 0.5]

    def test_the_longest_silent_caller_is_forgotten_first(self, monkeypatch):
        monkeypatch.setattr(limits, "MOST_CALLERS", 2)
        buckets = limits.Buckets(per_s=1.0, burst=1.0)
        for caller in ("a", "b", "a", "c"):
            buckets.take(caller, at=0.0)
        assert buckets.take("a", at=0.0) > 0.0
        assert buckets.take("b", at=0.0) == 0.0


@pytest.mark.django_db
class TestKeys:
    @pytest.mark.parametrize("key", ["", "two words", "x" * 129, "\u00e9"])
    def test_a_key_that_no_header_should_carry_is_refused(self, key):
        scope = a_home().with_owner().scope
        answer = Caller(scope).put("session/hat", {"role": "resident"}, key=key)
        assert (answer.status, answer.json["field"]) == (422, "Idempotency-Key")

    def test_a_repeat_answers_the_same_and_other_content_is_refused(self):
        scope = a_home().with_owner().scope
        (first, _), (second, _) = a_session(scope), a_session(scope)
        caller = Caller(scope)
        assert caller.delete(f"sessions/{first}", key="k").status == 204
        other = caller.delete(f"sessions/{second}", key="k")
        assert (other.status, other.code) == (422, "spine.KeyReused")
        assert queries.is_open(session=second, at=datetime.now(UTC))

    def test_the_same_key_of_two_persons_is_two_keys(self):
        for scope in (a_home().with_owner().scope, a_home().with_owner().scope):
            session, _ = a_session(scope)
            assert Caller(scope).delete(f"sessions/{session}", key="k").status == 204


def test_the_shelf_is_answered_without_a_token_and_looks_at_none(rf):
    shared = [e for e in endpoints.endpoints() if e.shared_s]
    assert {e.handler.__name__ for e in shared} >= {"show_shelf", "show_document"}
    assert all(e.roles == () for e in shared)
