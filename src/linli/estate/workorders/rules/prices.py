"""What a job costs: labour and materials, agreed to before the work; free where a warranty holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from linli.kernel.money import Money

MOST_MATERIALS = 30
MOST_QUANTITY = Decimal(10_000)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Material:
    """Something that is used up: so many of it at so much each; nothing where the company bears it."""

    name: str
    quantity: Decimal
    unit_price: Money

    @property
    def amount(self) -> Money:
        """Rounded once, to the cent."""
        return Money.from_rate(self.unit_price, self.quantity)


def price(labour: Money, materials: Iterable[Material]) -> Money:
    """This will add up what a job costs."""
    return labour + Money.total(each.amount for each in materials)


def warranty_end(charged_at: datetime, days: int) -> datetime:
    """This will tell until when work that was charged then is put right for nothing."""
    return charged_at + timedelta(days=days)
