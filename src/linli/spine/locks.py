"""Advisory locks: sorted, once per transaction, late, with a time limit. Taking needs a lock, freeing never does."""

from __future__ import annotations

from contextvars import ContextVar

from django.db import OperationalError, transaction

from linli.kernel.refusals import Busy
from linli.spine import sql

WAIT_S = 3
MOST = 64
"""A transaction that needs more than this many locks is asking for a coarser one."""

_held: ContextVar[bool] = ContextVar("locks_held", default=False)


class LockedTwice(RuntimeError):
    """A defect: one transaction asked for advisory locks a second time, which is how deadlocks are made."""


def hold(*keys: object) -> None:
    """This will hold the named things until the transaction ends, or refuse with `Busy` after three seconds.

    Keys are hashed to 64 bits; they are taken in the order of their hashes, so two transactions never cross.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("locks.hold needs a transaction")
    if _held.get():
        raise LockedTwice("take all locks of a transaction in one call")
    if not 0 < len(keys) <= MOST:
        raise ValueError(f"hold between 1 and {MOST} keys, not {len(keys)}")
    _held.set(True)
    try:
        sql.fetch("SELECT spine_hold(%s::text[], %s)", sorted({str(k) for k in keys}), int(WAIT_S * 1000))
    except OperationalError as error:
        raise Busy from error


def forget() -> None:
    """This will start a new account of held locks; called where a transaction begins."""
    _held.set(False)
