"""Actions, queries and errands: permission, transaction, walls, audit and idempotency, said once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, LiteralString, ParamSpec, TypeVar, get_type_hints

import msgspec
from django.db import OperationalError, connection

from linli.kernel.facts import module_word
from linli.kernel.refusals import Busy, Denied, Refusal
from linli.spine import decoding, outbox, sql, walls
from linli.spine.frame import Frame, current, enter, open_transaction, reaching
from linli.spine.may import May
from linli.spine.scope import Scope

P = ParamSpec("P")
R = TypeVar("R")
TRIES = 4
"""How often an outermost action is run when the database breaks a deadlock or a serialisation conflict."""
MOMENTS = ("at", "said_at")
"""When something is asked, by the house's clock and by the phone's; a request that comes again comes later."""
_BEGIN = "SELECT spine_begin(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
# The beginning of an action that has no key: walls and audit row. A statement, and not a function like the other, as it
# comes with every action; what it returns is what its scope's worth hangs on, asked behind the walls that it raised.
_NOTE = (
    "INSERT INTO spine_audit (person, role, action, said)"
    " SELECT nullif(w.person, '')::uuid, w.role, %s::text, %s::jsonb"
    f" FROM (SELECT {walls.SETTINGS} OFFSET 0) AS w (role, person, communities, shop, company)"
)


class KeyReused(Refusal):
    """An idempotency key came back with another request."""

    says = "This request key was already used for something else."
    status = 422


class KeyNotTaken(Refusal):
    """A key came with what has nobody whose key it is, or with an answer that may be kept nowhere."""

    says = "This cannot be repeated by its key: send it without one."
    status = 422


class StillRunning(Refusal):
    """The first request with this key is still being carried out."""

    says = "This request is still being carried out. Please wait a moment."


def action(
    *, needs: May, private: tuple[str, ...] = (), shown_once: bool = False
) -> Callable[[Callable[Concatenate[Scope, P], R]], Callable[Concatenate[Scope, P], R]]:
    """This will make a function a verb of the house: keyword-only, from a scope, at a time, in one transaction.

    The outermost action asks the permission, opens the transaction, sets the walls, writes the audit row (without the
    `private` arguments), answers a repeated idempotency key from the stored response, and tells its facts; inner
    actions join it. Deadlocks are tried again. A refusal rolls everything back. `shown_once`: the answer holds a secret
    or personal data, so it is never stored, and a key is refused.
    """

    def wrap(verb: Callable[Concatenate[Scope, P], R]) -> Callable[Concatenate[Scope, P], R]:
        name = f"{module_word(verb.__module__)}.{verb.__name__}"

        @wraps(verb)
        def run(scope: Scope, /, *args: P.args, **kwargs: P.kwargs) -> R:
            frame = current.get()
            if frame is not None and frame.writes:
                with reaching(frame, scope), _inside(frame):
                    return verb(scope, *args, **kwargs)
            if not scope.may(needs):
                raise Denied
            if scope.once and (shown_once or scope.person is None):
                raise KeyNotTaken(field="Idempotency-Key")
            said = msgspec.json.encode({k: v for k, v in kwargs.items() if k not in private})
            asked = _fingerprint(name, scope, kwargs) if scope.once else None
            return _patiently(lambda: _outermost(name, verb, scope, said, asked, *args, **kwargs))

        run.needs = needs  # type: ignore[attr-defined]
        run.verb = name  # type: ignore[attr-defined]
        run.private, run.shown_once = private, shown_once  # type: ignore[attr-defined]
        return run

    return wrap


def _fingerprint(name: str, scope: Scope, kwargs: dict[str, object]) -> bytes:
    """A request is the same when it asks for the same under the same hat, whenever that is."""
    hat = (scope.role, scope.shop, scope.company)
    asked = msgspec.json.encode((hat, {k: v for k, v in kwargs.items() if k not in MOMENTS}))
    return hashlib.sha256(name.encode() + b"\0" + asked).digest()


def _outermost(
    name: str,
    verb: Callable[Concatenate[Scope, P], R],
    scope: Scope,
    said: bytes,
    asked: bytes | None,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    with enter(Frame(scope, writes=True)) as frame:
        reach = walls.settings_of(scope)
        if scope.once is None:
            open_transaction(frame, _NOTE, name, said.decode(), *reach, joined=" RETURNING ")
        else:
            open_transaction(frame)
            row = sql.fetch_one(_BEGIN, *reach, name, said.decode(), scope.once, asked)
            if row and row[0] is not None:
                return _stored(row[0], verb)
        result = verb(scope, *args, **kwargs)
        outbox.flush(frame.told)
        if scope.once:
            sql.run("SELECT spine_finish(%s, %s)", scope.once, msgspec.json.encode(result).decode())
        return result


@contextmanager
def _inside(frame: Frame) -> Iterator[None]:
    frame.within += 1
    try:
        yield
    finally:
        frame.within -= 1


def conclude(statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """This will run what a verb asks last; where nothing else can follow, the action commits in the same trip.

    What stands in the way of it has to be raised in SQL: a verb that refuses after this is a defect, and told so.
    """
    frame = current.get()
    if frame is None or not frame.writes or frame.within or frame.told or frame.scope.once:
        return sql.fetch(statement, *values)
    return sql.conclude(statement, *values)


def _stored(before: str, verb: Callable[..., R]) -> R:
    word, _, response = before.partition(":")
    if word == "busy":
        raise StillRunning
    if word == "other":
        raise KeyReused(field="Idempotency-Key")
    answer: R = decoding.decode(response, get_type_hints(verb)["return"])
    return answer


def _patiently(attempt: Callable[[], R]) -> R:
    for nth in range(1, TRIES + 1):
        try:
            return attempt()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in {"40001", "40P01"} or connection.in_atomic_block:
                raise
            if nth == TRIES:
                raise Busy from error
            time.sleep(0.01 * nth * nth)
    raise AssertionError("unreachable")


def query(question: Callable[Concatenate[Scope, P], R]) -> Callable[Concatenate[Scope, P], R]:
    """This will make a function a question behind the walls: it runs in the current transaction or one of its own."""

    @wraps(question)
    def run(scope: Scope, /, *args: P.args, **kwargs: P.kwargs) -> R:
        frame = current.get()
        if frame is None:
            with reading(scope):
                return run(scope, *args, **kwargs)
        if not frame.opened:
            open_transaction(frame, walls.RAISED, *walls.settings_of(scope))
            frame.scope = scope
        with reaching(frame, scope):
            return question(scope, *args, **kwargs)

    return run


def open_query(question: Callable[P, R]) -> Callable[P, R]:
    """This will mark a question about public things (a shelf, opening hours): no wall, no transaction of its own."""
    question.is_open = True  # type: ignore[attr-defined]
    return question


@contextmanager
def reading(scope: Scope) -> Iterator[None]:
    """This will give a page one transaction for all its questions, begun only when one asks behind the walls."""
    with enter(Frame(scope, writes=False)):
        yield


def errand(trip: Callable[P, R]) -> Callable[P, R]:
    """This will mark a function that leaves the house: it may call a gateway, and so may not run in an action."""

    @wraps(trip)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        frame = current.get()
        if frame is not None and frame.opened:
            raise RuntimeError(f"{trip.__qualname__} calls the outside world; it may not run inside a transaction")
        return trip(*args, **kwargs)

    return run
