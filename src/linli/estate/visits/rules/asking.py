"""Who of a home is asked when somebody stands at the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

P = TypeVar("P")
MOST_ASKED = 10


def who_answers(lives: Iterable[tuple[P, str]]) -> tuple[P, ...]:
    """This will choose from (person, owner | tenant | family) those who live behind the door.

    Where somebody rents the home, its owner lives elsewhere: who visits the tenant is not the owner's business.
    """
    known = list(lives)
    rented = any(kind == "tenant" for _person, kind in known)
    chosen = [person for person, kind in known if not (rented and kind == "owner")]
    return tuple(dict.fromkeys(chosen))[:MOST_ASKED]
