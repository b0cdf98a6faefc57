"""The way to the machines: a protocol, the operator's own bridge to them, and cabinets that stand in this process.

No maker's cabinets speak like another's, so the house asks one small program of the operator's (the bridge,
`docs/lockers.md`): `POST {LINLI_LOCKERS}/cabinets/{machine}/doors/{nth}` opens a door, `GET` of the same tells how it
stands. 200 with `{"door": "open" | "shut"}` is an answer, 409 is a door that does not open; anything else, and silence,
is a cabinet that is not reached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

import msgspec
import urllib3
from django.conf import settings

from linli.reach.lockers.rules import Door, Trouble
from linli.spine.decoding import decode

EMBEDDED = "embedded"
CONNECT_S, TIMEOUT_S = 2.0, 6.0
MOST_BYTES = 4_096


class CabinetFailed(Exception):
    """The cabinet did not do what it was asked; `trouble` says how."""

    def __init__(self, trouble: Trouble, words: str = "") -> None:
        super().__init__(f"{trouble}: {words}" if words else str(trouble))
        self.trouble = trouble


class Cabinets(Protocol):
    """Opens doors and sees how they stand, within `TIMEOUT_S`, or raises `CabinetFailed`."""

    def open(self, machine: str, nth: int) -> None: ...

    def door(self, machine: str, nth: int) -> Door: ...


@dataclass(slots=True)
class EmbeddedCabinets:
    """Machines that behave as real ones do. A door that was opened is shut by whoever stands there, at once unless it
    is `left_open`; what is `silent` answers nothing, what is `stuck` does not open.
    """

    silent: set[str] = field(default_factory=set)
    stuck: set[tuple[str, int]] = field(default_factory=set)
    left_open: set[tuple[str, int]] = field(default_factory=set)
    opened: list[tuple[str, int]] = field(default_factory=list)

    def open(self, machine: str, nth: int) -> None:
        """This will spring a door."""
        if machine in self.silent:
            raise CabinetFailed(Trouble.NO_ANSWER, "silent")
        if (machine, nth) in self.stuck:
            raise CabinetFailed(Trouble.STUCK, "the bolt did not move")
        self.opened = [*self.opened[-99:], (machine, nth)]

    def door(self, machine: str, nth: int) -> Door:
        """This will look at a door."""
        if machine in self.silent:
            raise CabinetFailed(Trouble.NO_ANSWER, "silent")
        return Door.OPEN if (machine, nth) in self.left_open else Door.SHUT


class _Answer(msgspec.Struct):
    door: Door


@dataclass(frozen=True, slots=True)
class Bridge:
    """The operator's program that speaks to the cabinets, asked with `LINLI_LOCKERS_KEY`."""

    url: str
    key: str = ""

    def open(self, machine: str, nth: int) -> None:
        """This will have a door opened; one that still stands shut afterwards is stuck."""
        if self._asked("POST", machine, nth) is not Door.OPEN:
            raise CabinetFailed(Trouble.STUCK, "shut")

    def door(self, machine: str, nth: int) -> Door:
        """This will ask how a door stands."""
        return self._asked("GET", machine, nth)

    def _asked(self, method: str, machine: str, nth: int) -> Door:
        url = f"{self.url.rstrip('/')}/cabinets/{quote(machine, safe='')}/doors/{nth}"
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.key}"}
        try:
            answer = _pool().request(method, url, headers=headers, redirect=False, preload_content=False)
            try:
                content = answer.read(MOST_BYTES)
            finally:
                answer.close()
            if answer.status == 409:
                raise CabinetFailed(Trouble.STUCK, "answered 409")
            if answer.status != 200:
                raise CabinetFailed(Trouble.NO_ANSWER, f"answered {answer.status}")
            return decode(content, _Answer).door
        except (urllib3.exceptions.HTTPError, ValueError, msgspec.MsgspecError) as error:
            raise CabinetFailed(Trouble.NO_ANSWER, type(error).__name__) from None


@lru_cache(maxsize=1)
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=4, retries=False, timeout=urllib3.Timeout(connect=CONNECT_S, total=TIMEOUT_S))


@lru_cache(maxsize=1)
def embedded() -> EmbeddedCabinets:
    """This will give the cabinets of this process."""
    return EmbeddedCabinets()


class NoCabinets:
    """Nobody said where the bridge is: a cabinet is not reached, so what was meant for it goes elsewhere."""

    def open(self, machine: str, nth: int) -> None:
        """This will open nothing."""
        raise CabinetFailed(Trouble.NO_ANSWER, f"no LINLI_LOCKERS for {machine}, {nth}")

    def door(self, machine: str, nth: int) -> Door:
        """This will see nothing."""
        raise CabinetFailed(Trouble.NO_ANSWER, f"no LINLI_LOCKERS for {machine}, {nth}")


def cabinets() -> Cabinets:
    """This will give the bridge that `LINLI_LOCKERS` names; the embedded cabinets where it says so (the demo)."""
    if settings.LOCKERS == EMBEDDED:
        return embedded()
    return Bridge(settings.LOCKERS, settings.LOCKERS_KEY) if settings.LOCKERS else NoCabinets()
