"""What waits for whoever opens the desk: a count for each counter that their duty opens, each one statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BankState
from linli.estate.metering import queries as metering
from linli.estate.parcels import queries as parcels
from linli.estate.patrols import queries as patrols
from linli.estate.permits import queries as permits
from linli.estate.workorders import queries as work
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.words import _
from linli.spine.may import May


@dataclass(frozen=True, slots=True)
class Tile:
    """A counter with something to do: how much, and the page on which it is done."""

    name: str
    page: str
    waits: int


@dataclass(frozen=True, slots=True)
class _Counter:
    needs: May
    name: str
    page: str
    count: Callable[[PropertyRequest], int]


def _jobs(request: PropertyRequest) -> int:
    return len(work.my_jobs(request.scope, at=request.at))


def _rounds(request: PropertyRequest) -> int:
    return len(patrols.my_patrols(request.scope, at=request.at))


def _open_work(request: PropertyRequest) -> int:
    return work.going_on(request.scope, communities=request.communities)


def _doubtful(request: PropertyRequest) -> int:
    return metering.doubtful_counted(request.scope, communities=request.communities)


def _parcels(request: PropertyRequest) -> int:
    return parcels.ages(request.scope, communities=request.communities, at=request.at).waiting


def _permits(request: PropertyRequest) -> int:
    return permits.going_on(request.scope, communities=request.communities)


def _bank_lines(request: PropertyRequest) -> int:
    return billing.bank_lines_counted(request.scope).get(BankState.WAITING, 0)


def _waivers(request: PropertyRequest) -> int:
    return billing.waivers_to_decide(request.scope, communities=request.communities)


def _plans(request: PropertyRequest) -> int:
    return billing.plans_to_decide(request.scope, communities=request.communities)


COUNTERS = (
    _Counter(May.DO_WORK, _("My jobs"), "property:jobs", _jobs),
    _Counter(May.WALK_PATROL, _("Walk the rounds"), "property:patrol-walks", _rounds),
    _Counter(May.DISPATCH_WORK, _("Open work orders"), "property:work-board", _open_work),
    _Counter(May.READ_METERS, _("Doubtful readings"), "property:readings", _doubtful),
    _Counter(May.RUN_PARCELS, _("Parcels on the shelf"), "property:parcels", _parcels),
    _Counter(May.DECIDE_PERMITS, _("Works and moves under way"), "property:permits", _permits),
    _Counter(May.MATCH_BANK, _("Bank lines to match"), "property:bank", _bank_lines),
    _Counter(May.WAIVE_FEES, _("Waivers to decide on"), "property:waivers", _waivers),
    _Counter(May.WAIVE_FEES, _("Instalment plans to decide on"), "property:plans", _plans),
)
"""In the order in which a day begins: what is in one's own hands first."""


def tiles(request: PropertyRequest) -> tuple[Tile, ...]:
    """This will count what waits at each counter that the asker may open; where nothing waits, it is left out."""
    open_ones = [each for each in COUNTERS if request.scope.may(each.needs)]
    found = (Tile(each.name, each.page, each.count(request)) for each in open_ones)
    return tuple(tile for tile in found if tile.waits)
