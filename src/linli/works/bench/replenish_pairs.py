"""What a night costs: so many pairs of household and commodity, generated, foretold from their stored states.

The states are made first and are not counted; what is counted is processor time on one core, for the simple method and
for a net that was taught by other households.
"""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from linli.insight.replenish import rules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMMODITIES = 22
DAYS = 730
TAUGHT_HOUSEHOLDS = 2_000
TODAY = 20_000


def measure(pairs: int) -> dict[str, float]:
    """This will generate states, foretell them all, and give what it took."""
    import numpy as np

    draw = np.random.default_rng(20260301)
    states = _states(draw, pairs)
    priors = rules.usual(states, COMMODITIES)
    began = time.process_time()
    told = rules.foretell(states, TODAY, priors)
    took = time.process_time() - began
    figures = {
        "pairs": pairs,
        "score_cpu_s": round(took, 2),
        "pairs_each_cpu_s": round(pairs / took),
        "sure_35_in_100": int((told.confidence >= 0.35).sum()),
    }
    engine = rules.study(purchases(draw), TODAY, COMMODITIES, learn=True)
    if engine.model is not None:
        began = time.process_time()
        engine.foretell(states, states, TODAY)
        figures["learnt_cpu_s"] = round(time.process_time() - began, 2)
    figures["most_memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def _states(draw: np.random.Generator, pairs: int) -> rules.States:
    """Twenty commodities a household; gaps of 3 to 90 days and of every regularity."""
    import numpy as np

    household = np.arange(pairs, dtype=np.int64) // COMMODITIES
    purchases = 2 + draw.poisson(8, pairs)
    mean, deviation = draw.uniform(np.log(3), np.log(90), pairs), draw.uniform(0.2, 0.9, pairs)
    gaps = (purchases - 1).astype(np.float64)
    log_gaps = gaps * (mean + deviation * draw.standard_normal(pairs) / np.sqrt(gaps))
    squared = log_gaps**2 / gaps + (gaps - 1) * deviation**2
    last = TODAY - 1 - draw.integers(0, 60, pairs)
    return rules.States(
        household=household,
        commodity=np.arange(pairs, dtype=np.int64) % COMMODITIES,
        purchases=purchases,
        first_day=last - np.minimum(DAYS, (gaps * np.exp(mean)).astype(np.int64)),
        last_day=last,
        log_gaps=log_gaps,
        log_gaps_squared=squared,
        recent_log_gap=mean,
    )


def purchases(draw: np.random.Generator) -> rules.Purchases:
    """This will draw what two thousand households bought of five commodities each in four hundred days."""
    import numpy as np

    rows: list[NDArray[np.int64]] = []
    for pair in range(TAUGHT_HOUSEHOLDS * 5):
        gaps = np.exp(draw.uniform(1.2, 4.2) + draw.uniform(0.2, 0.9) * draw.standard_normal(30))
        days = TODAY - 400 + np.cumsum(np.maximum(gaps, 1)).astype(np.int64)
        days = days[days < TODAY]
        rows.append(np.column_stack([np.full(len(days), pair // 5), np.full(len(days), pair % COMMODITIES), days]))
    columns = np.concatenate(rows)
    return rules.Purchases(columns[:, 0], columns[:, 1], columns[:, 2])
