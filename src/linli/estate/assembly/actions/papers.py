"""Paper ballots: one person reads, a second one reads again without seeing what the first one read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from linli.estate.assembly import rules
from linli.estate.assembly.actions.preparing import held_meeting
from linli.estate.assembly.actions.voting import VotedAlready, count_ballot, insist_open, motions_of
from linli.estate.assembly.models import Paper, Voter
from linli.ground.files import actions as files
from linli.kernel import ids
from linli.kernel.ids import MeetingId, MotionId, PartyId, VoterId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

Answers = dict[MotionId, tuple[int, ...]]


class SecretOnPaper(Refusal):
    """Two people would read, and the house keep for a while, what nobody may know."""

    says = _("A secret vote is cast on the phone only. Whoever has none can give a proxy.")


class SamePerson(Refusal):
    """The second reading is another person's."""

    says = _("The second reading has to be done by somebody else.")


class ReadAlready(Refusal):
    """One reading waits for the second."""

    says = _("This ballot was read once already. It waits for the second reading.")


class Reading(StrEnum):
    """What a second reading came to."""

    COUNTED = "counted"
    DIFFERS = "differs"


@action(needs=May.HOLD_ASSEMBLY, private=("answers", "scan"), shown_once=True)
def enter_paper(
    scope: Scope, *, voter: VoterId, answers: Answers, scan: Sequence[tuple[str, bytes]] = (), at: datetime
) -> None:
    """This will keep what one person read from a paper ballot until a second one has read it as well."""
    head, ballot, reader = _read(scope, voter, answers, at)
    if Paper.objects.within(scope).filter(voter=head, state=rules.PaperState.WAITING.value).exists():
        raise ReadAlready
    kept = files.keep_files(scope, uploads=scan, field="scan", most=1, at=at)
    Paper.objects.create(
        id=ids.new(),
        community=head.community,
        voter=head,
        answers={str(motion): list(picked) for motion, picked in ballot.items()},
        scan=kept[0] if kept else None,
        state=rules.PAPER_LIFE.birth.value,
        entered_by=reader,
        entered_at=at,
    )


@action(needs=May.HOLD_ASSEMBLY, private=("answers",), shown_once=True)
def confirm_paper(scope: Scope, *, voter: VoterId, answers: Answers, at: datetime) -> Reading:
    """This will count a paper ballot that two people read alike; read differently, both readings are void."""
    head, ballot, reader = _read(scope, voter, answers, at)
    paper = Paper.objects.within(scope).filter(voter=head, state=rules.PaperState.WAITING.value).first()
    if paper is None:
        raise NotFound("paper ballot")
    if paper.entered_by == reader:
        raise SamePerson
    alike = paper.answers == {str(motion): list(picked) for motion, picked in ballot.items()}
    verb = rules.PaperVerb.COUNT if alike else rules.PaperVerb.DIFFER
    state = rules.PAPER_LIFE.after(rules.PaperState(paper.state), verb)
    Paper.objects.within(scope).filter(pk=paper.pk).update(state=state.value)
    if alike:
        count_ballot(
            SYSTEM,
            meeting=MeetingId(head.meeting_id),
            voter=voter,
            answers=answers,
            way=rules.Way.PAPER,
            person=PartyId(paper.entered_by),
            second=reader,
            at=at,
        )
    return Reading.COUNTED if alike else Reading.DIFFERS


def _read(scope: Scope, voter: VoterId, answers: Answers, at: datetime) -> tuple[Voter, Answers, PartyId]:
    head = Voter.objects.within(scope).filter(pk=voter).first()
    if head is None or scope.person is None:
        raise NotFound("voter")
    row = held_meeting(scope, MeetingId(head.meeting_id))
    insist_open(row, at)
    if row.is_secret:
        raise SecretOnPaper
    if not head.members:
        raise Invalid("voter", _("Nobody is known to own this home, so nobody votes for it."))
    head.refresh_from_db(from_queryset=Voter.objects.within(scope))
    if head.voted_at is not None:
        raise VotedAlready
    return head, rules.checked(motions_of(scope, MeetingId(head.meeting_id)), answers), scope.person
