"""The engine: it studies purchases up to a day, and then foretells from states alone.

What it learns is small and about nobody: what is usual for each commodity, a net that corrects the renewal, and what a
stated chance is worth. It learns by going back to days whose outcomes are known by now, whole or in part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linli.insight.replenish.rules import calibration as calibrations
from linli.insight.replenish.rules import learning, renewal, teaching
from linli.insight.replenish.rules.calibration import Calibration
from linli.insight.replenish.rules.learning import Model, Seen
from linli.insight.replenish.rules.renewal import EARLY_D, HORIZON_D, LATE_D, Forecast, Priors
from linli.insight.replenish.rules.states import States, gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Shares = NDArray[np.float32]
    Truths = NDArray[np.bool_]

LEAST_PURCHASES = 3
"""Of a pair that teaches."""
FRESH_D = (14, 28)
"""So many days ago a day is fresh: what is different now shows there, though not yet how long gaps end."""
SETTLED_D = (49, 77, 105, 133, 161)
"""So many days ago everything within the horizon is known. All are whole weeks: today's weekday is theirs."""
NEWEST_D = 77
"""The renewal, which knows a short past by other chances than a long one, is judged by settled days no older."""
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
    """This will give the chance of a purchase before each day to come, by the net where there is one."""
    gaps = renewal.next_gaps(states, priors)
    if model is None:
        return renewal.bought_by(gaps, today - states.last_day)
    return model.bought_by(learning.look(states, whole, gaps, today))


@dataclass(frozen=True, slots=True)
class _Day:
    """A day gone by: what was known on it, how long each pair waited after it, and of how many days that is known."""

    today: int
    known: int
    states: States
    whole: States
    priors: Priors
    waited: Ints

    def seen(self) -> Seen:
        return learning.look(self.states, self.whole, renewal.next_gaps(self.states, self.priors), self.today)

    def stated(self, model: Model | None) -> Shares:
        return bought_by(self.states, self.whole, self.today, self.priors, model)

    def of(self, *, odd: bool) -> _Day:
        import numpy as np

        rows = np.flatnonzero((self.states.household % 2 == 1) == odd)
        own, whole = self.states.take(rows), self.whole.take(rows)
        return _Day(self.today, self.known, own, whole, self.priors, self.waited[rows])


def study(bought: Purchases, today: int, commodities: int, *, learn: bool) -> Engine:
    """This will learn from purchases before a day; without `learn` the renewal serves alone."""
    states, _ = bought.states()
    priors = renewal.usual(states, commodities)
    past = [_day(bought, day, today - day, commodities) for day in _days(bought, today)]
    model = _learnt(past, commodities) if learn else None
    if model:  # who teaches cannot say what the lesson is worth: each half of the households is foretold by the other's
        other = {odd: _learnt([day.of(odd=not odd) for day in past], commodities) for odd in (True, False)}
        judged = [(day.of(odd=odd), other[odd]) for day in past for odd in (True, False)]
    else:
        judged = [(day, None) for day in past if HORIZON_D <= day.known <= NEWEST_D]
    return Engine(priors=priors, calibration=_calibrated(judged, commodities), model=model)


def _days(bought: Purchases, today: int) -> list[int]:
    if not len(bought.day):
        return []
    first = int(bought.day.min()) + EARLIEST_D
    return [today - back for back in (*FRESH_D, *SETTLED_D) if today - back >= first]


def _day(bought: Purchases, today: int, known: int, commodities: int) -> _Day:
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
    return _Day(today, known, states, whole, priors, waited)


def _learnt(past: list[_Day], commodities: int) -> Model | None:
    seen, waited = [day.seen() for day in past], [day.waited for day in past]
    return teaching.learn(seen, waited, [day.known for day in past], commodities)


def _calibrated(judged: list[tuple[_Day, Model | None]], commodities: int) -> Calibration:
    """Of a fresh day those chances are judged whose delivery would have landed or not by now."""
    import numpy as np

    if not judged:
        return calibrations.untouched(commodities)
    told = [(day, day.stated(model)) for day, model in judged]
    chance, lands, commodity = (
        np.concatenate(column) for column in zip(*(_landed(*each) for each in told), strict=True)
    )
    settled = [(by, day.waited) for day, by in told if day.known >= HORIZON_D]
    half = calibrations.half_of(*(np.concatenate(column) for column in zip(*settled, strict=True))) if settled else 0.5
    return calibrations.calibrate(chance, lands, commodity, commodities, half)


def _landed(day: _Day, by: Shares) -> tuple[Floats, Truths, Ints]:
    import numpy as np

    deliver_in, chance = renewal.landing(by)
    lands = (day.waited - deliver_in <= EARLY_D) & (deliver_in - day.waited <= LATE_D)
    is_known = np.flatnonzero((deliver_in + EARLY_D < day.known) | (day.known >= HORIZON_D))
    return chance[is_known], lands[is_known], day.states.commodity[is_known]
