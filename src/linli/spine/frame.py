"""The frame of what is running now: the outermost action or page, its scope, and the facts it has to tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType
from typing import LiteralString

from django.db import DatabaseError

from linli.kernel.facts import Fact
from linli.spine import locks, sql, walls
from linli.spine.line.base import Transaction
from linli.spine.scope import SYSTEM, ProvidedScope, Scope


@dataclass(slots=True)
class Frame:
    """One transaction's company. It has none yet for a page that has not asked anything behind a wall."""

    scope: Scope
    writes: bool
    transaction: Transaction | None = None
    told: list[Fact] = field(default_factory=list)
    within: int = 0
    """How many actions are being carried out inside the outermost one."""

    @property
    def opened(self) -> bool:
        return self.transaction is not None


current: ContextVar[Frame | None] = ContextVar("frame", default=None)


class enter:  # noqa: N801 - used as a function: `with enter(frame) as frame:`
    """This will make the frame the current one; its transaction, once opened, ends with it."""

    __slots__ = ("_asker", "_frame", "_token")

    def __init__(self, frame: Frame) -> None:
        self._frame, self._asker = frame, frame.scope

    def __enter__(self) -> Frame:
        self._token = current.set(self._frame)
        return self._frame

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._frame.transaction is not None:
                self._frame.transaction.__exit__(kind, error, trace)
        except DatabaseError as refused:
            self._refuse(refused)
            raise
        finally:
            current.reset(self._token)
        if isinstance(error, DatabaseError):
            self._refuse(error)

    def _refuse(self, error: DatabaseError) -> None:
        """What the database said no to may be the proviso of who asks."""
        if isinstance(self._asker, ProvidedScope):
            proviso = self._asker.proviso
            if getattr(error.__cause__, "sqlstate", None) == proviso.sqlstate:
                raise proviso.refusal from error


def open_transaction(frame: Frame, begins: LiteralString = "", *values: object, joined: LiteralString = ", ") -> None:
    """This will begin the frame's transaction, if it has not begun: with a statement that raises the walls.

    What its scope's worth hangs on is asked behind these walls, `joined` to the statement: what a statement lists, and
    returns, is worked out in its order.
    """
    if frame.transaction is not None:
        return
    frame.transaction = sql.transaction(reads=not frame.writes)
    frame.transaction.__enter__()
    locks.forget()
    if isinstance(frame.scope, ProvidedScope):
        if not begins:
            begins, values, joined = walls.RAISED, walls.settings_of(frame.scope), ", "
        proviso = frame.scope.proviso
        begins, values = f"{begins}{joined}{proviso.call}", (*values, *proviso.values)
    if begins:
        sql.ahead(begins, *values)


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


@contextmanager
def as_the_house() -> Iterator[None]:
    """This will cross the wall within an action for what its verb makes sure of: whose rows these are."""
    frame = current.get()
    if frame is None:
        raise RuntimeError("the wall is crossed within an action")
    with reaching(frame, SYSTEM):
        yield
