"""What was left undecided is put to the vote again: as a new meeting, with a roll and a record day of its own."""

from __future__ import annotations

from datetime import date, datetime

from linli.estate.assembly import rules
from linli.estate.assembly.actions.preparing import draft_meeting, held_meeting
from linli.estate.assembly.models import Meeting, Motion
from linli.kernel import ids
from linli.kernel.ids import CommunityId, MeetingId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


class NothingUndecided(Refusal):
    """Every motion was decided, or can still be."""

    says = _("Only what was called off, or had too few votes, is put to the vote again.")


@action(needs=May.HOLD_ASSEMBLY)
def draft_again(
    scope: Scope, *, meeting: MeetingId, record_on: date, opens_at: datetime, closes_at: datetime, at: datetime
) -> MeetingId:
    """This will draft a meeting with what another one left undecided: all of one that was called off, and of one that
    lacked its quorum all but the surveys, which need none. The draft can be changed before it is announced."""
    row = held_meeting(scope, meeting)
    undecided = Motion.objects.within(scope).filter(meeting=row).order_by("position")
    if _lacks_quorum(row):
        undecided = undecided.exclude(matter=rules.Matter.SURVEY.value)
    elif row.state != rules.MeetingState.CANCELLED:
        raise NothingUndecided
    motions = list(undecided)
    if not motions:
        raise NothingUndecided
    drafted = draft_meeting(
        scope,
        community=CommunityId(row.community),
        title=row.title,
        text=row.text,
        record_on=record_on,
        opens_at=opens_at,
        closes_at=closes_at,
        is_secret=row.is_secret,
        at=at,
    )
    for position, motion in enumerate(motions, start=1):
        motion.id, motion.meeting_id, motion.position = ids.new(), drafted, position
    Motion.objects.bulk_create(motions)
    return drafted


def _lacks_quorum(row: Meeting) -> bool:
    if row.state != rules.MeetingState.CLOSED:
        return False
    quorum = rules.terms_of(row.terms).quorum
    return not (quorum.holds(row.voted_area_dm2, row.area_dm2) and quorum.holds(row.voted_heads, row.heads))
