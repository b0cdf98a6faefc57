"""The life of a wave: planned from what was ordered until the cut-off, committed, planned anew when that changes."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class WaveState(StrEnum):
    PLANNED = "planned"
    COMMITTED = "committed"
    DONE = "done"
    DISCARDED = "discarded"


class WaveVerb(StrEnum):
    COMMIT = "commit"
    REPLAN = "replan"
    FINISH = "finish"
    DISCARD = "discard"


_S, _V = WaveState, WaveVerb
WAVE_LIFE: Life[WaveState, WaveVerb] = Life(
    birth=_S.PLANNED,
    moves={
        (_S.PLANNED, _V.COMMIT): _S.COMMITTED,
        (_S.PLANNED, _V.DISCARD): _S.DISCARDED,
        (_S.COMMITTED, _V.REPLAN): _S.COMMITTED,
        (_S.COMMITTED, _V.FINISH): _S.DONE,
        (_S.COMMITTED, _V.DISCARD): _S.DISCARDED,
    },
)
"""A committed wave waits for the end of its slot; one from which everything was cancelled is discarded."""


class Method(StrEnum):
    """What made a plan."""

    SOLVER = "solver"
    LAST_GOOD = "last_good"
    """The solver failed: the plan of before, repaired."""
    SIMPLE = "simple"
    """The solver failed and there was no plan: the heuristic that always serves."""
    REPAIRED = "repaired"
    """The plan of before with what changed put in or taken out, so that nearly everybody keeps their courier."""
    NOTHING = "no_orders"
    """There is no plan: none yet, or nothing to deliver."""


class Pooling(StrEnum):
    """Whether the communities of a zone shared runs in a slot: only where that is not dearer."""

    POOLED = "pooled"
    SEPARATE = "separate"
