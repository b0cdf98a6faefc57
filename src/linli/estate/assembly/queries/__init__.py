"""Questions about meetings, the roll, and what an owner may vote on."""

from linli.estate.assembly.queries.going_on import going_on
from linli.estate.assembly.queries.meetings import (
    MeetingCard,
    MeetingPage,
    MotionCard,
    MotionResult,
    meeting_page,
    meetings,
    meetings_due,
    meetings_waiting,
)
from linli.estate.assembly.queries.records import AssemblyRecords, my_assembly_records
from linli.estate.assembly.queries.voters import (
    LetterCard,
    MyVote,
    PaperCard,
    RollRow,
    my_votes,
    papers_waiting,
    proxy_letters,
    roll,
    roll_row,
)

__all__ = [
    "AssemblyRecords",
    "LetterCard",
    "MeetingCard",
    "MeetingPage",
    "MotionCard",
    "MotionResult",
    "MyVote",
    "PaperCard",
    "RollRow",
    "going_on",
    "meeting_page",
    "meetings",
    "meetings_due",
    "meetings_waiting",
    "my_assembly_records",
    "my_votes",
    "papers_waiting",
    "proxy_letters",
    "roll",
    "roll_row",
]
