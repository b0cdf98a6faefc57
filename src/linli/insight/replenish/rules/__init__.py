"""The rules of replenishment: states, the renewal and what is told from it; plain columns, no I/O, no clock.

numpy and scipy are imported inside the functions, because the web process never foretells anything.
"""

from linli.insight.replenish.rules.asking import answer
from linli.insight.replenish.rules.basket import Habit, next_baskets, reordered, usual_basket
from linli.insight.replenish.rules.basket_history import DAY_SPAN, History, Lines, Moment, read_history
from linli.insight.replenish.rules.basket_lessons import MOST
from linli.insight.replenish.rules.basket_signs import CANDIDATES
from linli.insight.replenish.rules.calibration import Calibration, untouched
from linli.insight.replenish.rules.engine import Engine, Purchases, study
from linli.insight.replenish.rules.folding import Numbers, folded
from linli.insight.replenish.rules.learning import Model, restored
from linli.insight.replenish.rules.measures import Measure, Pack, pack_of
from linli.insight.replenish.rules.policy import ReplenishPolicy
from linli.insight.replenish.rules.proposals import (
    LATER_D,
    LEAST_EVERY_D,
    MOST_EVERY_D,
    PROPOSAL_LIFE,
    STANDING_LIFE,
    Pays,
    ProposalState,
    ProposalVerb,
    StandingState,
    StandingVerb,
    has_risen,
    shared_days,
    usual_days,
)
from linli.insight.replenish.rules.refills import REFILL_LIFE, SERVICE, RefillState, RefillVerb
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
from linli.insight.replenish.rules.states import RECENT, States, gather
from linli.insight.replenish.rules.taxonomy import (
    LONGEST_WORD,
    MOST_USUAL_DAYS,
    MOST_WORDS,
    REFILLED,
    TAXONOMY,
    Commodity,
    is_never_used,
    suggested,
)

__all__ = [
    "CANDIDATES",
    "DAY_SPAN",
    "EARLY_D",
    "HORIZON_D",
    "LATER_D",
    "LATE_D",
    "LEAST_EVERY_D",
    "LONGEST_WORD",
    "MOST",
    "MOST_EVERY_D",
    "MOST_USUAL_DAYS",
    "MOST_WORDS",
    "PROPOSAL_LIFE",
    "RECENT",
    "REFILLED",
    "REFILL_LIFE",
    "SERVICE",
    "STANDING_LIFE",
    "TAXONOMY",
    "Calibration",
    "Commodity",
    "Engine",
    "Forecast",
    "Gaps",
    "Habit",
    "History",
    "Lines",
    "Measure",
    "Model",
    "Moment",
    "Numbers",
    "Pack",
    "Pays",
    "Priors",
    "ProposalState",
    "ProposalVerb",
    "Purchases",
    "RefillState",
    "RefillVerb",
    "ReplenishPolicy",
    "StandingState",
    "StandingVerb",
    "States",
    "answer",
    "bought_by",
    "due_in",
    "folded",
    "foretell",
    "gather",
    "has_risen",
    "is_never_used",
    "landing",
    "next_baskets",
    "next_gaps",
    "pack_of",
    "read_history",
    "reordered",
    "restored",
    "shared_days",
    "study",
    "suggested",
    "untouched",
    "usual",
    "usual_basket",
    "usual_days",
]
