"""Words that people will read are marked where they are written and translated where they are shown."""

from __future__ import annotations


def _(words: str) -> str:
    """This will mark an English sentence for the catalogue and give it back unchanged; the shell translates it."""
    return words
