"""Callers: programs that use the JSON face with a token of their own, made for a scope without a phone and a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.test import Client

from linli.kernel import ids
from linli.kernel.ids import SessionId
from linli.reach.sign_in import rules
from linli.reach.sign_in.models import Session
from linli.reach.sign_in.queries import Access, access_token, secret
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import GUEST, SYSTEM, Scope

PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.content)

    @property
    def code(self) -> str:
        """The code of a problem; it is one, or the test fails."""
        assert self.headers["Content-Type"] == "application/problem+json", self.content
        assert self.json["status"] == self.status
        return str(self.json["code"])


class Caller:
    """Calls in the name of a scope: `caller(scope).post("orders", {...}, key="k1")`. A guest sends no token."""

    def __init__(self, scope: Scope = GUEST, *, token: str | None = None) -> None:
        self._client = Client(raise_request_exception=True)
        self.token = token if token is not None or scope.person is None else access(scope)

    def call(self, method: str, where: str, body: Any = None, *, key: str | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        raw = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        kind = sent.pop("content-type", "application/json")
        address = where if where.startswith("/") else PREFIX + where
        response = self._client.generic(method, address, raw, content_type=kind, headers=sent)
        return Answer(response.status_code, response.headers, response.content)

    def get(self, where: str, **headers: str) -> Answer:
        return self.call("GET", where, **headers)

    def post(self, where: str, body: Any = None, *, key: str | None = None, **headers: str) -> Answer:
        return self.call("POST", where, body, key=key, **headers)

    def put(self, where: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.call("PUT", where, body, key=key)

    def delete(self, where: str, *, key: str | None = None) -> Answer:
        return self.call("DELETE", where, key=key)


def access(scope: Scope, *, check_due: bool = False) -> str:
    """This will open a session for a scope and sign an access token that stands for exactly this scope."""
    session = a_session(scope, check_due=check_due)[0]
    return access_token(Access(session, scope, check_due, datetime.now(UTC) + rules.ACCESS_LIFE))


def a_session(scope: Scope, *, check_due: bool = False) -> tuple[SessionId, str]:
    """This will open a session of a person, and give it with its token."""
    token = rules.new_token()
    return _open(SYSTEM, worn=scope, token=token, check_due=check_due, at=datetime.now(UTC)), token


@action(needs=May.RUN_CLOCKS, private=("token",))
def _open(scope: Scope, *, worn: Scope, token: str, check_due: bool, at: datetime) -> SessionId:
    row = Session.objects.create(
        id=ids.new(),
        person=worn.person,
        token=rules.digest(token, secret(), "session"),
        device=b"device",
        role=worn.role.value,
        check_due=check_due,
        check_tries_left=rules.SECOND_CHECK_TRIES,
        created_at=at,
        seen_at=at,
        expires_at=at + timedelta(days=1),
    )
    return SessionId(row.id)
