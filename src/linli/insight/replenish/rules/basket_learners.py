"""Two learners of what comes next, taught by past baskets: gradient-boosted trees, and a plain logistic one without."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Table = NDArray[np.float32]
    Flags = NDArray[np.bool_]

LEAST_ROWS, LEAST_BOUGHT = 5_000, 300
"""From fewer past candidates nothing is learnt, and each household's own habit decides."""
ROUNDS = 80
CUTS = (0.2, 0.5, 0.8)
MOST_ROWS = 20_000
"""So many rows say where a sign is cut."""
CHUNK = 20_000
_RIDGE, _STEPS, _STILL = 3.0, 8, 0.01


class Learner(Protocol):
    """What has been taught."""

    def chances(self, table: Table) -> Floats:
        """This will say how likely each candidate is to be in the next basket."""


def teach(table: Table, is_next: Flags, *, learn: bool = True) -> Learner | None:
    """This will teach the trees, or the plain learner where the extra `learn` is not wanted or not installed."""
    if len(table) < LEAST_ROWS or int(is_next.sum()) < LEAST_BOUGHT:
        return None
    if learn and find_spec("lightgbm"):
        return Trees(table, is_next)
    return Plain(table, is_next)


class Trees:
    """Gradient-boosted trees of the extra `learn`."""

    def __init__(self, table: Table, is_next: Flags) -> None:
        import lightgbm

        setting = {
            "objective": "binary",
            "num_leaves": 31,
            "learning_rate": 0.1,
            "min_data_in_leaf": 100,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "lambda_l2": 5.0,
            "max_bin": 63,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": 1,
            "verbose": -1,
        }
        self._trees = lightgbm.train(setting, lightgbm.Dataset(table, is_next), ROUNDS)

    def chances(self, table: Table) -> Floats:
        import numpy as np

        return np.asarray(self._trees.predict(table, num_threads=1), dtype=np.float64)


class Plain:
    """Logistic regression on bends: each sign may change its slope at its cuts, so that no trees are needed."""

    def __init__(self, table: Table, is_next: Flags) -> None:
        import numpy as np

        logs = _logs(table)
        cuts = np.quantile(logs[:: max(len(logs) // MOST_ROWS, 1)], CUTS, axis=0)
        self._cuts = [np.unique(cuts[:, place]) for place in range(table.shape[1])]
        self._mean, self._spread = np.zeros(1, dtype=np.float32), np.ones(1, dtype=np.float32)
        raw = self._bent(logs[: 4 * CHUNK])
        self._mean, self._spread = raw.mean(axis=0), np.maximum(raw.std(axis=0), np.float32(1e-3))
        del raw
        signs = np.concatenate([self._bent(logs[begin : begin + CHUNK]) for begin in range(0, len(logs), CHUNK)])
        self._bias, self._weights = _fit(signs, is_next.astype(np.float64))

    def chances(self, table: Table) -> Floats:
        import numpy as np

        parts = [
            self._bent(_logs(table[begin : begin + CHUNK])) @ self._weights for begin in range(0, len(table), CHUNK)
        ]
        return np.asarray(1 / (1 + np.exp(-self._bias - np.concatenate(parts or [np.zeros(0)]))), dtype=np.float64)

    def _bent(self, logs: Table) -> Table:
        """The logarithm of each sign, and how far it is beyond each of its cuts, all brought to one size."""
        import numpy as np

        bends = [np.maximum(logs[:, place : place + 1] - cuts, 0) for place, cuts in enumerate(self._cuts)]
        raw = np.concatenate([logs, *bends], axis=1, dtype=np.float32)
        return np.asarray(np.clip((raw - self._mean) / self._spread, -6, 6), dtype=np.float32)


def _logs(table: Table) -> Table:
    import numpy as np

    return np.asarray(np.log1p(np.maximum(table, np.float32(-0.5))), dtype=np.float32)


def _fit(signs: Table, is_next: Floats) -> tuple[float, Floats]:
    """Newton's steps, each drawn a little towards nought; the table is passed in parts, to spare memory."""
    import numpy as np

    size = signs.shape[1] + 1
    weights, ridge = np.zeros(size), np.full(size, _RIDGE)
    for _ in range(_STEPS):
        slope, bend = -ridge * weights, np.diag(ridge)
        for begin in range(0, len(signs), CHUNK):
            part = np.concatenate(
                [np.ones((len(signs[begin : begin + CHUNK]), 1)), signs[begin : begin + CHUNK]], axis=1
            )
            chance = 1 / (1 + np.exp(-np.clip(part @ weights, -30, 30)))
            slope += part.T @ (is_next[begin : begin + CHUNK] - chance)
            bend += (part * (chance * (1 - chance))[:, None]).T @ part
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < _STILL:
            break
    return float(weights[0]), weights[1:]
