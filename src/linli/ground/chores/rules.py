"""The life of a chore, which kinds of them there are, and how many at a time, how often, how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from linli.ground.policies.rules import Policy, setting
from linli.kernel.ids import ChoreId, FileId
from linli.kernel.life import Life
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine.may import May
from linli.spine.progress import Progress
from linli.spine.scope import Scope

A = TypeVar("A")
TRIES = 3
"""A chore that fails by a defect is tried so often: what was wrong may have been the moment."""
BREAKS = 6
"""One that was taken up so often and never ended is given up: it may be what the worker dies of."""
AGAIN = timedelta(seconds=10)
"""So long after a failure it is tried again, and twice as long after the next."""
LIMIT_S = 3600
"""No chore takes longer."""


MOST_OF_ONE = 500
"""So many chores of one person are stopped at once; a policy keeps them far below."""


def days(number: float) -> timedelta:
    """This will be so many days."""
    return timedelta(days=number)


class ChoreState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"


class ChoreVerb(StrEnum):
    ASK = "ask"
    TAKE = "take"
    PUT_BACK = "put_back"
    FINISH = "finish"
    REFUSE = "refuse"
    GIVE_UP = "give_up"
    STOP = "stop"


CHORE_LIFE: Life[ChoreState, ChoreVerb] = Life(
    birth=ChoreState.WAITING,
    moves={
        (ChoreState.WAITING, ChoreVerb.TAKE): ChoreState.RUNNING,
        (ChoreState.WAITING, ChoreVerb.STOP): ChoreState.STOPPED,
        (ChoreState.WAITING, ChoreVerb.GIVE_UP): ChoreState.FAILED,
        (ChoreState.RUNNING, ChoreVerb.TAKE): ChoreState.RUNNING,
        (ChoreState.RUNNING, ChoreVerb.PUT_BACK): ChoreState.WAITING,
        (ChoreState.RUNNING, ChoreVerb.FINISH): ChoreState.DONE,
        (ChoreState.RUNNING, ChoreVerb.REFUSE): ChoreState.REFUSED,
        (ChoreState.RUNNING, ChoreVerb.GIVE_UP): ChoreState.FAILED,
        (ChoreState.RUNNING, ChoreVerb.STOP): ChoreState.STOPPED,
    },
)
UNDER_WAY = tuple(sorted(frozenset(CHORE_LIFE.states) - CHORE_LIFE.ends))


class Trouble(StrEnum):
    """Why a chore ended without an answer, where the business did not say no."""

    DEFECT = "defect"
    TOO_LONG = "too_long"
    BROKEN_OFF = "broken_off"
    NOT_TAKEN_UP = "not_taken_up"


class ChorePolicy(Policy):
    """How long work is kept."""

    word = "chores"
    says = _("Long work: how much at a time, and how long it is kept")

    most_under_way: int = setting(
        20, low=1, high=200, says=_("Pieces of long work that a company may have under way at once")
    )
    keep_days: int = setting(14, low=1, high=90, says=_("Days after which finished work and its files are forgotten"))
    wait_h: int = setting(12, low=1, high=72, says=_("Hours after which work that nobody took up is given up"))


class TooManyUnderWay(Refusal):
    """So much is under way that the rest has to wait until it was asked."""

    says = _("{most} pieces of long work are under way already. Please wait until one of them has ended.")
    status = 429


class StoppedByHand(Exception):
    """Somebody asked to stop it."""


class TooLong(Exception):
    """It took longer than its kind may."""


class LeftToAnother(Exception):
    """The worker stops; whoever is next takes the chore up."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the work itself is told besides what it was given: the moment, the file that came with it, how to say how
    far it is, and whose language its answer is made in."""

    chore: ChoreId
    at: datetime
    tell: Progress
    file: FileId | None
    label: str
    locale: str


@dataclass(frozen=True, slots=True)
class Finished(Generic[A]):
    """An answer with a file that the work made, which is forgotten together with the chore."""

    answer: A
    file: FileId


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be asked for: by whom, what it needs to be told, what it answers, and how long it may take.

    One that `is_private` is shown to whoever asked alone; the others to all of the company who might have asked.
    """

    word: str
    needs: May
    content: type[Any]
    answer: Any
    does: Callable[[Scope, Any, Work], Any]
    limit_s: int
    is_private: bool

    def is_shown(self, scope: Scope, *, person: UUID | None, community: UUID | None) -> bool:
        """This will tell whether one that a person asked for is the asker's own, or one they might have asked for."""
        if person is not None and person == scope.person:
            return True
        is_here = not scope.of_a_community or community in scope.communities
        return is_here and scope.may(self.needs) and not self.is_private


_kinds: dict[str, Kind] = {}


def undertakes(
    word: str, *, needs: May, limit_s: int = LIMIT_S, is_private: bool = False
) -> Callable[[Callable[[Scope, Any, Work], Any]], Callable[[Scope, Any, Work], Any]]:
    """This will make a function what the worker does for those who ask for `word`, in one transaction, as themselves.

    It gets their scope, what they said (a frozen dataclass, by its annotation) and the `Work`; it calls one action.
    """

    def wrap(does: Callable[[Scope, Any, Work], Any]) -> Callable[[Scope, Any, Work], Any]:
        hints = get_type_hints(does)
        content = next(hint for name, hint in hints.items() if hint not in (Scope, Work) and name != "return")
        answer = hints["return"]
        if get_origin(answer) is Finished:
            (answer,) = get_args(answer)
        _kinds[word] = Kind(word, needs, content, answer, does, limit_s, is_private)
        return does

    return wrap


def kind_of(word: str) -> Kind:
    """This will find a kind by its word; KeyError for one that nobody undertakes."""
    return _kinds[word]


def kinds() -> tuple[Kind, ...]:
    """This will list every kind of long work in the house."""
    return tuple(_kinds[word] for word in sorted(_kinds))
