"""What a stated chance is worth: learnt on a day seven weeks ago, whose outcomes are known by now.

One slope for all, and for each commodity a shift of its own, which is drawn towards none the fewer pairs speak for it.
Chances keep their order within a commodity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.renewal import HORIZON_D

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Shares = NDArray[np.float32]
    Truths = NDArray[np.bool_]

LEAST_PAIRS = 200
"""Fewer known outcomes than these teach nothing."""
_SHIFT_WEIGHT = 20.0
_LEAST, _MOST = 1e-3, 1 - 1e-3
_STEPS = 12
_HALVES = (0.40, 0.44, 0.48, 0.50, 0.52, 0.56, 0.60, 0.64)
_CLEARLY = 0.98
"""Another half than one half must lessen the error at least to this part."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a chance's logit is stretched and shifted, and which stated chance is in truth a half."""

    slope: float
    shift: Floats
    half: float

    def sure(self, chance: Floats, commodity: Ints) -> Floats:
        """This will turn stated chances into those that were observed."""
        import numpy as np

        return 1 / (1 + np.exp(-(self.slope * logit(chance) + self.shift[commodity])))


def untouched(commodities: int) -> Calibration:
    """This will give the calibration that believes what is stated."""
    import numpy as np

    return Calibration(slope=1.0, shift=np.zeros(commodities), half=0.5)


def calibrate(chance: Floats, happened: Truths, commodity: Ints, commodities: int, half: float) -> Calibration:
    """This will learn from stated chances and what happened."""
    import numpy as np

    if len(chance) < LEAST_PAIRS:
        return untouched(commodities)
    stated = np.column_stack([np.ones(len(chance)), logit(chance)])
    weights = np.array([0.0, 1.0])
    ridge = np.diag([1.0, 1.0])
    for _ in range(_STEPS):  # Newton's method, drawn towards believing what is stated
        sure = 1 / (1 + np.exp(-stated @ weights))
        slope = stated.T @ (happened - sure) - ridge @ (weights - [0.0, 1.0])
        weights = weights + np.linalg.solve((stated * (sure * (1 - sure))[:, None]).T @ stated + ridge, slope)
    sure = 1 / (1 + np.exp(-stated @ weights))
    missing = np.bincount(commodity, happened - sure, commodities)
    weight = np.bincount(commodity, sure * (1 - sure), commodities)
    shift: Floats = weights[0] + missing / (weight + _SHIFT_WEIGHT)
    return Calibration(slope=float(weights[1]), shift=shift, half=half)


def half_of(by: Shares, waited: Ints) -> float:
    """This will find the stated chance whose day was closest to the purchases that came, within the horizon."""
    import numpy as np

    if len(by) < LEAST_PAIRS:
        return 0.5
    came = np.minimum(waited, HORIZON_D)
    days = {half: (by[:, 1 : HORIZON_D + 1] < half).sum(axis=1) for half in _HALVES}
    error = {half: float(np.abs(day - came).mean()) for half, day in days.items()}
    best = min(error, key=lambda half: error[half])
    return best if error[best] < _CLEARLY * error[0.5] else 0.5


def logit(chance: Floats) -> Floats:
    """This will put chances on the whole line."""
    import numpy as np

    kept = np.clip(chance, _LEAST, _MOST)
    logits: Floats = np.log(kept / (1 - kept))
    return logits
