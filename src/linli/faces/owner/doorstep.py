"""What of the property company's counters stands on a resident's first page: who is at the gate, a price that waits for
a yes, what is due, parcels, votes, what is off at home, and the latest notices. A closed counter shows nothing."""

from __future__ import annotations

from dataclasses import dataclass

from linli.estate.assembly import queries as assembly
from linli.estate.billing import queries as billing
from linli.estate.notices import queries as notices
from linli.estate.notices.queries import NoticeLine
from linli.estate.parcels import queries as parcels
from linli.estate.visits import queries as visits
from linli.estate.workorders import queries as workorders
from linli.estate.workorders.queries import MyOrder, OutageCard
from linli.faces.owner.counters import closed_counters
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money

MOST_PRICES = 3
MOST_OUTAGES = 3
MOST_NOTICES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorstep:
    """What waits at the company's counters, the most urgent first, and what the company lets the resident know."""

    at_the_gate: int = 0
    prices: tuple[MyOrder, ...] = ()
    due: Money = Money.zero
    parcels: int = 0
    votes: int = 0
    outages: tuple[OutageCard, ...] = ()
    notices: tuple[NoticeLine, ...] = ()
    unread: int = 0
    closed: frozenset[str] = frozenset()
    """Words of the policies whose counters the community keeps closed."""

    @property
    def waits(self) -> bool:
        """This will tell whether anything of it waits for the resident."""
        return bool(self.at_the_gate or self.prices or self.due or self.parcels or self.votes)


def doorstep(request: OwnerRequest, community: CommunityId) -> Doorstep:
    """This will gather what of the counters stands on the first page: one statement a counter that is open."""
    closed = closed_counters(request, community)
    scope, at = request.scope, request.at
    works, reads = "workorders" not in closed, "notices" not in closed
    return Doorstep(
        at_the_gate=0 if "visits" in closed else visits.waiting(scope, at=at)[0],
        prices=workorders.prices_to_answer(scope, limit=MOST_PRICES) if works else (),
        due=Money.zero if "billing" in closed else billing.owed(scope, at=at).amount,
        parcels=0 if "parcels" in closed else parcels.waiting(scope),
        votes=0 if "assembly" in closed else assembly.meetings_waiting(scope, at=at),
        outages=workorders.outages_here(scope, community=community, homes=request.homes, at=at, limit=MOST_OUTAGES)
        if works
        else (),
        notices=notices.latest(scope, at=at, limit=MOST_NOTICES) if reads else (),
        unread=notices.unread(scope, at=at) if reads else 0,
        closed=closed,
    )
