"""One minute of a dispatcher: what holds while it decides."""

from __future__ import annotations

from dataclasses import dataclass

from linli.trade.delivery.rules.dispatch.legs import Legs
from linli.trade.delivery.rules.dispatch.setting import Setting
from linli.trade.delivery.rules.dispatch.world import Terms, Travel


@dataclass(frozen=True, slots=True)
class Moment:
    """The minute, and what things are worth in it."""

    at_min: float
    price: float
    """What a minute of a courier is worth, in minutes that customers wait; nothing while couriers abound."""
    setting: Setting
    terms: Terms
    travel: Travel
    legs: Legs
