"""A life is the table of a thing's states and of the verbs that lead from one to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from linli.kernel.refusals import Refusal

S = TypeVar("S", bound=StrEnum)
V = TypeVar("V", bound=StrEnum)


class WrongState(Refusal):
    """The verb is not open to the thing in the state it is in."""

    says = "This is {state}: “{verb}” is not possible now."


@dataclass(frozen=True)
class Life(Generic[S, V]):
    """The one place where the moves of a thing are told; the database check and the diagram are made from it."""

    birth: S
    moves: Mapping[tuple[S, V], S]

    def after(self, state: S, verb: V) -> S:
        """This will give the state that follows, or refuse with `WrongState`."""
        try:
            return self.moves[(state, verb)]
        except KeyError:
            raise WrongState(state=state.value, verb=verb.value) from None

    def allows(self, state: S, verb: V) -> bool:
        """This will tell whether the verb is open now, for a page that shows only the buttons that work."""
        return (state, verb) in self.moves

    def before(self, verb: V) -> tuple[S, ...]:
        """This will list the states from which the verb may be taken; the guard of a set-based UPDATE."""
        return tuple(sorted(s for s, v in self.moves if v == verb))

    @cached_property
    def states(self) -> tuple[S, ...]:
        return tuple(sorted({self.birth, *self.moves.values(), *(s for s, _ in self.moves)}))

    @cached_property
    def ends(self) -> frozenset[S]:
        """The states that nothing leaves."""
        return frozenset(self.states) - {s for s, _ in self.moves}

    @cached_property
    def reachable(self) -> frozenset[S]:
        found, todo = {self.birth}, [self.birth]
        while todo:
            state = todo.pop()
            for (origin, _), target in self.moves.items():
                if origin == state and target not in found:
                    found.add(target)
                    todo.append(target)
        return frozenset(found)

    def stuck(self, waiting: Iterable[S] = ()) -> frozenset[S]:
        """This will list the reachable states from which no end can be reached (a law: there are none)."""
        ending = set(self.ends)
        grew = True
        while grew:
            found = {s for (s, _), target in self.moves.items() if target in ending} - ending
            ending |= found
            grew = bool(found)
        return self.reachable - ending - set(waiting)

    def diagram(self) -> str:
        """This will draw the life as a Mermaid state diagram for the documents."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.birth.value}"]
        lines += [f"    {s.value} --> {t.value}: {v.value}" for (s, v), t in self.moves.items()]
        lines += [f"    {end.value} --> [*]" for end in sorted(self.ends)]
        return "\n".join(lines)
