"""The learner: a gradient-boosted hazard over the same states, for whoever has the extra `learn`.

It looks at a pair's six numbers beside the same six of all that the household buys, and says in which stretch of days
the next purchase falls. Without the extra, or with a model of another version, the renewal serves alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from linli.insight.replenish.rules.renewal import DAYS, HORIZON_D, Gaps
from linli.insight.replenish.rules.states import States

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Shares = NDArray[np.float32]

VERSION = 1
"""Of what a model looks at; a stored model of another version is not asked."""
LEAST_ROWS = 5_000
STRETCHES = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 35, 42, HORIZON_D)
_ROUNDS = 20
_BY_DAYS = (4, 8, 11, 15, 22, 36, 50)
_SETTINGS = {
    "objective": "multiclass",
    "num_class": len(STRETCHES),
    "learning_rate": 0.18,
    "num_leaves": 10,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True)
class Model:
    """A learner that has learnt."""

    booster: Any

    def bought_by(self, looks: Floats) -> Shares:
        """This will give the chance of a purchase before each day to come."""
        import numpy as np

        stretches = self.booster.predict(looks, num_threads=1)
        wide = np.diff(STRETCHES)
        daily = np.repeat(stretches[:, :-1] / wide, wide, axis=1)
        learnt = np.zeros((len(looks), DAYS + 1), dtype=np.float32)
        learnt[:, 1 : HORIZON_D + 1] = daily.cumsum(axis=1)
        learnt[:, HORIZON_D + 1 :] = learnt[:, HORIZON_D : HORIZON_D + 1]
        return learnt

    def stored(self) -> str:
        """This will write the model down, its version first."""
        return f"linli replenish {VERSION}\n{self.booster.model_to_string()}"


def is_installed() -> bool:
    """This will say whether the extra `learn` is there."""
    return find_spec("lightgbm") is not None


def restored(text: str) -> Model | None:
    """This will read a stored model, or give none when it is of another version or nobody here can read it."""
    head, _, body = text.partition("\n")
    if head != f"linli replenish {VERSION}" or not is_installed():
        return None
    import lightgbm

    return Model(booster=lightgbm.Booster(model_str=body))


def looks(states: States, whole: States, gaps: Gaps, by: Shares, today: int) -> Floats:
    """This will give what the learner looks at; `whole` holds all that the household of each row buys."""
    import numpy as np

    gaps_had = np.maximum(states.purchases - 1, 1)
    mean = states.log_gaps / gaps_had
    deviation = np.sqrt(np.maximum(states.log_gaps_squared / gaps_had - mean**2, 0))
    elapsed, seen = today - states.last_day, today - whole.first_day
    trips = np.maximum(whole.purchases - 1, 1)
    return np.column_stack(
        [
            states.commodity,
            states.purchases,
            elapsed,
            states.last_day - states.first_day,
            gaps.mean,
            gaps.deviation,
            mean,
            deviation,
            np.log(np.maximum(elapsed, 1)) - gaps.mean,
            states.recent_log_gap,
            states.purchases / (seen + 1),
            whole.purchases / (seen + 1),
            today - whole.last_day,
            whole.log_gaps / trips,
            whole.recent_log_gap,
            np.sqrt(np.maximum(whole.log_gaps_squared / trips - (whole.log_gaps / trips) ** 2, 0)),
            by[:, list(_BY_DAYS)],
        ]
    )


def learn(seen: list[Floats], waited: list[Ints]) -> Model | None:
    """This will learn from what was seen on days gone by, and from how long each pair waited after them."""
    import numpy as np

    if not is_installed() or sum(map(len, waited)) < LEAST_ROWS:
        return None
    import lightgbm

    stretch = np.searchsorted(STRETCHES, np.concatenate(waited), side="right") - 1
    return Model(booster=lightgbm.train(_SETTINGS, lightgbm.Dataset(np.concatenate(seen), stretch), _ROUNDS))
