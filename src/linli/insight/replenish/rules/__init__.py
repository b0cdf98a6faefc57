"""The rules of replenishment: states, the renewal and what is told from it; plain columns, no I/O, no clock.

numpy and scipy are imported inside the functions, because the web process never foretells anything.
"""

from linli.insight.replenish.rules.basket import MOST, Habit, next_baskets, usual_basket
from linli.insight.replenish.rules.basket_history import DAY_SPAN, History, Lines, Moment, read_history
from linli.insight.replenish.rules.calibration import Calibration, untouched
from linli.insight.replenish.rules.engine import Engine, Purchases, study
from linli.insight.replenish.rules.learning import Model, restored
from linli.insight.replenish.rules.renewal import (
    EARLY_D,
    HORIZON_D,
    LATE_D,
    Forecast,
    Gaps,
    Priors,
    bought_by,
    due_in,
    foretell,
    landing,
    next_gaps,
    usual,
)
from linli.insight.replenish.rules.states import States, gather

__all__ = [
    "DAY_SPAN",
    "EARLY_D",
    "HORIZON_D",
    "LATE_D",
    "MOST",
    "Calibration",
    "Engine",
    "Forecast",
    "Gaps",
    "Habit",
    "History",
    "Lines",
    "Model",
    "Moment",
    "Priors",
    "Purchases",
    "States",
    "bought_by",
    "due_in",
    "foretell",
    "gather",
    "landing",
    "next_baskets",
    "next_gaps",
    "read_history",
    "restored",
    "study",
    "untouched",
    "usual",
    "usual_basket",
]
