"""One trip on a connection: statements prepared once, sent together, answered in order.

psycopg's cursors do the same in Python, a statement at a time; here its C parts are called directly, with its types.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from select import POLLIN, POLLOUT, poll
from typing import Any

from psycopg import Connection, errors, pq
from psycopg._preparing import PrepareManager
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq.abc import PGconn, PGresult

MOST_PREPARED = 500
"""Beyond so many statements of one connection all are forgotten: somebody builds them with values in them."""
Asked = tuple[str, Sequence[Any]]
Rows = list[tuple[Any, ...]]

_PLACE = re.compile(r"%%|%s")
_WELL = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_ANSWERED = (*_WELL, pq.ExecStatus.PIPELINE_SYNC)


class _Apart(PrepareManager):
    """psycopg's own account of what its cursors prepared, which after a rollback forgets only what is in it.

    As it comes it says DEALLOCATE ALL, at every ROLLBACK TO a savepoint too, and would take the names kept here away.
    """

    def clear(self) -> bool:
        self._counts.clear()
        self._to_flush.extend(self._names.values())
        self._names.clear()
        return bool(self._to_flush)

    def forget(self) -> None:
        """This will know no statement any more: the server was told to let go of all there are."""
        self._counts.clear()
        self._names.clear()
        self._to_flush.clear()


class Trips:
    """The statements that one connection knows by name, and the way to ask them."""

    def __init__(self, link: Connection[Any]) -> None:
        self.link = link
        self._server: PGconn = link.pgconn
        self._apart = link._prepared  # noqa: SLF001 - psycopg gives no other way to it
        self._apart.__class__ = _Apart
        self._types = Transformer(link)
        self._known: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._named = 0

    def ask(self, ahead: Sequence[Asked], asked: Asked) -> PGresult:
        """This will ask everything in one trip and give the answer to the last, or raise the first error."""
        if not ahead:
            self._make_room(1)
            return _well(self._server.exec_prepared(*self._ready(*asked), pq.Format.TEXT), self.link)
        return self.ask_all([*ahead, asked])[-1]

    def ask_all(self, asked: Sequence[Asked]) -> list[PGresult]:
        """This will ask everything in one trip and give all answers, or raise the first error."""
        self._make_room(len(asked))
        return self._together([self._ready(*each) for each in asked])

    def rows(self, answer: PGresult) -> Rows:
        """This will give the rows of an answer as Python values."""
        self._types.set_pgresult(answer)
        return self._types.load_rows(0, answer.ntuples, tuple)

    def say(self, command: bytes) -> None:
        """This will send a command that has no values: COMMIT, ROLLBACK."""
        _well(self._server.exec_(command), self.link)

    def heard(self, within_s: float) -> bool:
        """This will tell whether we were notified (LISTEN), and wait so long for it if not yet."""
        server, waiting = self._server, poll()
        if not _notified(server):
            waiting.register(server.socket, POLLIN)
            waiting.poll(within_s * 1000)
            return _notified(server)
        return True

    def _ready(self, statement: str, values: Sequence[Any]) -> tuple[bytes, Sequence[Any], Sequence[int]]:
        types = self._types
        sent = types.dump_sequence(values, [PyFormat.AUTO] * len(values))
        key = (statement, types.types or ())
        formats = types.formats or ()
        name = self._known.get(key)
        return (name or self._prepare(key), sent, formats)

    def _make_room(self, few: int) -> None:
        """Forget before a trip, never on the way: the names of its first statements must still stand at its last."""
        if len(self._known) + few > MOST_PREPARED:
            self.say(b"DEALLOCATE ALL")
            self._known.clear()
            self._apart.forget()  # type: ignore[attr-defined]

    def _prepare(self, key: tuple[str, tuple[int, ...]]) -> bytes:
        statement, types = key
        self._named += 1
        name = b"linli_%d" % self._named
        _well(self._server.prepare(name, _numbered(statement), types), self.link)
        self._known[key] = name
        return name

    def _together(self, ready: Sequence[tuple[bytes, Sequence[Any], Sequence[int]]]) -> list[PGresult]:
        server = self._server
        server.enter_pipeline_mode()
        try:
            for name, sent, formats in ready:
                server.send_query_prepared(name, sent, formats, pq.Format.TEXT)
            server.pipeline_sync()
            answers = self._answers()
        finally:
            if server.status == pq.ConnStatus.OK:
                server.exit_pipeline_mode()
        for answer in answers:
            _well(answer, self.link)
        return answers

    def _answers(self) -> list[PGresult]:
        """The answers up to the end of the trip; between two of them stands nothing, and a mark is at the end."""
        server, found = self._server, list[PGresult]()
        waiting = poll()
        waiting.register(server.socket, POLLIN | POLLOUT)
        while server.flush():
            waiting.poll()
            server.consume_input()
        waiting.modify(server.socket, POLLIN)
        while True:
            while server.is_busy():
                waiting.poll()
                server.consume_input()
            answer = server.get_result()
            if answer is None:
                if server.status == pq.ConnStatus.BAD:
                    raise errors.OperationalError("the connection was lost")
                continue
            if answer.status == pq.ExecStatus.PIPELINE_SYNC:
                return found
            found.append(answer)


def _notified(server: PGconn) -> bool:
    server.consume_input()
    heard = False
    while server.notifies() is not None:
        heard = True
    return heard


def _numbered(statement: str) -> bytes:
    """`%s` as PostgreSQL's own places: $1, $2, ..."""
    nth = 0

    def place(found: re.Match[str]) -> str:
        nonlocal nth
        if found[0] == "%%":
            return "%"
        nth += 1
        return f"${nth}"

    return _PLACE.sub(place, statement).encode()


def _well(answer: PGresult, link: Connection[Any]) -> PGresult:
    if answer.status not in _WELL:
        raise errors.error_from_result(answer, encoding=link.info.encoding)
    return answer
