"""The frame of what is running now: the outermost action or page, its scope, and the facts it has to tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction

from linli.kernel.facts import Fact
from linli.spine import locks, walls
from linli.spine.scope import Scope


@dataclass
class Frame:
    """One transaction's company. `opened` is False for a page that has not yet asked anything behind a wall."""

    scope: Scope
    writes: bool
    opened: bool = False
    told: list[Fact] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)


current: ContextVar[Frame | None] = ContextVar("frame", default=None)


@contextmanager
def enter(frame: Frame) -> Iterator[Frame]:
    """This will make the frame the current one; its transaction, once opened, ends with it."""
    token = current.set(frame)
    try:
        with frame.stack:
            yield frame
    finally:
        current.reset(token)


def open_transaction(frame: Frame) -> None:
    """This will begin the frame's transaction, if it has not begun."""
    if not frame.opened:
        frame.stack.enter_context(transaction.atomic())
        frame.opened = True
        locks.forget()


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
