"""The life of a proposal and of a standing order, and how proposals of one building find a day together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from linli.kernel.life import Life

K = TypeVar("K")
EARLIER_D, LATER_D = 3, 1
"""A delivery day may move by so many days for the sake of one trip to the building."""
LEAST_EVERY_D, MOST_EVERY_D = 2, 180


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PUT_OFF = "put_off"
    REFUSED = "refused"
    LAPSED = "lapsed"


class ProposalVerb(StrEnum):
    """What happens to a proposal."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    PUT_OFF = "put_off"
    REFUSE = "refuse"
    LAPSE = "lapse"


PROPOSAL_LIFE = Life(
    birth=ProposalState.OPEN,
    moves={
        (ProposalState.OPEN, ProposalVerb.ACCEPT): ProposalState.ACCEPTED,
        (ProposalState.OPEN, ProposalVerb.PUT_OFF): ProposalState.PUT_OFF,
        (ProposalState.OPEN, ProposalVerb.REFUSE): ProposalState.REFUSED,
        (ProposalState.OPEN, ProposalVerb.LAPSE): ProposalState.LAPSED,
    },
)


class StandingState(StrEnum):
    """Where a standing order stands."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class StandingVerb(StrEnum):
    """What happens to a standing order; skipping one turn leaves it running."""

    BEGIN = "begin"
    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class Pays(StrEnum):
    """What a turn of a standing order does: it asks for a yes, is ordered and asks for the money, or is paid at the
    door."""

    CONFIRM = "confirm"
    ASK = "ask"
    DOOR = "door"


STANDING_LIFE = Life(
    birth=StandingState.RUNNING,
    moves={
        (StandingState.RUNNING, StandingVerb.SKIP): StandingState.RUNNING,
        (StandingState.RUNNING, StandingVerb.PAUSE): StandingState.PAUSED,
        (StandingState.PAUSED, StandingVerb.RESUME): StandingState.RUNNING,
        (StandingState.RUNNING, StandingVerb.END): StandingState.ENDED,
        (StandingState.PAUSED, StandingVerb.END): StandingState.ENDED,
    },
)


def usual_days(log_gaps: float, purchases: int) -> int | None:
    """This will say about every how many days something is bought; None of what was bought once."""
    return max(1, round(math.exp(log_gaps / (purchases - 1)))) if purchases > 1 else None


def has_risen(agreed: int, now: int, *, percent: int) -> bool:
    """This will say whether a price is so much above the agreed one that nobody should be charged it unasked."""
    return now * 100 > agreed * (100 + percent)


def shared_days(wanted: Mapping[K, date], earliest: date) -> dict[K, date]:
    """This will give the proposals of one building as few delivery days as they allow, none before `earliest`.

    Each may come three days earlier or one day later than is best for it. Taken by their last days, each goes with the
    trip before it where that is not too early for it (this is the fewest trips there can be).
    """
    windows: Iterable[tuple[date, date, K]] = (
        (max(earliest, day + timedelta(days=LATER_D)), max(earliest, day - timedelta(days=EARLIER_D)), key)
        for key, day in wanted.items()
    )
    chosen: dict[K, date] = {}
    trip: date | None = None
    for last, first, key in sorted(windows, key=lambda each: each[:2]):
        if trip is None or trip < first:
            trip = last
        chosen[key] = trip
    return chosen
