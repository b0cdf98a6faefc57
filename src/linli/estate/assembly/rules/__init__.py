"""The rules of the assembly: who has a vote, what is a vote, and what the votes come to."""

from linli.estate.assembly.rules.counting import Outcome, Side, Step, Verdict, decide, tally, turned_out
from linli.estate.assembly.rules.electorate import Head, Owned, heads, in_dm2
from linli.estate.assembly.rules.lives import (
    MEETING_LIFE,
    PAPER_LIFE,
    Matter,
    MeetingState,
    MeetingVerb,
    PaperState,
    PaperVerb,
    Way,
)
from linli.estate.assembly.rules.motions import DECISION, Answers, MotionTerms, checked
from linli.estate.assembly.rules.policy import AssemblyPolicy, Share, Terms, terms_of

__all__ = [
    "DECISION",
    "MEETING_LIFE",
    "PAPER_LIFE",
    "Answers",
    "AssemblyPolicy",
    "Head",
    "Matter",
    "MeetingState",
    "MeetingVerb",
    "MotionTerms",
    "Outcome",
    "Owned",
    "PaperState",
    "PaperVerb",
    "Share",
    "Side",
    "Step",
    "Terms",
    "Verdict",
    "Way",
    "checked",
    "decide",
    "heads",
    "in_dm2",
    "tally",
    "terms_of",
    "turned_out",
]
