"""The part of the worker that carries out long work: a few pieces side by side, and says how far they are.

What one piece does stands in one transaction on its thread's own connection, which is closed with it; how far it is,
the carrier itself writes down on another. A worker that is told to stop leaves unfinished work undone, to the next.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from importlib import import_module

import structlog

from linli.kernel.ids import ChoreId

AT_ONCE = 3
TELL_S = 0.5
"""So often it is written down how far the work is; a bar that moves twice a second moves."""
SLEEP_S = 2.0
"""So long it sleeps that is not rung for; a dead worker's chores are found by then."""
TROUBLE_S = 2.0
_log = structlog.get_logger()


class Piece(threading.Thread):
    """One chore in hand. What it says of its progress is noted here, and fetched by the carrier."""

    def __init__(self, chore: ChoreId, leaving: threading.Event) -> None:
        super().__init__(name="chore", daemon=True)
        self.chore = chore
        self.is_stopped = False
        self.news: tuple[int, int, str] | None = None
        self._leaving = leaving
        self._until = float("inf")

    def tell(self, done: int, total: int, step: str = "") -> None:
        """This will note how far it is, and end the work where somebody wants it ended."""
        from linli.ground.chores import rules

        self.news = (max(0, min(done, total)), total, step)
        if self.is_stopped:
            raise rules.StoppedByHand
        if self._leaving.is_set():
            raise rules.LeftToAnother
        if time.monotonic() > self._until:
            raise rules.TooLong

    def run(self) -> None:
        """This will carry the chore out on a connection of this thread."""
        from django.db import connection

        from linli.ground.chores import rules
        from linli.ground.chores.actions import carrying

        self._until = time.monotonic() + rules.LIMIT_S
        try:
            carrying.notice_dead_clients()
            carrying.carry_one(self.chore, at=datetime.now(UTC), tell=self.tell)
        except Exception as error:  # a database that went away: whoever looks next takes it up
            _log.error("chore_trouble", chore=str(self.chore), error=type(error).__name__)
        finally:
            connection.close()


class Carrier(threading.Thread):
    """Looks what is to be done, gives each piece a thread, and tells how far they are, until told to stop."""

    def __init__(self) -> None:
        super().__init__(name="chores", daemon=True)
        self.stopping = threading.Event()
        self._in_hand: dict[ChoreId, Piece] = {}
        self._said: dict[ChoreId, tuple[int, int, str]] = {}

    def run(self) -> None:
        """This will look and rest in turns; outlives a database that goes away and comes back."""
        from django.db import connection

        is_listening = False
        while not self.stopping.is_set():
            try:
                if not is_listening:
                    self._listen()
                    is_listening = True
                self._look()
                self._rest()
            except Exception as error:
                _log.error("carrier_trouble", error=type(error).__name__)
                connection.close()
                is_listening = False
                self.stopping.wait(TROUBLE_S)
        for piece in self._in_hand.values():
            piece.join(TROUBLE_S)
        connection.close()

    def _listen(self) -> None:
        from linli.ground.chores.actions.asking import BELL
        from linli.spine import sql

        import_module("linli.config.urls")  # lists are taken away by the pages that show them
        sql.run(f"LISTEN {BELL}")

    def _look(self) -> None:
        from linli.ground.chores import actions, queries
        from linli.spine.scope import SYSTEM

        self._in_hand = {chore: piece for chore, piece in self._in_hand.items() if piece.is_alive()}
        news = {chore: piece.news for chore, piece in self._in_hand.items() if piece.news is not None}
        told = {chore: said for chore, said in news.items() if self._said.get(chore) != said}
        if told:
            actions.note_progress(told)
        self._said = news
        if self._in_hand:
            for chore in queries.asked_to_stop(SYSTEM, chores=list(self._in_hand)):
                self._in_hand[chore].is_stopped = True
        free = AT_ONCE - len(self._in_hand)
        if free > 0:
            at = datetime.now(UTC)
            for chore in queries.due(SYSTEM, in_hand=list(self._in_hand), at=at, limit=free):
                piece = self._in_hand[chore] = Piece(chore, self.stopping)
                piece.start()

    def _rest(self) -> None:
        """Until the bell rings, or it is time to tell or to look again."""
        from linli.spine import sql

        until = time.monotonic() + (TELL_S if self._in_hand else SLEEP_S)
        while not self.stopping.is_set() and (left := until - time.monotonic()) > 0:
            if sql.heard(within_s=min(left, TELL_S)):
                return
