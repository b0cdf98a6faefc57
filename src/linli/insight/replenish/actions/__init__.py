"""The verbs of replenishment."""

from linli.insight.replenish.actions.answering import Accepted, NothingUsual, accept, allow, put_off, refuse
from linli.insight.replenish.actions.basket_lessons import (
    forget_basket_ranks,
    keep_basket_lesson,
    keep_basket_ranks,
    learn_baskets,
    rank_baskets,
)
from linli.insight.replenish.actions.consenting import (
    NotOpenHere,
    begin,
    end,
    end_for,
    end_for_absent,
    end_for_leaver,
)
from linli.insight.replenish.actions.mapping import keep_commodity, map_listing
from linli.insight.replenish.actions.next_basket import take_next_basket
from linli.insight.replenish.actions.noting import note_orders
from linli.insight.replenish.actions.placing import NotSoldAnyMore, PriceRose, ask_about_turn, place_turn
from linli.insight.replenish.actions.proposing import Found, foretell, keep_study, lapse, propose, study
from linli.insight.replenish.actions.rebuilding import rebuild, rebuild_after_refunds, rebuild_stale
from linli.insight.replenish.actions.refilling import (
    NobodyFillsBins,
    RefillPriceChanged,
    call_off_refills,
    lapse_refills,
    note_visit,
    send_refills,
)
from linli.insight.replenish.actions.standing import (
    NotSoldNow,
    StandsAlready,
    begin_standing,
    end_standing,
    pause_standing,
    resume_standing,
    skip_turn,
)
from linli.insight.replenish.actions.telling import Told, tell_bought

__all__ = [
    "Accepted",
    "Found",
    "NobodyFillsBins",
    "NotOpenHere",
    "NotSoldAnyMore",
    "NotSoldNow",
    "NothingUsual",
    "PriceRose",
    "RefillPriceChanged",
    "StandsAlready",
    "Told",
    "accept",
    "allow",
    "ask_about_turn",
    "begin",
    "begin_standing",
    "call_off_refills",
    "end",
    "end_for",
    "end_for_absent",
    "end_for_leaver",
    "end_standing",
    "foretell",
    "forget_basket_ranks",
    "keep_basket_lesson",
    "keep_basket_ranks",
    "keep_commodity",
    "keep_study",
    "lapse",
    "lapse_refills",
    "learn_baskets",
    "map_listing",
    "note_orders",
    "note_visit",
    "pause_standing",
    "place_turn",
    "propose",
    "put_off",
    "rank_baskets",
    "rebuild",
    "rebuild_after_refunds",
    "rebuild_stale",
    "refuse",
    "resume_standing",
    "send_refills",
    "skip_turn",
    "study",
    "take_next_basket",
    "tell_bought",
]
