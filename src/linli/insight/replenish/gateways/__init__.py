"""The way to the engine: a process of its own for each portion, so that the worker never holds numpy."""

from __future__ import annotations

import msgspec

from linli.insight.replenish.rules.asking import Ask, AskStudy, Study, Told
from linli.insight.replenish.rules.basket_asking import AskLesson, AskRanks, BasketLesson, Ranks
from linli.spine import beside
from linli.spine.decoding import decode

LIMIT_S = 300
_CHILD = "linli.insight.replenish.gateways.child"


def foretell(ask: Ask) -> Told:
    """This will have a portion of states foretold."""
    return decode(beside.ask(_CHILD, msgspec.json.encode(ask), limit_s=LIMIT_S), Told)


def study(ask: AskStudy) -> Study:
    """This will have purchases studied."""
    return decode(beside.ask(_CHILD, msgspec.json.encode(ask), limit_s=LIMIT_S), Study)


def learn_baskets(ask: AskLesson) -> BasketLesson:
    """This will have past baskets of a city studied."""
    return decode(beside.ask(_CHILD, msgspec.json.encode(ask), limit_s=LIMIT_S), BasketLesson)


def rank_baskets(ask: AskRanks) -> Ranks:
    """This will have put in order what some households buy."""
    return decode(beside.ask(_CHILD, msgspec.json.encode(ask), limit_s=LIMIT_S), Ranks)
