"""Progress: how long work says how far it is, to whoever wants to know. It never commits and decides nothing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of each step: so many of so many are done, and in a sentence of the catalogs what is done now.

    It may raise, where the work is to be left undone: the transaction around it rolls back.
    """

    def __call__(self, done: int, total: int, step: str = "") -> None: ...


def unheard(done: int, total: int, step: str = "") -> None:
    """This will tell nobody how far it is."""
