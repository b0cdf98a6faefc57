"""The desk's first page: what waits for whoever asks, how the month goes, and each community with its trouble first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.queries import ReceivedDay
from linli.estate.workorders import queries as work
from linli.faces.property.communities import own_communities
from linli.faces.property.on_foot import has_places
from linli.faces.property.waiting import tiles
from linli.faces.shell import voice
from linli.faces.shell.months import Month, chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.money.payouts import queries as payouts
from linli.spine.may import May


@dataclass(frozen=True)
class Care:
    """A community in the company's care; of what its asker's duty does not open, nothing is counted."""

    card: CommunityCard
    homes: int
    lived_in: int
    residents: int
    earned: Money
    homes_late: int
    work_late: int

    @property
    def is_troubled(self) -> bool:
        return bool(self.homes_late or self.work_late)


@dataclass(frozen=True)
class Fees:
    """A month's charging so far: what went out, and what came in up to each day, against the month before."""

    charged: Money
    received: Money
    days: tuple[int, ...]
    so_far: tuple[Money, ...]
    before: tuple[Money, ...]


@dataclass(frozen=True)
class Punctuality:
    """Of the work of a month that is done, how much was done in the time promised."""

    done: int
    in_time: int

    @property
    def basis_points(self) -> int:
        return self.in_time * 10_000 // self.done


@page("property", "GET", "", name="home")
def show(request: PropertyRequest) -> HttpResponse:
    """This will show what waits for the asker, and as far as their duty goes, how the month goes in each community."""
    cards = own_communities(request)
    month = chosen_month(request.query, at=request.at)
    ids = [card.id for card in cards]
    earns = request.scope.may(May.READ_OWN_STATEMENTS)
    sums = payouts.earned_by_community(request.scope, payee=request.company, period=month.period) if earns else {}
    return request.render(
        "property/overview.jinja",
        tiles=tiles(request),
        goes_on_foot=has_places(request),
        fees=_fees(request, ids, month.first) if request.scope.may(May.CHASE_ARREARS) else None,
        punctuality=_punctuality(request, ids, month) if request.scope.may(May.DISPATCH_WORK) else None,
        cares=_cares(request, cards, {community: earned - back for community, (earned, back) in sums.items()}),
        earns=earns,
        earned=Money.total(earned - back for earned, back in sums.values()),
        month=month,
    )


def _cares(
    request: PropertyRequest, cards: Sequence[CommunityCard], earned: dict[CommunityId, Money]
) -> tuple[Care, ...]:
    ids = [card.id for card in cards]
    homes = places.homes_counted(ids) if ids else {}
    lived = people.residents_counted(request.scope, communities=ids, at=request.at)
    chases, dispatches = request.scope.may(May.CHASE_ARREARS), request.scope.may(May.DISPATCH_WORK)
    arrears = billing.late_in(request.scope, communities=ids, on=_today(request)) if chases else {}
    overdue = work.late_in(request.scope, communities=ids, at=request.at) if dispatches else {}
    cares = []
    for card in cards:
        residents, doors = lived.get(card.id, (0, 0))
        late = arrears.get(card.id, 0), overdue.get(card.id, 0)
        cares.append(Care(card, homes.get(card.id, 0), doors, residents, earned.get(card.id, Money.zero), *late))
    return tuple(cares)


def _fees(request: PropertyRequest, ids: Sequence[CommunityId], first: date) -> Fees:
    last_month = (first - timedelta(days=1)).replace(day=1)
    charged = billing.charged_sums(request.scope, communities=ids, since=first, until=first)
    received = billing.received_by_day(request.scope, communities=ids, since=last_month, until=first)
    length, today = monthrange(first.year, first.month)[1], _today(request)
    elapsed = today.day if (today.year, today.month) == (first.year, first.month) else length
    so_far = _added_up(received, first, elapsed)
    return Fees(
        charged=Money.total(one.charged - one.credited for one in charged),
        received=so_far[-1],
        days=tuple(range(1, length + 1)),
        so_far=so_far,
        before=_added_up(received, last_month, length),
    )


def _added_up(received: Sequence[ReceivedDay], first: date, days: int) -> tuple[Money, ...]:
    """What had come in by the end of each of the first days of a month; a shorter month stays where it ended."""
    by_day = {one.day: one.amount for one in received if one.day.replace(day=1) == first}
    return tuple(accumulate(by_day.get(first + timedelta(days=n), Money.zero) for n in range(days)))


def _punctuality(request: PropertyRequest, ids: Sequence[CommunityId], month: Month) -> Punctuality | None:
    start, end = month.bounds
    found = work.punctuality(request.scope, communities=ids, start=start, end=end)
    done = sum(one.done for one in found)
    return Punctuality(done, sum(one.done_in_time for one in found)) if done else None


def _today(request: PropertyRequest) -> date:
    return request.at.astimezone(voice.current().zone).date()
