"""Collecting: which home a transfer at the bank is for, how old a debt is, and when it is reminded of.

Nothing here, and nothing in the house, cuts water, power, gas, heat or entry for a debt (Civil Code 944).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.ground.people.rules import masked_name
from linli.kernel.life import Life
from linli.kernel.money import Money


class BankState(StrEnum):
    WAITING = "waiting"
    MATCHED = "matched"
    SET_ASIDE = "set_aside"


class BankVerb(StrEnum):
    MATCH = "match"
    SET_ASIDE = "set_aside"
    TAKE_UP = "take_up"


BANK_LIFE = Life(
    birth=BankState.WAITING,
    moves={
        (BankState.WAITING, BankVerb.MATCH): BankState.MATCHED,
        (BankState.WAITING, BankVerb.SET_ASIDE): BankState.SET_ASIDE,
        (BankState.SET_ASIDE, BankVerb.TAKE_UP): BankState.WAITING,
    },
)
"""A line of the bank waits for somebody at the desk; nothing is posted before they say whose it is."""


class NoteKind(StrEnum):
    """What was done about a debt."""

    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"
    PROMISE = "promise"


class Fit(StrEnum):
    """How well a line of the bank fits what is open."""

    EXACT = "exact"
    """One home: its door or its owner's name is there, and the amount is all that is open there."""
    NEAR = "near"
    """One home by door, name or amount alone."""
    SEVERAL = "several"
    """More than one home fits as well; somebody decides."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """What is open for a home. `door` are the parts of its door, `names` those of who owes it."""

    subject: UUID
    door: tuple[str, ...]
    names: tuple[str, ...]
    open: Money


@dataclass(frozen=True, slots=True)
class Suggestion:
    fit: Fit
    subjects: tuple[UUID, ...] = ()


_WORDS = re.compile(r"[0-9]+|[A-Za-z]+")
MOST_SUGGESTED = 5


class Accounts:
    """Open accounts, laid out once so that each line of a sheet is looked up and not searched for."""

    def __init__(self, accounts: Iterable[OpenAccount]) -> None:
        self._of: dict[UUID, OpenAccount] = {}
        self._by_amount: dict[Money, list[UUID]] = defaultdict(list)
        self._by_door: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
        self._by_name: dict[str, list[UUID]] = defaultdict(list)
        for each in accounts:
            self._of[each.subject] = each
            self._by_amount[each.open].append(each.subject)
            self._by_door[tuple(part.upper() for part in each.door)].append(each.subject)
            for name in each.names:
                self._by_name[name].append(each.subject)

    def names_of(self, subjects: Iterable[UUID]) -> tuple[str, ...]:
        """This will name who owes something in these homes."""
        return tuple(name for subject in subjects for name in self._of[subject].names)

    def suggest(self, amount: Money, payer: str, memo: str) -> Suggestion:
        """This will tell which home a transfer is for, as far as its words and its amount tell it."""
        told = self._told(memo) or self._told(payer)
        named = self._by_name.get(payer.strip(), []) or self._named_in(memo)
        told = [subject for subject in told if subject in named] or told or named
        same = self._by_amount.get(amount, [])
        both = [subject for subject in told if self._of[subject].open == amount]
        if both:
            return _one_of(both, Fit.EXACT)
        if told:
            return _one_of(told, Fit.NEAR)
        return _one_of(same, Fit.NEAR) if same else Suggestion(Fit.NONE)

    def _told(self, text: str) -> list[UUID]:
        """The homes whose door stands in a text, part after part: 3-1-501, 3栋1单元501室."""
        words = [word.upper() for word in _WORDS.findall(text)]
        for length in (3, 2):
            for start in range(len(words) - length + 1):
                found = self._by_door.get(tuple(words[start : start + length]))
                if found:
                    return found
        return []

    def _named_in(self, text: str) -> list[UUID]:
        named = [subjects for name, subjects in self._by_name.items() if len(name) > 1 and name in text]
        return [subject for subjects in named for subject in subjects]


def _one_of(subjects: Sequence[UUID], fit: Fit) -> Suggestion:
    if len(set(subjects)) > 1:
        return Suggestion(Fit.SEVERAL, tuple(dict.fromkeys(subjects))[:MOST_SUGGESTED])
    return Suggestion(fit, (subjects[0],))


_ORGANISATION = re.compile(
    r"公司|集团|银行|中心|[厂店社校院所]$|委员会|合作社|事务所|工作室|商行|\b(ltd|limited|inc|llc|company|bank|school)\b",
    re.IGNORECASE,
)


def shown_payer(payer: str) -> str:
    """This will show who paid as a desk may see it: an organisation by its name, a person masked."""
    return payer if _ORGANISATION.search(payer) else masked_name(payer)


def shown_memo(memo: str, names: Iterable[str]) -> str:
    """This will show a bank's words with the names in them masked, as far as the names are known."""
    for name in sorted({each.strip() for each in names}, key=len, reverse=True):
        if len(name) > 1:
            memo = memo.replace(name, shown_payer(name))
    return memo


AGES = (30, 60, 90, 180, 365)
"""Debts are told by their age in days: up to 30, up to 60, and so on, and older."""


def stage_of(days_late: int, days: Sequence[int]) -> int:
    """This will tell how many reminders a debt of this age should have had: one for each of the days reached."""
    return sum(1 for day in days if days_late >= day)


def reminder_word(stage: int, of: int) -> str:
    """This will name the message of a stage: the last one says so, and where there is only one it is the first."""
    if stage == 1:
        return "fees_late"
    return "fees_late_last" if stage >= of else "fees_late_again"
