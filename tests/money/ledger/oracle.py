"""`ledger_post` in plain Python: what the SQL has to agree with, whatever it is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from linli.money.ledger import rules


class SqlState(Exception):
    """What the function raises instead of answering."""


@dataclass(frozen=True)
class Raw:
    """A journal as a caller may send it, right or wrong."""

    key: str
    book: str
    legs: tuple[tuple[str, int], ...]
    currency: str = "CNY"
    document: str = "order:1"
    kind: str = "test"

    @property
    def moving(self) -> tuple[tuple[str, int], ...]:
        return tuple((address, minor) for address, minor in self.legs if minor)

    @property
    def content(self) -> tuple[object, ...]:
        return (self.currency, self.document, self.kind, tuple(sorted(self.moving)))


@dataclass
class Oracle:
    """The ledger as two dictionaries."""

    journals: dict[tuple[str, str], tuple[int, Raw]] = field(default_factory=dict)
    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    currencies: dict[str, str] = field(default_factory=dict)

    def post(self, journals: Sequence[Raw]) -> list[int]:
        """This will post all of them or raise the state; ids count from one in the order of first posting."""
        currencies = dict(self.currencies)
        for raw in journals:
            if currencies.setdefault(raw.book, raw.currency) != raw.currency:
                raise SqlState("LL001")
        fresh: dict[tuple[str, str], Raw] = {}
        for raw in journals:
            if (raw.book, raw.key) not in self.journals:
                fresh.setdefault((raw.book, raw.key), raw)
        if not all(rules.is_allowed(raw.book, address) for raw in journals for address, _ in raw.legs):
            raise SqlState("LL003")
        if any(not raw.moving or sum(minor for _, minor in raw.moving) for raw in fresh.values()):
            raise SqlState("LL001")
        balances = self._moved(fresh.values())
        for raw in fresh.values():
            for address, minor in raw.moving:
                if minor > 0 and rules.parse_address(address).row.guarded and balances[(raw.book, address)] > 0:
                    raise SqlState("LL002")
        known = dict(self.journals)
        for name, raw in fresh.items():
            known[name] = (len(known) + 1, raw)
        if any(known[(raw.book, raw.key)][1].content != raw.content for raw in journals):
            raise SqlState("LL004")
        self.journals, self.balances, self.currencies = known, balances, currencies
        return [known[(raw.book, raw.key)][0] for raw in journals]

    def _moved(self, journals: object) -> dict[tuple[str, str], int]:
        balances = self.balances.copy()
        for raw in journals:  # type: ignore[attr-defined]
            for address, minor in raw.moving:
                balances[(raw.book, address)] += minor
        return balances
