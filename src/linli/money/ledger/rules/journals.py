"""Drafts of journals: balanced before they are posted, mirrored when corrected, hashed when sealed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from linli.kernel.money import Money
from linli.money.ledger.rules.chart import UnknownAddress, is_allowed, parse_book

MOST_JOURNALS, MOST_LEGS = 5_000, 20_000
"""How much one call may post; more is a task that goes by portions."""
REVERSAL = "reversal"
_PLAIN = re.compile(r"[^\x00-\x20\x7f][^\x00-\x1f\x7f]{0,199}")
_KIND = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Unbalanced(ValueError):
    """A defect: the legs of a journal do not sum to zero, or there are none."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a journal: an account's address, and what is posted to it (debit positive, credit negative)."""

    address: str
    amount: Money


def debit(address: str, amount: Money) -> Leg:
    """This will make a leg on the debit side; the amount may not be negative."""
    return Leg(address, _side(amount))


def credit(address: str, amount: Money) -> Leg:
    """This will make a leg on the credit side; the amount may not be negative."""
    return Leg(address, -_side(amount))


def _side(amount: Money) -> Money:
    if amount < Money.zero:
        raise ValueError(f"{amount} has a sign of its own: name the other side instead")
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A journal to be posted. It cannot be made unbalanced, empty, undocumented or in a book that lacks the accounts.

    `key` is what makes it happen once in its book; `document` names the business document behind it; `kind` is the
    event (`capture`, `order_completed`). Legs of nothing are left out.
    """

    key: str
    book: str
    currency: str
    document: str
    kind: str
    at: datetime
    legs: tuple[Leg, ...]

    def __post_init__(self) -> None:
        parse_book(self.book)
        if not _PLAIN.fullmatch(self.key) or not _PLAIN.fullmatch(self.document):
            raise ValueError("a journal needs a key and a document, each on one line")
        if not _KIND.fullmatch(self.kind) or not _CURRENCY.fullmatch(self.currency) or self.at.tzinfo is None:
            raise ValueError(f"not a kind, a currency and an instant: {self.kind!r}, {self.currency!r}, {self.at}")
        for leg in self.legs:
            if not is_allowed(self.book, leg.address):
                raise UnknownAddress(f"{leg.address} in {self.book}")
        object.__setattr__(self, "legs", tuple(leg for leg in self.legs if leg.amount))
        total = Money.total(leg.amount for leg in self.legs)
        if total or not self.legs:
            raise Unbalanced(f"the legs of {self.key} sum to {total}" if total else f"{self.key} moves nothing")


def mirrored(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """This will turn every leg to its other side: what a reversal posts."""
    return tuple(Leg(leg.address, -leg.amount) for leg in legs)


def canonical(draft: Draft, reverses: str = "") -> bytes:
    """This will write a journal as the bytes that its seal hashes: its head line by line, then its legs in order.

    Keys, documents and addresses hold no line breaks, so two different journals never share their bytes.
    """
    micros = (draft.at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    head = [draft.book, draft.key, draft.currency, draft.kind, draft.document, str(round(micros * 1_000_000)), reverses]
    return "\n".join(head + [f"{leg.address} {leg.amount.minor}" for leg in draft.legs]).encode()


def chained(previous: bytes, content: bytes) -> bytes:
    """This will give the hash of a journal together with everything before it in its book."""
    return hashlib.sha256(previous + content).digest()


FIRST_HASH = bytes(32)
"""What the chain of a book starts from."""
