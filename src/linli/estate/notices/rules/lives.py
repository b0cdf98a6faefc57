"""The life of a notice, its kinds, and to whom it may be addressed."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class NoticeState(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class Deed(StrEnum):
    """What is done to a notice without a step in its life, and stands in its history."""

    CHANGE = "change"
    PIN = "pin"
    UNPIN = "unpin"
    TELL_AGAIN = "tell_again"


class NoticeVerb(StrEnum):
    WRITE = "write"
    ASK = "ask"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SCHEDULE = "schedule"
    RECALL = "recall"
    PUBLISH = "publish"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


NOTICE_LIFE: Life[NoticeState, NoticeVerb] = Life(
    birth=NoticeState.DRAFT,
    moves={
        (NoticeState.DRAFT, NoticeVerb.ASK): NoticeState.ASKED,
        (NoticeState.DRAFT, NoticeVerb.SCHEDULE): NoticeState.SCHEDULED,
        (NoticeState.DRAFT, NoticeVerb.DISCARD): NoticeState.DISCARDED,
        (NoticeState.ASKED, NoticeVerb.APPROVE): NoticeState.SCHEDULED,
        (NoticeState.ASKED, NoticeVerb.SEND_BACK): NoticeState.DRAFT,
        (NoticeState.SCHEDULED, NoticeVerb.RECALL): NoticeState.DRAFT,
        (NoticeState.SCHEDULED, NoticeVerb.PUBLISH): NoticeState.PUBLISHED,
        (NoticeState.PUBLISHED, NoticeVerb.EXPIRE): NoticeState.EXPIRED,
        (NoticeState.PUBLISHED, NoticeVerb.WITHDRAW): NoticeState.WITHDRAWN,
    },
)


class NoticeKind(StrEnum):
    GENERAL = "general"
    OUTAGE = "outage"
    SAFETY = "safety"
    ACTIVITY = "activity"
    DISCLOSURE = "disclosure"


def deed_of_pinning(pinned: bool) -> str:
    """This will name what was done to a notice that stands above the others now, or among them again."""
    return (Deed.PIN if pinned else Deed.UNPIN).value


URGENT = frozenset({NoticeKind.OUTAGE, NoticeKind.SAFETY})
"""Messages about these do not wait for the morning."""


class Level(StrEnum):
    """How wide the place of an audience is."""

    COMMUNITY = "community"
    BUILDING = "building"
    UNIT = "unit"
    HOME = "home"
    TAG = "tag"
    """Homes that the desk has put a word on: those with a garden, those under the roof that is mended."""


class Who(StrEnum):
    """Who of the people there. There is no such tag as those in arrears: what somebody owes is said to them alone."""

    EVERYBODY = "everybody"
    OWNERS = "owners"
    TENANTS = "tenants"
