"""The lives and kinds of the assembly."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class Matter(StrEnum):
    """What is decided: it says which share of those who vote has to consent."""

    ORDINARY = "ordinary"
    RESERVED = "reserved"
    CHOICE = "choice"
    """One of several options, each of which needs what an ordinary matter needs."""
    SURVEY = "survey"
    """Asked only to know; nothing is decided."""


class Way(StrEnum):
    """How a ballot came."""

    PHONE = "phone"
    PROXY = "proxy"
    PAPER = "paper"


class MeetingState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingVerb(StrEnum):
    ANNOUNCE = "announce"
    OPEN = "open"
    CLOSE = "close"
    CANCEL = "cancel"


MEETING_LIFE = Life(
    birth=MeetingState.DRAFT,
    moves={
        (MeetingState.DRAFT, MeetingVerb.ANNOUNCE): MeetingState.ANNOUNCED,
        (MeetingState.DRAFT, MeetingVerb.CANCEL): MeetingState.CANCELLED,
        (MeetingState.ANNOUNCED, MeetingVerb.OPEN): MeetingState.OPEN,
        (MeetingState.ANNOUNCED, MeetingVerb.CANCEL): MeetingState.CANCELLED,
        (MeetingState.OPEN, MeetingVerb.CLOSE): MeetingState.CLOSED,
        (MeetingState.OPEN, MeetingVerb.CANCEL): MeetingState.CANCELLED,
    },
)
"""The clock opens and closes; a meeting that went wrong is cancelled with a reason, never changed once announced."""


class PaperState(StrEnum):
    WAITING = "waiting"
    COUNTED = "counted"
    DIFFERS = "differs"


class PaperVerb(StrEnum):
    COUNT = "count"
    DIFFER = "differ"


PAPER_LIFE = Life(
    birth=PaperState.WAITING,
    moves={
        (PaperState.WAITING, PaperVerb.COUNT): PaperState.COUNTED,
        (PaperState.WAITING, PaperVerb.DIFFER): PaperState.DIFFERS,
    },
)
"""A paper ballot counts when a second person has read the same from it without seeing what the first one read."""
