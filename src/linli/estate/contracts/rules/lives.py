"""The life of a contract and of a row of its plan."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class Direction(StrEnum):
    """Who pays whom."""

    COLLECT = "collect"
    PAY = "pay"


class ContractState(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDING = "ending"
    ENDED = "ended"
    TERMINATED = "terminated"
    DROPPED = "dropped"


class ContractVerb(StrEnum):
    DRAFT = "draft"
    REVISE = "revise"
    SIGN = "sign"
    DROP = "drop"
    AMEND = "amend"
    REMIND = "remind"
    END = "end"
    TERMINATE = "terminate"


_S, _V = ContractState, ContractVerb
CONTRACT_LIFE = Life(
    birth=_S.DRAFT,
    moves={
        (_S.DRAFT, _V.REVISE): _S.DRAFT,
        (_S.DRAFT, _V.SIGN): _S.IN_FORCE,
        (_S.DRAFT, _V.DROP): _S.DROPPED,
        (_S.IN_FORCE, _V.AMEND): _S.IN_FORCE,
        (_S.IN_FORCE, _V.REMIND): _S.ENDING,
        (_S.IN_FORCE, _V.END): _S.ENDED,
        (_S.IN_FORCE, _V.TERMINATE): _S.TERMINATED,
        (_S.ENDING, _V.AMEND): _S.IN_FORCE,
        (_S.ENDING, _V.END): _S.ENDED,
        (_S.ENDING, _V.TERMINATE): _S.TERMINATED,
    },
)
"""A draft waits for the desk until it is dropped; what is in force waits for its own end."""
UNSIGNED = (_S.DRAFT, _S.DROPPED)
"""What only the company knows of."""
RUNNING = (_S.IN_FORCE, _S.ENDING)


class RowState(StrEnum):
    PLANNED = "planned"
    FREE = "free_of_charge"
    CHARGED = "charged"
    PAID = "paid"
    CUT = "cut"


class RowVerb(StrEnum):
    LEAVE_FREE = "leave_free"
    CHARGE = "charge"
    PAY = "pay"
    REOPEN = "open_again"
    CUT = "cut"


ROW_LIFE = Life(
    birth=RowState.PLANNED,
    moves={
        (RowState.PLANNED, RowVerb.LEAVE_FREE): RowState.FREE,
        (RowState.PLANNED, RowVerb.CHARGE): RowState.CHARGED,
        (RowState.PLANNED, RowVerb.PAY): RowState.PAID,
        (RowState.PLANNED, RowVerb.CUT): RowState.CUT,
        (RowState.FREE, RowVerb.CUT): RowState.CUT,
        (RowState.CHARGED, RowVerb.PAY): RowState.PAID,
        (RowState.CHARGED, RowVerb.CUT): RowState.CUT,
        (RowState.PAID, RowVerb.REOPEN): RowState.CHARGED,
        (RowState.PAID, RowVerb.CUT): RowState.CUT,
    },
)
"""To be collected: planned, charged, paid. To be paid: planned, paid. A row that costs nothing is charged to nobody."""
