"""What runs in the process beside the worker: the days of some shops come in, the quantiles of the next ones go out."""

from __future__ import annotations

import msgspec

from linli.insight.demand import rules
from linli.spine import beside
from linli.spine.decoding import decode


def _answered(question: bytes) -> bytes:
    return msgspec.json.encode(rules.answer(decode(question, rules.Asked)))


if __name__ == "__main__":
    beside.reply(_answered)
