"""What happened with notices."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, NoticeId


class NoticePublished(Fact):
    """A notice can be read by those it is addressed to."""

    notice: NoticeId
    community: CommunityId
    recipients: int


class NoticeWithdrawn(Fact):
    """A notice is not shown any more."""

    notice: NoticeId
    community: CommunityId
