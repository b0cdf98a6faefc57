"""The questions about replenishment."""

from linli.insight.replenish.queries.basket import ExploreSlot, NextBasket, RepeatSlot, next_basket
from linli.insight.replenish.queries.baskets_night import ToRank, basket_lesson, basket_material, baskets_to_rank
from linli.insight.replenish.queries.mine import (
    ConsentCard,
    KnownCard,
    ProposalCard,
    ReplenishPage,
    StandingCard,
    my_page,
    proposals_waiting,
)
from linli.insight.replenish.queries.night import (
    Pair,
    Portion,
    communities_asking,
    households_asking,
    newest_study,
    portion,
    standing_due,
    study_material,
)
from linli.insight.replenish.queries.refills import RefillCard, RefillOffer, refill_offers
from linli.insight.replenish.queries.runs import Run, shared_runs
from linli.insight.replenish.queries.taxonomy import MappedListing, mapped_listings, taxonomy

__all__ = [
    "ConsentCard",
    "ExploreSlot",
    "KnownCard",
    "MappedListing",
    "NextBasket",
    "Pair",
    "Portion",
    "ProposalCard",
    "RefillCard",
    "RefillOffer",
    "RepeatSlot",
    "ReplenishPage",
    "Run",
    "StandingCard",
    "ToRank",
    "basket_lesson",
    "basket_material",
    "baskets_to_rank",
    "communities_asking",
    "households_asking",
    "mapped_listings",
    "my_page",
    "newest_study",
    "next_basket",
    "portion",
    "proposals_waiting",
    "refill_offers",
    "shared_runs",
    "standing_due",
    "study_material",
    "taxonomy",
]
