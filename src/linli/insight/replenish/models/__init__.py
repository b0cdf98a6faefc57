"""Who asked to be told, six numbers of what each household buys, and what was proposed to it."""

from linli.insight.replenish.models.baskets import BasketLesson, BasketRank
from linli.insight.replenish.models.households import Consent, Elsewhere, Household, State
from linli.insight.replenish.models.proposals import Proposal, ProposalMove, Standing, StandingMove, Turn
from linli.insight.replenish.models.refills import Refill, RefillMove
from linli.insight.replenish.models.studies import Commodity, Mapped, Study

__all__ = [
    "BasketLesson",
    "BasketRank",
    "Commodity",
    "Consent",
    "Elsewhere",
    "Household",
    "Mapped",
    "Proposal",
    "ProposalMove",
    "Refill",
    "RefillMove",
    "Standing",
    "StandingMove",
    "State",
    "Study",
    "Turn",
]
