"""Shares: who earns what of a line, frozen at sale; they always sum to the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linli.kernel.ids import LineId
from linli.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The merchant's part of a line, and its commission divided between the property company and the platform."""

    merchant: Money
    company: Money
    platform: Money

    @property
    def commission(self) -> Money:
        return self.company + self.platform

    @property
    def total(self) -> Money:
        return self.merchant + self.company + self.platform

    def __add__(self, other: Shares) -> Shares:
        return Shares(
            merchant=self.merchant + other.merchant,
            company=self.company + other.company,
            platform=self.platform + other.platform,
        )

    def __sub__(self, other: Shares) -> Shares:
        return Shares(
            merchant=self.merchant - other.merchant,
            company=self.company - other.company,
            platform=self.platform - other.platform,
        )


NOTHING = Shares(merchant=Money.zero, company=Money.zero, platform=Money.zero)


def shares(nets: Mapping[LineId, Money], commission_bp: int, company_bp: int) -> dict[LineId, Shares]:
    """This will divide an order's lines: the commission is taken of the whole and divided over them by their amounts.

    Two amounts are rounded once each, for the whole order: the commission (of the goods) and the company's part (of the
    commission). Each is then divided over the lines by largest remainder, ties to the smaller line id. `company_bp` is
    zero where no company stewards the community: the platform then keeps the whole commission.
    """
    lines = sorted(nets)
    weights = [nets[line].minor for line in lines]
    commission = Money.from_basis_points(Money(sum(weights)), commission_bp)
    commissions = commission.split(weights)
    company = Money.from_basis_points(commission, company_bp).split([c.minor for c in commissions])
    return {
        line: Shares(merchant=nets[line] - taken, company=part, platform=taken - part)
        for line, taken, part in zip(lines, commissions, company, strict=True)
    }
