"""Everything a resident does with the property company, on one page: the counters that their community offers.

A new counter adds one line to `COUNTERS`, in the order in which people need them.
"""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.assembly.rules import AssemblyPolicy
from linli.estate.billing.rules import BillingPolicy
from linli.estate.metering.rules import MeteringPolicy
from linli.estate.notices.rules import NoticePolicy
from linli.estate.parcels.rules import ParcelPolicy
from linli.estate.parking.rules import ParkingPolicy
from linli.estate.permits.rules import PermitPolicy
from linli.estate.venues.rules import VenuePolicy
from linli.estate.visits.rules import VisitPolicy
from linli.estate.workorders.rules import WorkOrderPolicy
from linli.faces.owner import (
    bills,
    neighbourhoods,
    notices,
    parcels,
    permits,
    vehicles,
    venues,
    visitors,
    votes,
    work_orders,
)
from linli.faces.owner.counters import Counter, closed_counters
from linli.faces.owner.former_homes import welcome
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.words import _

COUNTERS: tuple[Counter, ...] = (
    Counter(page="owner:bills", name=_("Bills"), icon="receipt", policy=BillingPolicy, waits=bills.waiting),
    Counter(
        page="owner:work-orders",
        name=_("Repairs and requests"),
        icon="wrench",
        policy=WorkOrderPolicy,
        waits=work_orders.waiting,
    ),
    Counter(page="owner:notices", name=_("Notices"), icon="megaphone", policy=NoticePolicy, waits=notices.waiting),
    Counter(page="owner:parcels", name=_("Parcels"), icon="package", policy=ParcelPolicy, waits=parcels.waiting),
    Counter(page="owner:visitors", name=_("Visitors"), icon="ticket", policy=VisitPolicy, waits=visitors.waiting),
    Counter(page="owner:meters", name=_("My meters"), icon="gauge", policy=MeteringPolicy),
    Counter(page="owner:cars", name=_("Parking"), icon="square-parking", policy=ParkingPolicy, waits=vehicles.waiting),
    Counter(page="owner:votes", name=_("Owners' votes"), icon="vote", policy=AssemblyPolicy, waits=votes.waiting),
    Counter(
        page="owner:permits",
        name=_("Works, moves and goods"),
        icon="stamp",
        policy=PermitPolicy,
        waits=permits.waiting,
    ),
    Counter(page="owner:venues", name=_("Venues"), icon="calendar-days", policy=VenuePolicy, waits=venues.waiting),
)


@page("owner", "GET", "property/")
def show(request: OwnerRequest) -> HttpResponse:
    """This will show the counters that are open to the resident, with what waits at each."""
    if not request.communities:
        return welcome(request)
    community = neighbourhoods.own(request)
    card = neighbourhoods.look_at(community)
    closed = closed_counters(request, community)
    counters = [each for each in COUNTERS if each.policy.word not in closed]
    return request.render(
        "owner/property.jinja",
        community=card,
        counters=[(each, each.waits(request)) for each in counters],
    )
