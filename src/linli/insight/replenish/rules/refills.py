"""The life of a visit that fills the bin with what comes and takes the old away."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life

SERVICE = "refill"
"""The word of the service at the property company; where it is missing, or has no fixed price, there is no visit."""


class RefillState(StrEnum):
    """Where a visit stands."""

    ASKED = "asked"
    """Wanted and its price agreed to; it waits for the goods to be paid for."""
    COMING = "coming"
    DONE = "done"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class RefillVerb(StrEnum):
    """What happens to a visit."""

    ASK = "ask"
    SEND = "send"
    FINISH = "finish"
    REOPEN = "reopen"
    CALL_OFF = "call_off"
    LAPSE = "lapse"


_S, _V = RefillState, RefillVerb
REFILL_LIFE = Life(
    birth=_S.ASKED,
    moves={
        (_S.ASKED, _V.SEND): _S.COMING,
        (_S.ASKED, _V.CALL_OFF): _S.CALLED_OFF,
        (_S.ASKED, _V.LAPSE): _S.LAPSED,
        (_S.COMING, _V.FINISH): _S.DONE,
        (_S.COMING, _V.CALL_OFF): _S.CALLED_OFF,
        (_S.DONE, _V.REOPEN): _S.COMING,
    },
)
