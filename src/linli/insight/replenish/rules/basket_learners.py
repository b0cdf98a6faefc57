"""Two learners of what comes next, taught by past baskets: gradient-boosted trees, and a plain logistic one without."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from lightgbm import Booster
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Table = NDArray[np.float32]
    Row = NDArray[np.float32]
    Flags = NDArray[np.bool_]

LEAST_ROWS, LEAST_BOUGHT = 5_000, 300
"""From fewer past candidates nothing is learnt, and each household's own habit decides."""
ROUNDS = 80
CUTS = (0.2, 0.5, 0.8)
MOST_ROWS = 20_000
"""So many rows say where a sign is cut."""
CHUNK = 20_000
_RIDGE, _STEPS, _STILL = 3.0, 8, 0.01


class TreesKept(msgspec.Struct, frozen=True, tag="trees"):
    """Trees as they are kept, in the words of the library that grew them."""

    text: str


class PlainKept(msgspec.Struct, frozen=True, tag="plain"):
    """The plain learner as it is kept."""

    cuts: list[list[float]]
    mean: list[float]
    spread: list[float]
    bias: float
    weights: list[float]


Kept = TreesKept | PlainKept


class Learner(Protocol):
    """What has been taught."""

    def chances(self, table: Table) -> Floats:
        """This will say how likely each candidate is to be in the next basket."""

    def kept(self) -> Kept:
        """This will write it down."""


def teach(table: Table, is_next: Flags, *, learn: bool = True) -> Learner | None:
    """This will teach the trees, or the plain learner where the extra `learn` is not wanted or not installed."""
    if len(table) < LEAST_ROWS or int(is_next.sum()) < LEAST_BOUGHT:
        return None
    if learn and find_spec("lightgbm"):
        return Trees.taught(table, is_next)
    return Plain.taught(table, is_next)


def restored(kept: Kept) -> Learner | None:
    """This will read a learner that was kept; none where it is of trees and the extra is not installed."""
    if isinstance(kept, TreesKept):
        return Trees.restored(kept) if find_spec("lightgbm") else None
    return Plain.restored(kept)


class Trees:
    """Gradient-boosted trees of the extra `learn`."""

    def __init__(self, trees: Booster) -> None:
        self._trees = trees

    @classmethod
    def restored(cls, kept: TreesKept) -> Trees:
        """This will read trees that were kept."""
        import lightgbm

        return cls(lightgbm.Booster(model_str=kept.text))

    @classmethod
    def taught(cls, table: Table, is_next: Flags) -> Trees:
        """This will grow trees."""
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
        return cls(lightgbm.train(setting, lightgbm.Dataset(table, is_next), ROUNDS))

    def chances(self, table: Table) -> Floats:
        import numpy as np

        return np.asarray(self._trees.predict(table, num_threads=1), dtype=np.float64)

    def kept(self) -> Kept:
        return TreesKept(self._trees.model_to_string())


class Plain:
    """Logistic regression on bends: each sign may change its slope at its cuts, so that no trees are needed."""

    def __init__(self, cuts: list[Row], mean: Row, spread: Row, bias: float, weights: Floats) -> None:
        self._cuts, self._mean, self._spread, self._bias, self._weights = cuts, mean, spread, bias, weights

    @classmethod
    def restored(cls, kept: PlainKept) -> Plain:
        """This will read a learner that was kept."""
        import numpy as np

        cuts, mean, spread = (
            [np.array(each, dtype=np.float32) for each in kept.cuts],
            np.array(kept.mean, dtype=np.float32),
            np.array(kept.spread, dtype=np.float32),
        )
        return cls(cuts, mean, spread, kept.bias, np.array(kept.weights, dtype=np.float64))

    @classmethod
    def taught(cls, table: Table, is_next: Flags) -> Plain:
        """This will fit the weights."""
        import numpy as np

        logs = _logs(table)
        at = np.quantile(logs[:: max(len(logs) // MOST_ROWS, 1)], CUTS, axis=0).astype(np.float32)
        cuts = [np.unique(at[:, place]) for place in range(table.shape[1])]
        raw = _bent(logs[: 4 * CHUNK], cuts)
        mean, spread = raw.mean(axis=0), np.maximum(raw.std(axis=0), np.float32(1e-3))
        del raw
        parts = [logs[begin : begin + CHUNK] for begin in range(0, len(logs), CHUNK)]
        signs = np.concatenate([_evened(_bent(part, cuts), mean, spread) for part in parts])
        return cls(cuts, mean, spread, *_fit(signs, is_next.astype(np.float64)))

    def chances(self, table: Table) -> Floats:
        import numpy as np

        logs = (_logs(table[begin : begin + CHUNK]) for begin in range(0, len(table), CHUNK))
        parts = [_evened(_bent(part, self._cuts), self._mean, self._spread) @ self._weights for part in logs]
        return np.asarray(1 / (1 + np.exp(-self._bias - np.concatenate(parts or [np.zeros(0)]))), dtype=np.float64)

    def kept(self) -> Kept:
        return PlainKept(
            cuts=[each.tolist() for each in self._cuts],
            mean=self._mean.tolist(),
            spread=self._spread.tolist(),
            bias=self._bias,
            weights=self._weights.tolist(),
        )


def _bent(logs: Table, cuts: list[Row]) -> Table:
    """The logarithm of each sign, and how far it is beyond each of its cuts."""
    import numpy as np

    bends = [np.maximum(logs[:, place : place + 1] - each, 0) for place, each in enumerate(cuts)]
    return np.asarray(np.concatenate([logs, *bends], axis=1, dtype=np.float32))


def _evened(bent: Table, mean: Row, spread: Row) -> Table:
    """All brought to one size."""
    import numpy as np

    return np.asarray(np.clip((bent - mean) / spread, -6, 6), dtype=np.float32)


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
