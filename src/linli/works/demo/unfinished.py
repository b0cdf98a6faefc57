"""Unfinished: a town whose building was broken off before its past was played to its end, and is begun again."""

from __future__ import annotations

from pathlib import Path

_MARK = "unfinished"


def begin(folder: Path) -> None:
    """This will note, before anything of a town is written, that one is being built."""
    (folder / _MARK).touch()


def finish(folder: Path) -> None:
    """This will note that the town stands with its whole past."""
    (folder / _MARK).unlink(missing_ok=True)


def is_unfinished(folder: Path) -> bool:
    """This will tell whether whoever built the town was stopped on the way."""
    return (folder / _MARK).exists()
