"""Whom the house gives work to: the page `docs/rules/giving-work.md` has the words and a worked table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from linli.estate.workorders.rules.words import Skill
from linli.kernel.ids import PartyId

METRES_A_MINUTE = 70
"""How far somebody with a tool box gets."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A worker as the choice sees them: what they can do, how much they have in hand, how far away they are."""

    person: PartyId
    skills: frozenset[Skill]
    open_jobs: int
    most_open: int
    distance_m: int
    is_on_duty: bool = True
    has_returned_it: bool = False
    last_given_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of those able to do it, with the minutes until they could be there and what these are made of."""

    person: PartyId
    open_jobs: int
    distance_m: int
    minutes: int


def is_able(hand: Hand, skill: Skill) -> bool:
    """This will tell whether a worker is on duty and able to do it; whether they have room is another question."""
    return hand.is_on_duty and skill in hand.skills


def able(hands: Iterable[Hand], skill: Skill) -> list[Hand]:
    """This will leave those who may be given work that takes a skill: on duty, able, and with room for one more job."""
    return [
        each for each in hands if is_able(each, skill) and each.open_jobs < each.most_open and not each.has_returned_it
    ]


def ranked(hands: Iterable[Hand], skill: Skill, *, minutes_a_job: int) -> tuple[Choice, ...]:
    """This will order those able to do it by when they could be there: what is in hand first, then the way.

    At the same minutes the nearer one comes first, then who was given work longest ago.
    """
    found = [
        (choice_of(each, minutes_a_job=minutes_a_job), each.last_given_at or _NEVER) for each in able(hands, skill)
    ]
    found.sort(key=lambda pair: (pair[0].minutes, pair[0].distance_m, pair[1], pair[0].person))
    return tuple(choice for choice, _last in found)


def in_turn(hands: Iterable[Hand], skill: Skill, *, minutes_a_job: int) -> tuple[Choice, ...]:
    """This will order those able to do it by whose turn it is: who was given work longest ago comes first."""
    waiting: Sequence[Hand] = sorted(able(hands, skill), key=lambda each: (each.last_given_at or _NEVER, each.person))
    return tuple(choice_of(each, minutes_a_job=minutes_a_job) for each in waiting)


def choice_of(hand: Hand, *, minutes_a_job: int) -> Choice:
    """This will say when a worker could be there: what is in hand, so many minutes each, and then the way."""
    way = -(-hand.distance_m // METRES_A_MINUTE)
    return Choice(
        person=hand.person,
        open_jobs=hand.open_jobs,
        distance_m=hand.distance_m,
        minutes=hand.open_jobs * minutes_a_job + way,
    )
