"""Teaching the net: of each pair and day gone by it is told in which stretch the next purchase fell, as far as known.

Of a day two weeks ago only two weeks are known: then "in none of these stretches" is what is taught. Such fresh days
tell what is different now from a season ago, old ones how long gaps end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules.learning import HIDDEN, STRETCHES, Model, Seen, chances, standard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Shares = NDArray[np.float32]

LEAST_ROWS = 5_000
_PASSES, _AT_ONCE = 10, 256
_STEP = 3e-3
_FADING = 0.1
"""What is learnt fades by so much of itself, times the step, so that only what is often seen stays."""
_OLD, _OLD_SQUARE = 0.9, 0.99
_SEED = 1


def learn(seen: list[Seen], waited: list[Ints], known: list[int], commodities: int) -> Model | None:
    """This will learn from what was seen on days gone by, and how long each pair waited in the days `known` since."""
    import numpy as np

    if sum(map(len, waited)) < LEAST_ROWS:
        return None
    signs = np.concatenate([each.signs for each in seen])
    usual = np.concatenate([each.usual for each in seen])
    commodity = np.concatenate([each.commodity for each in seen])
    may_be = np.concatenate([_may_be(*each) for each in zip(waited, known, strict=True)])
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + np.float32(1e-6)
    signs = standard(signs, mean, deviation)
    draw = np.random.default_rng(_SEED)
    learner = _Learner(_begun(draw, signs.shape[1], commodities), of_one=np.eye(commodities, dtype=np.float32))
    turns = [
        rows for _ in range(_PASSES) for rows in np.array_split(draw.permutation(len(signs)), len(signs) // _AT_ONCE)
    ]
    for turn, rows in enumerate(turns):
        step = _STEP * (1 + np.cos(np.pi * turn / len(turns))) / 2
        learner.take(signs[rows], commodity[rows], usual[rows], may_be[rows], step)
    of_commodity, inward, outward, shift = learner.weights
    return Model(mean, deviation, of_commodity, inward, outward, shift)


def _may_be(waited: Ints, known: int) -> Shares:
    """One for each stretch in which the purchase may have fallen: that in which it fell, or all that have not ended.

    A stretch of which only a part is known counts as not known, even for who bought in that part; else it would seem to
    hold all who have not bought yet.
    """
    import numpy as np

    of = np.searchsorted(STRETCHES, waited, side="right") - 1
    ended = int(np.searchsorted(STRETCHES, known, side="right")) - 1
    may_be = np.eye(len(STRETCHES), dtype=np.float32)[of]
    may_be[of >= ended, ended:] = 1
    return may_be


def _begun(draw: np.random.Generator, signs: int, commodities: int) -> list[Shares]:
    """Weights that say nothing yet: what is hidden differs, and nothing of it comes out."""
    import numpy as np

    inward = draw.standard_normal((signs, HIDDEN)) / np.sqrt(signs)
    shapes = ((HIDDEN, len(STRETCHES)), (len(STRETCHES),))
    return [
        np.zeros((commodities, HIDDEN), np.float32),
        inward.astype(np.float32),
        *(np.zeros(shape, np.float32) for shape in shapes),
    ]


@dataclass(slots=True)
class _Learner:
    """Weights that move against the error, each as fast as its own slope is steady (Adam)."""

    weights: list[Shares]
    of_one: Shares
    steady: list[Shares] | None = None
    square: list[Shares] | None = None
    taken: int = 0

    def take(self, signs: Shares, commodity: Ints, usual: Shares, may_be: Shares, step: float) -> None:
        """This will learn from some rows."""
        import numpy as np

        of_commodity, inward, outward, shift = self.weights
        of_one = self.of_one[commodity]
        hidden: Shares = signs @ inward
        hidden += of_one @ of_commodity
        np.maximum(hidden, 0, out=hidden)
        said = chances(hidden @ outward + shift + usual)
        came = said * may_be
        came /= came.sum(axis=1, keepdims=True)
        wrong: Shares = said - came
        wrong /= len(signs)
        inside: Shares = wrong @ outward.T
        inside *= hidden > 0
        slopes: list[Shares] = [of_one.T @ inside, signs.T @ inside, hidden.T @ wrong, wrong.sum(axis=0)]
        self._move(slopes, step)

    def _move(self, slopes: list[Shares], step: float) -> None:
        import numpy as np

        self.taken += 1
        self.steady = self.steady or [np.zeros_like(each) for each in slopes]
        self.square = self.square or [np.zeros_like(each) for each in slopes]
        for place, slope in enumerate(slopes):
            weight, steady, square = self.weights[place], self.steady[place], self.square[place]
            steady += (1 - _OLD) * (slope - steady)
            square += (1 - _OLD_SQUARE) * (slope**2 - square)
            pace = np.sqrt(square / (1 - _OLD_SQUARE**self.taken)) + 1e-6
            fading = _FADING * weight if weight.ndim > 1 else 0
            weight -= np.float32(step) * (steady / (1 - _OLD**self.taken) / pace + fading)
