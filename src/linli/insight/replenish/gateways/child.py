"""What runs in the process beside the worker: columns come in as JSON, forecasts go out, the memory goes with it."""

from __future__ import annotations

import msgspec

from linli.insight.replenish.rules import asking, basket_asking
from linli.insight.replenish.rules.asking import Ask, AskStudy
from linli.insight.replenish.rules.basket_asking import AskLesson, AskRanks
from linli.spine import beside


def _answered(question: bytes) -> bytes:
    asked = msgspec.json.Decoder(Ask | AskStudy | AskLesson | AskRanks).decode(question)
    return msgspec.json.encode(_answer(asked))


def _answer(asked: Ask | AskStudy | AskLesson | AskRanks) -> msgspec.Struct:
    match asked:
        case Ask():
            return asking.answer(asked)
        case AskStudy():
            return asking.answer_study(asked)
        case AskLesson():
            return basket_asking.answer_lesson(asked)
        case AskRanks():
            return basket_asking.answer_ranks(asked)


if __name__ == "__main__":
    beside.reply(_answered)
