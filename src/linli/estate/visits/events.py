"""What happened with visitors: machines at doors listen, and whoever shows a gate."""

from __future__ import annotations

from linli.estate.visits.rules import Way
from linli.kernel.facts import Fact
from linli.kernel.ids import ArrivalId, CommunityId, HomeId, VisitPassId


class PassOpened(Fact):
    """A guest was invited."""

    visit_pass: VisitPassId
    community: CommunityId
    home: HomeId


class PassRevoked(Fact):
    """A pass ended before its time; whoever keeps a list of passes takes it out."""

    visit_pass: VisitPassId
    community: CommunityId


class VisitorPassed(Fact):
    """Somebody came in or went out with a pass or an allowed arrival."""

    visit_pass: VisitPassId | None
    arrival: ArrivalId | None
    community: CommunityId
    home: HomeId
    way: Way


class ArrivalRegistered(Fact):
    """Somebody stands at the gate without a pass, and the home is asked."""

    arrival: ArrivalId
    community: CommunityId
    home: HomeId


class ArrivalAnswered(Fact):
    """The home said whether they may come in."""

    arrival: ArrivalId
    community: CommunityId
    allowed: bool
