"""What runs in the process beside the worker: columns come in as JSON, forecasts go out, the memory goes with it."""

from __future__ import annotations

import msgspec

from linli.insight.replenish.rules import asking
from linli.insight.replenish.rules.asking import Ask, AskStudy
from linli.spine import beside


def _answered(question: bytes) -> bytes:
    asked = msgspec.json.Decoder(Ask | AskStudy).decode(question)
    return msgspec.json.encode(asking.answer(asked) if isinstance(asked, Ask) else asking.answer_study(asked))


if __name__ == "__main__":
    beside.reply(_answered)
