"""Django's backend for PostgreSQL with transactions that begin in the trip of their first statement.

psycopg's connection stays in autocommit; BEGIN, COMMIT and ROLLBACK are ours. Everything that Django's ORM and
`transaction.atomic` do rests on four methods of its backend, and those are the ones below.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django.db import DatabaseError
from django.db.backends.postgresql import base
from django.db.transaction import Atomic

from linli.spine.line.trips import Asked, Rows, Trips

_BEGIN: Asked = ("BEGIN", ())
_COMMIT: Asked = ("COMMIT", ())


class AfterTheLast(RuntimeError):
    """A defect: something was asked, or refused, in a transaction that had been concluded."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection. `_ahead` is what will be sent before the next statement, BEGIN first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ahead: list[Asked] = []
        self._trips: Trips | None = None
        self._is_over = False
        """Whether the transaction that Django believes in has committed already."""
        self._reads = False
        """Whether nothing but questions were asked so far where only questions are expected: nothing has begun."""
        self._has_read = False

    # ---- the short way ----

    def ask(self, statement: str, values: tuple[object, ...]) -> Rows:
        """This will run a statement, prepared by the server, with whatever goes ahead of it, and give its rows."""
        with self.wrap_database_errors:
            trips = self._on_the_line()
            return trips.rows(trips.ask(self._with_a_question(), (statement, values)))

    def ask_together(self, asked: list[Asked]) -> list[Rows]:
        """This will do the same with several statements in one trip, and give the rows of each."""
        with self.wrap_database_errors:
            trips = self._on_the_line()
            answers = trips.ask_all([*self._with_a_question(), *asked])
            return [trips.rows(answer) for answer in answers[-len(asked) :]]

    def touch(self, statement: str, values: tuple[object, ...]) -> int:
        """This will do the same and give how many rows it touched."""
        with self.wrap_database_errors:
            return self._on_the_line().ask(self._leaving(), (statement, values)).command_tuples or 0

    def conclude(self, statement: str, values: tuple[object, ...]) -> Rows:
        """This will run the last statement of a transaction and commit in the same trip; in a savepoint only run.

        Where nothing has begun yet, the trip is the transaction: the server commits at its end, unasked.
        """
        if not self.in_atomic_block or self.savepoint_ids or self.run_on_commit:
            return self.ask(statement, values)
        with self.wrap_database_errors:
            trips, leaving = self._on_the_line(), self._leaving()
            if leaving and leaving[0] is _BEGIN:
                self._ahead = [_BEGIN]  # where the trip fails, nothing is left to be rolled back
                last = trips.ask_all([*leaving[1:], (statement, values)])[-1]
                self._ahead = []
            else:
                last = trips.ask_all([*leaving, (statement, values), _COMMIT])[-2]
        self._is_over = True
        return trips.rows(last)

    def send_ahead(self, statement: str, values: tuple[object, ...]) -> None:
        """This will have a statement asked in the trip of the next one; only in a transaction, which its error ends."""
        self._reads = self._reads and not self._has_read
        self._ahead.append((statement, values))

    def heard(self, within_s: float) -> bool:
        """This will tell whether this connection, which listens, was notified since it was asked last."""
        with self.wrap_database_errors:
            return self._on_the_line().heard(within_s)

    def settle(self) -> None:
        """This will ask now what is still waiting to go ahead; BEGIN alone may wait on."""
        if self._reads and self._has_read:
            self._ahead = [_BEGIN]
        elif len(self._ahead) > 1 or (self._ahead and self._ahead[0] is not _BEGIN):
            self._ask_what_waits()

    def _ask_what_waits(self) -> None:
        *ahead, last = self._leaving()
        with self.wrap_database_errors:
            self._on_the_line().ask(ahead, last)

    def _with_a_question(self) -> list[Asked]:
        """What goes ahead of a question. Among questions only, each has all of it, and its trip is its transaction."""
        if not self._reads:
            return self._leaving()
        self._has_read = True
        return self._ahead[1:]

    def _leaving(self) -> list[Asked]:
        self._reads = False
        leaving = self._ahead
        if leaving:
            self._ahead = []
        return leaving

    def _on_the_line(self) -> Trips:
        if self._is_over:
            raise AfterTheLast
        if self.connection is None:
            self.ensure_connection()
        if self._trips is None or self._trips.link is not self.connection:
            self._trips = Trips(self.connection)
        return self._trips

    # ---- a transaction, begun and ended well without Django's ceremony ----

    def begin(self, block: Atomic, *, reads: bool) -> bool:
        """This will begin an outermost transaction; False where there is one already, or no connection yet.

        One that `reads` begins in truth when the ORM, a savepoint or a change needs it. Until then every question is
        asked in a trip, and so in a transaction, of its own: what was committed meanwhile is seen by the next one in
        any case, and neither BEGIN nor the trip of a COMMIT is paid.
        """
        if self.in_atomic_block or not self.autocommit or self.connection is None:
            return False
        self._ahead, self._is_over, self._reads, self._has_read = [_BEGIN], False, reads, False
        self.commit_on_exit, self.needs_rollback, self.autocommit, self.in_atomic_block = True, False, False, True
        self.atomic_blocks.append(block)
        return True

    def end_well(self) -> bool:
        """This will commit what `begin` began; False where more than a commit is to be done, by Django's own way."""
        if self.needs_rollback or self.closed_in_transaction or self.run_on_commit or self.savepoint_ids:
            return False
        self._commit()
        self.atomic_blocks.pop()
        self._ahead, self._is_over = [], False
        self.in_atomic_block, self.autocommit, self.errors_occurred = False, True, False
        return True

    # ---- what Django builds on ----

    def _set_autocommit(self, autocommit: bool) -> None:
        if not self.connection.autocommit:
            super()._set_autocommit(True)  # type: ignore[misc]  # the stubs know it not
        self._ahead, self._is_over, self._reads = ([] if autocommit else [_BEGIN]), False, False

    def _commit(self) -> None:
        if self._is_over:
            return
        self.settle()
        if not self._leaving():
            self._say(b"COMMIT")

    def _rollback(self) -> None:
        if self._is_over:
            raise AfterTheLast
        began = not (self._ahead and self._ahead[0] is _BEGIN)
        self._ahead = []
        if began:
            self._say(b"ROLLBACK")

    def create_cursor(self, name: str | None = None) -> Any:
        """This will make a cursor of Django's, in whose transaction everything that goes ahead has been asked."""
        if self._is_over:
            raise AfterTheLast
        if self._ahead:
            self._ask_what_waits()
        return super().create_cursor(name)

    def _say(self, command: bytes) -> None:
        if self.connection is not None:
            with self.wrap_database_errors:
                self._on_the_line().say(command)


class Transaction(Atomic):
    """`transaction.atomic()` that is quick where it is the outermost one and ends well, and Django's where not."""

    def __init__(self, line: DatabaseWrapper, *, reads: bool = False) -> None:
        super().__init__(line.alias, savepoint=True, durable=False)
        self._line = line
        self._reads = reads
        self._is_ours = False

    def __enter__(self) -> None:
        self._is_ours = self._line.begin(self, reads=self._reads)
        if not self._is_ours:
            super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._is_ours and kind is None and self._line.end_well():
                return
        except DatabaseError as refused:
            super().__exit__(type(refused), refused, refused.__traceback__)
            raise
        super().__exit__(kind, error, trace)
