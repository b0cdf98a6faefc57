"""The questions about figures, each shaped for the page that asks."""

from linli.insight.dashboards.queries.carrying import Carried, CarryPage, what_to_carry
from linli.insight.dashboards.queries.communities import (
    CommunityFigures,
    communities_in_numbers,
    community_in_numbers,
)
from linli.insight.dashboards.queries.neighbours import NeighbourLine, NeighboursPage, neighbours_joining
from linli.insight.dashboards.queries.segments import (
    SegmentLine,
    SegmentsPage,
    segments_of_community,
    segments_of_shop,
)

__all__ = [
    "Carried",
    "CarryPage",
    "CommunityFigures",
    "NeighbourLine",
    "NeighboursPage",
    "SegmentLine",
    "SegmentsPage",
    "communities_in_numbers",
    "community_in_numbers",
    "neighbours_joining",
    "segments_of_community",
    "segments_of_shop",
    "what_to_carry",
]
