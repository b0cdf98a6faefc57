"""What owners have to say against a result."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.estate.assembly import rules
from linli.estate.assembly.actions.preparing import held_meeting
from linli.estate.assembly.models import Objection, Voter
from linli.kernel import ids
from linli.kernel.ids import MeetingId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

LONGEST = 1000


class NoLongerTaken(Refusal):
    """Objections are noted within some days of the closing."""

    says = _("Objections are noted within {days} days of the closing.")


class ObjectedAlready(Refusal):
    """One objection of one person."""

    says = _("Your objection is noted already.")


@action(needs=May.VOTE, private=("text",))
def note_objection(scope: Scope, *, meeting: MeetingId, text: str, at: datetime) -> None:
    """This will note an owner's objection in the minutes."""
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise Invalid("text", _("Please write between 1 and {most} characters."), most=LONGEST)
    if (
        scope.person is None
        or not Voter.objects.within(scope).filter(meeting=meeting, members__contains=[scope.person]).exists()
    ):
        raise NotFound("meeting")
    row = held_meeting(SYSTEM, meeting)
    days = rules.terms_of(row.terms).objection_days
    if row.state != rules.MeetingState.CLOSED or at > row.closes_at + timedelta(days=days):
        raise NoLongerTaken(days=days)
    if Objection.objects.within(scope).filter(meeting=row, person=scope.person).exists():
        raise ObjectedAlready
    Objection.objects.create(
        id=ids.new(), community=row.community, meeting=row, person=scope.person, text=said, noted_at=at
    )
