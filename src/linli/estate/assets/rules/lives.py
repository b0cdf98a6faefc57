"""The lives of an asset, of a due task, of a stock-taking and of a batch."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class AssetState(StrEnum):
    IN_USE = "in_use"
    IN_REPAIR = "in_repair"
    STORED = "stored"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    """Taken back with the batch that brought it."""


class AssetVerb(StrEnum):
    REGISTER = "register"
    MEND = "send_to_repair"
    USE = "put_in_use"
    STORE = "put_in_store"
    RELOCATE = "relocate"
    RETIRE = "retire"
    WITHDRAW = "take_back"


_S, _V = AssetState, AssetVerb
ASSET_LIFE = Life(
    birth=_S.IN_USE,
    moves={
        (_S.IN_USE, _V.MEND): _S.IN_REPAIR,
        (_S.IN_USE, _V.STORE): _S.STORED,
        (_S.IN_USE, _V.RELOCATE): _S.IN_USE,
        (_S.IN_USE, _V.RETIRE): _S.RETIRED,
        (_S.IN_USE, _V.WITHDRAW): _S.WITHDRAWN,
        (_S.IN_REPAIR, _V.USE): _S.IN_USE,
        (_S.IN_REPAIR, _V.STORE): _S.STORED,
        (_S.IN_REPAIR, _V.RETIRE): _S.RETIRED,
        (_S.STORED, _V.USE): _S.IN_USE,
        (_S.STORED, _V.MEND): _S.IN_REPAIR,
        (_S.STORED, _V.RELOCATE): _S.STORED,
        (_S.STORED, _V.RETIRE): _S.RETIRED,
    },
)
"""What is in repair is waited for: it is late after the days of the community's policy."""
HERE = (_S.IN_USE, _S.IN_REPAIR, _S.STORED)
"""What the company has."""


class TaskState(StrEnum):
    OPEN = "open"
    WORKED = "worked"
    """The work order is done; answers or the certificate are missing."""
    DONE = "done"
    CALLED_OFF = "called_off"


class TaskVerb(StrEnum):
    WORK = "work"
    FINISH = "finish"
    CALL_OFF = "call_off"


TASK_LIFE = Life(
    birth=TaskState.OPEN,
    moves={
        (TaskState.OPEN, TaskVerb.WORK): TaskState.WORKED,
        (TaskState.OPEN, TaskVerb.FINISH): TaskState.DONE,
        (TaskState.OPEN, TaskVerb.CALL_OFF): TaskState.CALLED_OFF,
        (TaskState.WORKED, TaskVerb.FINISH): TaskState.DONE,
        (TaskState.WORKED, TaskVerb.CALL_OFF): TaskState.CALLED_OFF,
    },
)
"""A task waits for whoever has its work order, until its date; then it is overdue and the desk is told."""
UNDONE = (TaskState.OPEN, TaskState.WORKED)


class TakingState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    LAPSED = "lapsed"
    CALLED_OFF = "called_off"


class TakingVerb(StrEnum):
    CLOSE = "close"
    LAPSE = "lapse"
    CALL_OFF = "call_off"


TAKING_LIFE = Life(
    birth=TakingState.OPEN,
    moves={
        (TakingState.OPEN, TakingVerb.CLOSE): TakingState.CLOSED,
        (TakingState.OPEN, TakingVerb.LAPSE): TakingState.LAPSED,
        (TakingState.OPEN, TakingVerb.CALL_OFF): TakingState.CALLED_OFF,
    },
)


class BatchState(StrEnum):
    TAKEN = "taken"
    UNDONE = "undone"


class BatchVerb(StrEnum):
    UNDO = "undo"


BATCH_LIFE = Life(birth=BatchState.TAKEN, moves={(BatchState.TAKEN, BatchVerb.UNDO): BatchState.UNDONE})
