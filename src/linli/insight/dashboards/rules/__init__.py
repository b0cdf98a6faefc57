"""The rules of the figures: plain values in, plain values out."""

from linli.insight.dashboards.rules.carrying import (
    Bought,
    Line,
    Reason,
    Shelf,
    Terms,
    Verdict,
    Worth,
    judge,
    weekly,
)
from linli.insight.dashboards.rules.joining import Group, Joined, joining
from linli.insight.dashboards.rules.policy import FiguresPolicy
from linli.insight.dashboards.rules.segments import HABITS, Segment, Shown, segment_of, segments, shown

__all__ = [
    "HABITS",
    "Bought",
    "FiguresPolicy",
    "Group",
    "Joined",
    "Line",
    "Reason",
    "Segment",
    "Shelf",
    "Shown",
    "Terms",
    "Verdict",
    "Worth",
    "joining",
    "judge",
    "segment_of",
    "segments",
    "shown",
    "weekly",
]
