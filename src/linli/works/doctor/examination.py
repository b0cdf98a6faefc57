"""One visit of the doctor: every part of the house is asked, and one that cannot answer is a finding too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from linli.estate.billing import queries as billing
from linli.estate.parking import queries as parking
from linli.ground.chores import queries as chores
from linli.kernel.words import _
from linli.money.ledger import queries as ledger
from linli.money.payments import queries as payments
from linli.money.payouts import queries as payouts
from linli.reach.lockers import queries as lockers
from linli.spine import findings
from linli.spine.findings import Finding
from linli.spine.scope import SYSTEM
from linli.trade.delivery import queries as delivery
from linli.trade.orders import queries as orders
from linli.trade.stock import queries as stock
from linli.works.doctor import installation

Ask = Callable[[datetime], tuple[Finding, ...]]

PARTS: dict[str, Ask] = {
    "installation": installation.check,
    "outbox": lambda at: findings.check(SYSTEM, at=at),
    "chores": lambda at: chores.check(SYSTEM, at=at),
    "ledger": lambda _at: ledger.check(SYSTEM),
    "payments": lambda at: payments.check(SYSTEM, at=at),
    "payouts": lambda at: payouts.check(SYSTEM, at=at),
    "stock": lambda _at: stock.check(SYSTEM),
    "delivery": lambda at: delivery.check(SYSTEM, at=at),
    "lockers": lambda at: lockers.check(SYSTEM, at=at),
    "orders": lambda at: orders.check(SYSTEM, at=at),
    "billing": lambda at: billing.check(SYSTEM, at=at),
    "parking": lambda at: parking.check(SYSTEM, at=at),
}
"""Who is asked, in order. A module that has something to check adds itself here."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What one part said."""

    part: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


def examine(*, at: datetime, only: Collection[str] = PARTS) -> Iterator[Examination]:
    """This will ask every part, or only some, in turn; the caller shows each answer as it comes."""
    for part, ask in PARTS.items():
        if part not in only:
            continue
        try:
            found = ask(at)
        except Exception as error:
            found = (Finding(_("This part can be examined"), False, (f"{type(error).__name__}: {error}",)),)
        yield Examination(part, found)
