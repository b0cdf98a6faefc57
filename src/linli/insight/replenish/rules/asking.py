"""Questions to the engine and its answers as plain lists, so that a process beside the worker may be asked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from linli.insight.replenish.rules import calibration as calibrations
from linli.insight.replenish.rules import engine as engines
from linli.insight.replenish.rules import learning, renewal
from linli.insight.replenish.rules.calibration import Calibration
from linli.insight.replenish.rules.engine import Engine, Purchases
from linli.insight.replenish.rules.learning import Net
from linli.insight.replenish.rules.renewal import Priors
from linli.insight.replenish.rules.states import States

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 2
"""Of what is studied and kept; a study of another version is not used, and the simple method serves."""


class Rows(msgspec.Struct, frozen=True):
    """States as lists, one entry a row."""

    household: list[int]
    commodity: list[int]
    purchases: list[int]
    first_day: list[int]
    last_day: list[int]
    log_gaps: list[float]
    log_gaps_squared: list[float]
    recent_log_gap: list[float]

    def columns(self) -> States:
        """This will give the states as columns."""
        import numpy as np

        return States(
            household=np.array(self.household, dtype=np.int64),
            commodity=np.array(self.commodity, dtype=np.int64),
            purchases=np.array(self.purchases, dtype=np.int64),
            first_day=np.array(self.first_day, dtype=np.int64),
            last_day=np.array(self.last_day, dtype=np.int64),
            log_gaps=np.array(self.log_gaps, dtype=np.float64),
            log_gaps_squared=np.array(self.log_gaps_squared, dtype=np.float64),
            recent_log_gap=np.array(self.recent_log_gap, dtype=np.float64),
        )


class Study(msgspec.Struct, frozen=True):
    """What an engine has learnt, as it is kept: numbers by commodity, and the net where there is one."""

    version: int
    commodities: tuple[str, ...]
    mean: list[float]
    between: list[float]
    within: list[float]
    slope: float
    shift: list[float]
    half: float
    net: Net | None = None


class Ask(msgspec.Struct, frozen=True, tag="foretell"):
    """Foretell these states from `today`. Without a study, what is usual is taken from the rows themselves."""

    today: int
    commodities: int
    usual_days: list[int]
    own: Rows
    whole: Rows
    study: Study | None = None


class AskStudy(msgspec.Struct, frozen=True, tag="study"):
    """Study purchases before `today`; commodity -1 is of none that is foretold."""

    today: int
    commodities: tuple[str, ...]
    household: list[int]
    commodity: list[int]
    day: list[int]
    learn: bool = True


class Told(msgspec.Struct, frozen=True):
    """Days from today and chances, row by row, and whether a learnt model spoke."""

    due_in: list[int]
    deliver_in: list[int]
    confidence: list[float]
    learnt: bool


def answer(ask: Ask) -> Told:
    """This will foretell every row."""
    own, whole = ask.own.columns(), ask.whole.columns()
    engine = _engine(ask.study) if ask.study and ask.study.version == VERSION else _simple(own, ask)
    forecast = engine.foretell(own, whole, ask.today)
    return Told(
        forecast.due_in.tolist(), forecast.deliver_in.tolist(), forecast.confidence.tolist(), engine.model is not None
    )


def answer_study(ask: AskStudy) -> Study:
    """This will study purchases and give what was learnt."""
    import numpy as np

    bought = Purchases(*(np.array(column, dtype=np.int64) for column in (ask.household, ask.commodity, ask.day)))
    engine = engines.study(bought, ask.today, len(ask.commodities), learn=ask.learn)
    return Study(
        version=VERSION,
        commodities=ask.commodities,
        mean=engine.priors.mean.tolist(),
        between=engine.priors.between.tolist(),
        within=engine.priors.within.tolist(),
        slope=engine.calibration.slope,
        shift=engine.calibration.shift.tolist(),
        half=engine.calibration.half,
        net=engine.model.stored() if engine.model else None,
    )


def _simple(own: States, ask: Ask) -> Engine:
    import numpy as np

    first_guess = np.log(np.array(ask.usual_days, dtype=np.float64))
    return Engine(renewal.usual(own, ask.commodities, first_guess), calibrations.untouched(ask.commodities), None)


def _engine(kept: Study) -> Engine:
    def column(values: list[float]) -> NDArray[np.float64]:
        import numpy as np

        return np.array(values, dtype=np.float64)

    priors = Priors(mean=column(kept.mean), between=column(kept.between), within=column(kept.within))
    taught = Calibration(slope=kept.slope, shift=column(kept.shift), half=kept.half)
    return Engine(priors, taught, learning.restored(kept.net))
