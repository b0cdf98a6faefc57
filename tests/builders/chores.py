"""Long work for tests: a kind that counts, and refuses or breaks when told to."""

from __future__ import annotations

from dataclasses import dataclass

from linli.ground.chores.rules import Work, undertakes
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.spine import sql
from linli.spine.may import May
from linli.spine.scope import Scope

COUNTING = "chores.counting"


@dataclass(frozen=True, slots=True)
class Counting:
    """What the tests' work is told: how far to count, and how to end."""

    upto: int = 3
    end: str = "well"


@dataclass(frozen=True, slots=True)
class Counted:
    amount: Money


class TooMuchToCount(Refusal):
    """The tests' business says no."""

    says = "It comes to {amount}."


@undertakes(COUNTING, needs=May.ISSUE_BILLS)
def count(_scope: Scope, said: Counting, work: Work) -> Counted:
    for nth in range(said.upto):
        sql.run("INSERT INTO spine_label (prefix, place, day, last) VALUES (%s, %s, now(), 1)", f"C{nth}", work.chore)
        work.tell(nth + 1, said.upto, "Working out what each home owes")
    if said.end == "refused":
        raise TooMuchToCount(field="upto", amount=Money(1250))
    if said.end == "broken":
        raise ZeroDivisionError
    return Counted(Money(said.upto))
