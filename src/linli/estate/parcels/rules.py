"""The life of a parcel, what a line of a batch says, and when somebody is reminded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.life import Life
from linli.kernel.words import _

P = TypeVar("P")
MOST_SCANS = 100
LONGEST_TRACKING, LONGEST_SHELF, LONGEST_NAME = 40, 12, 40
MOST_PEOPLE = 10
REST_H = 1
"""For so many hours nobody is reminded again at the desk: two who press the same button remind once."""
_LINE = re.compile(r"^\s*([A-Za-z0-9-]{5,40})[\s,，;；]+(\S+)\s*$")
_TAIL = re.compile(r"\d{4}", re.ASCII)


class ParcelState(StrEnum):
    WAITING = "waiting"
    FETCHED = "fetched"
    RETURNED = "returned"
    LOST = "lost"


class ParcelVerb(StrEnum):
    TAKE_IN = "take_in"
    FETCH = "fetch"
    GIVE_BACK = "give_back"
    LOSE = "lose"


class Deed(StrEnum):
    """What is done about a parcel without a step in its life, and stands in its history."""

    REMIND = "remind"
    PUT_IN_LOCKER = "put_in_locker"
    TAKE_OUT_OF_LOCKER = "take_out_of_locker"


PARCEL_LIFE: Life[ParcelState, ParcelVerb] = Life(
    birth=ParcelState.WAITING,
    moves={
        (ParcelState.WAITING, ParcelVerb.FETCH): ParcelState.FETCHED,
        (ParcelState.WAITING, ParcelVerb.GIVE_BACK): ParcelState.RETURNED,
        (ParcelState.WAITING, ParcelVerb.LOSE): ParcelState.LOST,
    },
)


class Carrier(StrEnum):
    """Who brings parcels; what is none of these is other."""

    SF = "sf"
    JD = "jd"
    EMS = "ems"
    ZTO = "zto"
    YTO = "yto"
    STO = "sto"
    YUNDA = "yunda"
    OTHER = "other"


class Unplaced(StrEnum):
    """Why a line of a batch was not taken in."""

    UNREADABLE = "unreadable"
    NOBODY = "nobody"
    SEVERAL = "several"
    KNOWN = "known"


class ParcelPolicy(Policy):
    """The drop-off point of a community."""

    word = "parcels"
    says = _("How parcels are kept and for how long")
    of_company = True

    is_offered: bool = setting(True, says="Parcels are kept here and shown to residents on the phone")
    shelves: tuple[str, ...] = setting((), says="The shelves, by their names")
    remind_days: int = setting(2, low=1, high=14, says="Days after which a parcel is reminded of, and again")
    reminders: int = setting(3, low=0, high=10, says="How often a parcel is reminded of")
    keep_days: int = setting(10, low=1, high=60, says="Days after which a parcel goes back to its carrier")
    retention_days: int = setting(90, low=7, high=365, says="Days after which it is forgotten who took a parcel")

    def contradictions(self) -> Iterable[Contradiction]:
        """A parcel is reminded of before it goes back."""
        if self.reminders and self.remind_days >= self.keep_days:
            yield Contradiction(
                ("remind_days", "keep_days", "reminders"), _("A parcel would go back before it is reminded of.")
            )


@dataclass(frozen=True, slots=True)
class Scan:
    """One line of a batch: a tracking number, and a door (3-2-501) or the last four digits of a phone."""

    tracking: str
    to: str

    @property
    def is_tail(self) -> bool:
        return _TAIL.fullmatch(self.to) is not None


def scan_of(line: str) -> Scan | None:
    """This will read a line as a scanner and a thumb make it: number, then door or tail; None where it is neither."""
    found = _LINE.match(line)
    return Scan(found[1].upper(), found[2]) if found else None


def who_fetches(lives: Iterable[tuple[P, str]]) -> tuple[P, ...]:
    """This will choose from (person, owner | tenant | family) who sees a parcel of a home and may fetch it.

    Where somebody rents the home, its owner lives elsewhere: a tenant's parcels are not the owner's business.
    """
    known = list(lives)
    rented = any(kind == "tenant" for _person, kind in known)
    chosen = [person for person, kind in known if not (rented and kind == "owner")]
    return tuple(dict.fromkeys(chosen))[:MOST_PEOPLE]


def next_reminder(at: datetime, sent: int, policy: ParcelPolicy) -> datetime | None:
    """This will tell when a waiting parcel is reminded of next; None when often enough."""
    return at + timedelta(days=policy.remind_days) if sent < policy.reminders else None


def age_of(arrived_at: datetime, at: datetime) -> int:
    """This will tell for how many whole days a parcel has lain here."""
    return max(0, (at - arrived_at).days)
