"""What one order more costs in a slot to come, learnt from the waves of its hour, and which basket pays for that."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel.ids import CommunityId

LEAST_ORDERS = 12
"""So few orders of a community say nothing of what its next one costs; then its zone speaks for it, or nobody."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What waves brought to a community: how many orders, and what each stop of theirs added to its run, in all."""

    community: CommunityId
    orders: int
    fen: int

    @property
    def drop_fen(self) -> float:
        """What one of these orders cost."""
        return self.fen / self.orders if self.orders else 0.0


def expected_drops(brought: Iterable[Brought], *, least: int = LEAST_ORDERS) -> dict[CommunityId, float]:
    """This will tell what one order more is expected to cost in each community of a zone, from its waves at that hour.

    A community that had too few orders is expected to be like its zone; where the zone had too few, nothing is said.
    """
    rows = list(brought)
    orders, fen = sum(each.orders for each in rows), sum(each.fen for each in rows)
    if orders < least:
        return {}
    return {each.community: each.drop_fen if each.orders >= least else fen / orders for each in rows}


def free_delivery_from_fen(marginal_fen: float, margin_bp: int, *, step_fen: int = 100) -> int:
    """This will tell from which basket on its margin pays for the drop it causes, rounded up to whole steps.

    `margin_bp` is what is left of a basket for delivery, in basis points.
    """
    if margin_bp <= 0:
        raise ValueError("without a margin no basket pays for its delivery")
    return math.ceil(marginal_fen * 10_000 / margin_bp / step_fen) * step_fen
