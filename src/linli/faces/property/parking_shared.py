"""Shared spaces at the desk: what was booked, what was found occupied, and what the company keeps of it."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.queries import SharedRow, SharedSort
from linli.estate.parking.rules import SharedParkingPolicy, SpaceBookingState
from linli.faces.property.charging import community_here
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.files import queries as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.ground.policies.queries import policy
from linli.kernel.ids import SpaceBookingId
from linli.spine.may import May
from linli.spine.scope import SYSTEM

A_PAGE = 100
NEEDS = May.KEEP_PARKING
STATES = tuple(SpaceBookingState)


@page("property", "GET", "parking/shared/", name="parking-shared", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the bookings of a community's shared spaces, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found = _found(request, community, A_PAGE + 1)
    sorting = _sorting(request, community)
    asked = {**sorting.chosen, "by": sorting.word}
    doors = places.homes([home for row in found for home in (row.holder_home, row.home)])
    return request.render(
        "property/parking-shared.jinja",
        communities=cards,
        community=community,
        terms=policy(request.scope, SharedParkingPolicy, at=request.at, community=community.id),
        bookings=found[:A_PAGE],
        doors=doors,
        states=STATES,
        state=asked["state"],
        sorting=sorting,
        words=request.query.maybe_text("words", most=20) or "",
        more=url("property:parking-shared", **asked, after=found[A_PAGE - 1].booking) if len(found) > A_PAGE else None,
        export=url("property:parking-shared-file", **asked),
    )


@page("property", "GET", "parking/shared/file/", name="parking-shared-file", needs=NEEDS)
def index_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    rows = _found(request, community, most_rows())
    doors = places.homes([home for row in rows for home in (row.holder_home, row.home)])
    columns = [
        _("Number"), _("Lot"), _("Space"), _("Shared by"), _("Booked by"), _("Plate"), _("From"), _("To"), _("State"),
        _("Price"), _("Company"), _("Holder"),
    ]  # fmt: skip
    return sheet(
        request.query,
        "parking-shared",
        columns,
        (
            (
                row.label, in_language(row.lot_name), row.space, doors[row.holder_home].door, doors[row.home].door,
                row.shown, row.start_at, row.end_at, word(row.state), row.amount, *row.parts,
            )
            for row in rows
        ),
    )  # fmt: skip


@page("property", "GET", "parking/shared/<uuid:booking>/", name="parking-shared-booking", needs=NEEDS)
def show(request: PropertyRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will show one booking whole."""
    own_communities(request)
    row, history = queries.shared_booking(request.scope, booking=booking)
    parties = {row.holder, row.booker} | {move.person for move in history if move.person}
    return request.render(
        "property/parking-shared-booking.jinja",
        row=row,
        history=history,
        doors=places.homes([row.holder_home, row.home]),
        names=people.names(request.scope, parties=parties),
        is_open=row.state in (SpaceBookingState.HELD, SpaceBookingState.BOOKED),
        photo=files.link(SYSTEM, file=row.photo, at=request.at) if row.photo else None,
    )


@page(
    "property", "POST", "parking/shared/<uuid:booking>/calling-off/", name="shared-calling-off",
    asks="property:parking-shared-booking", needs=NEEDS,
)  # fmt: skip
def call_off(request: PropertyRequest, booking: SpaceBookingId) -> HttpResponse:
    """This will call a booking off."""
    why = request.form.text("why", most=200)
    actions.call_off_space_booking(request.scope, booking=booking, why=why, at=request.at)
    said = _("Called off. What was paid goes back in full, and the booker is told.")
    return see_other("property:parking-shared-booking", booking, said=said)


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    state = request.query.raw("state")
    return {
        "community": community.id,
        "state": state if state in STATES else None,
        "words": request.query.maybe_text("words", most=20),
    }


def _sorting(request: PropertyRequest, community: CommunityCard) -> Sorting:
    return Sorting.of(request, "property:parking-shared", tuple(SharedSort), _asked(request, community))


def _found(request: PropertyRequest, community: CommunityCard, limit: int) -> tuple[SharedRow, ...]:
    after, asked, sorting = request.query.maybe_id("after"), _asked(request, community), _sorting(request, community)
    return queries.shared_bookings(
        request.scope,
        community=community.id,
        state=str(asked["state"] or ""),
        words=str(asked["words"] or ""),
        order=SharedSort(sorting.key) if sorting.key else SharedSort.START,
        is_rising=sorting.is_rising,
        after=SpaceBookingId(after) if after else None,
        limit=limit,
    )
