"""What happened in the assembly."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, MeetingId


class MeetingAnnounced(Fact):
    """The owners were told what they will vote on, and who has a vote is fixed."""

    meeting: MeetingId
    community: CommunityId


class MeetingClosed(Fact):
    """The votes are counted."""

    meeting: MeetingId
    community: CommunityId
