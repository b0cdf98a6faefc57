"""The frame of what is running now: the outermost action or page, its scope, and the facts it has to tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction

from linli.kernel.facts import Fact
from linli.spine import locks, sql, walls
from linli.spine.scope import ProvidedScope, Scope


@dataclass
class Frame:
    """One transaction's company. `opened` is False for a page that has not yet asked anything behind a wall."""

    scope: Scope
    writes: bool
    opened: bool = False
    told: list[Fact] = field(default_factory=list)
    within: int = 0
    """How many actions are being carried out inside the outermost one."""
    stack: ExitStack = field(default_factory=ExitStack)


current: ContextVar[Frame | None] = ContextVar("frame", default=None)


@contextmanager
def enter(frame: Frame) -> Iterator[Frame]:
    """This will make the frame the current one; its transaction, once opened, ends with it."""
    token, asker = current.set(frame), frame.scope
    try:
        with frame.stack:
            yield frame
    except DatabaseError as error:
        if isinstance(asker, ProvidedScope) and getattr(error.__cause__, "sqlstate", None) == asker.proviso.sqlstate:
            raise asker.proviso.refusal from error
        raise
    finally:
        current.reset(token)


def open_transaction(frame: Frame) -> None:
    """This will begin the frame's transaction, if it has not begun, with what its scope's worth hangs on."""
    if not frame.opened:
        frame.stack.enter_context(transaction.atomic())
        frame.opened = True
        locks.forget()
        if isinstance(frame.scope, ProvidedScope):
            sql.ahead(frame.scope.proviso.statement, *frame.scope.proviso.values)


@contextmanager
def reaching(frame: Frame, scope: Scope) -> Iterator[None]:
    """This will set the walls to another scope for the length of an inner call, and back."""
    if walls.settings_of(scope) == walls.settings_of(frame.scope):
        yield
        return
    outer, frame.scope = frame.scope, scope
    walls.raise_for(scope)
    try:
        yield
    except BaseException:
        frame.scope = outer  # the transaction, and the settings with it, is rolled back or cannot be used any more
        raise
    frame.scope = outer
    walls.raise_for(outer)
