"""The engine: it studies purchases up to a day, and then foretells from states alone.

What it learns is small and about nobody: what is usual for each commodity, what a stated chance is worth, and, with the
extra `learn`, a model. It learns by going back to days whose outcomes are known by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules import calibration as calibrations
from linli.insight.replenish.rules import learning, renewal
from linli.insight.replenish.rules.calibration import Calibration
from linli.insight.replenish.rules.learning import Model
from linli.insight.replenish.rules.renewal import EARLY_D, HORIZON_D, LATE_D, Forecast, Priors
from linli.insight.replenish.rules.states import States, gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Shares = NDArray[np.float32]

LEAST_PURCHASES = 3
"""Of a pair that teaches."""
BACK_D, BACKS = 28, 5
"""The days that are studied: the horizon ago, and so many days further back each."""
NEWEST = 2
EARLIEST_D = 60
"""A day with less than so many days of purchases before it teaches nothing."""
_NEVER = 10**6


@dataclass(frozen=True, slots=True)
class Purchases:
    """Columns, one row a thing bought: whose, of which commodity (below zero: none that is foretold), on which day."""

    household: Ints
    commodity: Ints
    day: Ints

    def before(self, day: int) -> Purchases:
        """This will give those before a day."""
        kept = self.day < day
        return Purchases(self.household[kept], self.commodity[kept], self.day[kept])

    def states(self) -> tuple[States, States]:
        """This will give the state of each pair, and beside each the state of all that its household buys."""
        import numpy as np

        of_one = self.commodity >= 0
        pairs = gather(self.household[of_one], self.commodity[of_one], self.day[of_one])
        whole = gather(self.household, np.zeros_like(self.commodity), self.day)
        return pairs, whole.take(np.searchsorted(whole.household, pairs.household))


@dataclass(frozen=True, slots=True)
class Engine:
    """What was learnt. `model` is None where the renewal serves alone."""

    priors: Priors
    calibration: Calibration
    model: Model | None

    def foretell(self, states: States, whole: States, today: int) -> Forecast:
        """This will foretell each state's next purchase, in portions of bounded memory."""
        pairs = zip(renewal.portions(states), renewal.portions(whole), strict=True)
        return Forecast.join([self._portion(own, all_of_it, today) for own, all_of_it in pairs])

    def _portion(self, states: States, whole: States, today: int) -> Forecast:
        by = bought_by(states, whole, today, self.priors, self.model)
        deliver_in, chance = renewal.landing(by)
        return Forecast(
            due_in=renewal.due_in(by, self.calibration.half),
            deliver_in=deliver_in,
            confidence=self.calibration.sure(chance, states.commodity),
        )


def bought_by(states: States, whole: States, today: int, priors: Priors, model: Model | None) -> Shares:
    """This will give the chance of a purchase before each day to come, by the learner where there is one."""
    gaps = renewal.next_gaps(states, priors)
    by = renewal.bought_by(gaps, today - states.last_day)
    return by if model is None else model.bought_by(learning.looks(states, whole, gaps, by, today))


@dataclass(frozen=True, slots=True)
class _Day:
    """A day gone by: what was known on it, and how long each pair waited after it as far as is known by now."""

    today: int
    states: States
    whole: States
    priors: Priors
    waited: Ints

    def seen(self) -> Floats:
        gaps = renewal.next_gaps(self.states, self.priors)
        return learning.looks(self.states, self.whole, gaps, self.stated(None), self.today)

    def stated(self, model: Model | None) -> Shares:
        return bought_by(self.states, self.whole, self.today, self.priors, model)

    def of(self, *, odd: bool) -> _Day:
        import numpy as np

        rows = np.flatnonzero((self.states.household % 2 == 1) == odd)
        return _Day(self.today, self.states.take(rows), self.whole.take(rows), self.priors, self.waited[rows])


def study(bought: Purchases, today: int, commodities: int, *, learn: bool) -> Engine:
    """This will learn from purchases before a day; `learn` asks for the learner where it is installed."""
    states, _ = bought.states()
    priors = renewal.usual(states, commodities)
    past = [_day(bought, day, commodities) for day in _days(bought, today)]
    model = _learnt(past) if learn else None
    if model:  # who teaches cannot say what the lesson is worth: odd households teach, the even ones are foretold
        other = _learnt([day.of(odd=True) for day in past])
        past = [day.of(odd=False) for day in past]
    else:  # the renewal knows a short past by other chances than a long one: only the newest days are like today
        other, past = None, past[:NEWEST]
    return Engine(priors=priors, calibration=_calibrated(past, other, commodities), model=model)


def _days(bought: Purchases, today: int) -> list[int]:
    if not len(bought.day):
        return []
    first = int(bought.day.min()) + EARLIEST_D
    days = (today - HORIZON_D - turn * BACK_D for turn in range(BACKS))
    return [day for day in days if day >= first]


def _day(bought: Purchases, today: int, commodities: int) -> _Day:
    import numpy as np

    states, whole = bought.before(today).states()
    priors = renewal.usual(states, commodities)
    teaching = np.flatnonzero(states.purchases >= LEAST_PURCHASES)
    states, whole = states.take(teaching), whole.take(teaching)
    after = (bought.day >= today) & (bought.commodity >= 0)
    key = bought.household[after] * commodities + bought.commodity[after]
    order = np.lexsort((bought.day[after], key))
    keys, first = np.unique(key[order], return_index=True)
    next_day = bought.day[after][order][first]
    own = states.household * commodities + states.commodity
    place = np.minimum(np.searchsorted(keys, own), max(len(keys) - 1, 0))
    came = keys[place] == own if len(keys) else np.zeros(len(own), dtype=bool)
    waited = np.full(len(own), _NEVER, dtype=np.int64)
    waited[came] = next_day[place[came]] - today
    return _Day(today, states, whole, priors, waited)


def _learnt(past: list[_Day]) -> Model | None:
    return learning.learn([day.seen() for day in past], [day.waited for day in past])


def _calibrated(past: list[_Day], model: Model | None, commodities: int) -> Calibration:
    import numpy as np

    if not past:
        return calibrations.untouched(commodities)
    by, waited = np.concatenate([day.stated(model) for day in past]), np.concatenate([day.waited for day in past])
    deliver_in, chance = renewal.landing(by)
    lands = (waited - deliver_in <= EARLY_D) & (deliver_in - waited <= LATE_D)
    commodity = np.concatenate([day.states.commodity for day in past])
    return calibrations.calibrate(chance, lands, commodity, commodities, calibrations.half_of(by, waited))
