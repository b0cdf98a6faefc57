"""Neighbours' parking spaces by the hour: what is free, booking, following, taking back, finding one occupied."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from linli.estate.parking import actions, queries
from linli.estate.parking.queries import FreeHours, SpaceBookingCard
from linli.estate.parking.rules import ParkingPolicy, SharedParkingPolicy
from linli.faces.openapi.counters import insist_offered
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.shapes import MOST_LISTED, Body, Instant, Listed, Query
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, SpaceBookingId, SpaceOfferId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.moves import Moved
from linli.spine.scope import Role


class OnDay(Query):
    """A day of the community; without one it is today."""

    day: date | None = None


class NewSpaceBooking(Body):
    """Full hours of an offer, for a car of the home, or for a visitor's."""

    offer: SpaceOfferId
    start_at: Instant
    end_at: Instant
    home: HomeId
    plate: Annotated[str, Meta(min_length=1, max_length=20)]
    is_visitor: bool = False


class BookedSpace(msgspec.Struct):
    """The booking with its history."""

    card: SpaceBookingCard
    history: tuple[Moved, ...]


@endpoint(
    "GET",
    "communities/<uuid:community>/shared-spaces",
    role=Role.RESIDENT,
    summary="List what neighbours leave to others on a day and nobody has booked, the cheapest first.",
)
def list_shared_spaces(request: ApiRequest, community: CommunityId, query: OnDay) -> Listed[FreeHours]:
    insist_offered(request, ParkingPolicy)
    terms = policy(request.scope, SharedParkingPolicy, at=request.at, community=community)
    if not terms.is_shared or community not in request.scope.communities:
        raise NotFound("community")
    today = places.day_in(community, request.at)
    day = query.day or today
    if not today <= day <= today + timedelta(days=terms.ahead_days):
        raise Invalid("day", _("From now on, and up to {days} days ahead."), days=terms.ahead_days)
    return Listed(queries.free_hours(request.scope, community=community, day=day, limit=MOST_LISTED, at=request.at))


@endpoint(
    "POST",
    "space-bookings",
    role=Role.RESIDENT,
    status=201,
    summary="Hold hours of a space until `pay_by`; pay the collection by `POST collections/{id}/payments`.",
)
def create_space_booking(request: ApiRequest, body: NewSpaceBooking) -> SpaceBookingCard:
    insist_offered(request, ParkingPolicy)
    booking = actions.book_space(
        request.scope,
        offer=body.offer,
        start_at=body.start_at,
        end_at=body.end_at,
        home=body.home,
        plate=body.plate,
        is_visitor=body.is_visitor,
        at=request.at,
    )
    return queries.space_booking(request.unkeyed, booking=booking, at=request.at)[0]


@endpoint("GET", "space-bookings", role=Role.RESIDENT, summary="List the asker's latest bookings of shared spaces.")
def list_space_bookings(request: ApiRequest) -> Listed[SpaceBookingCard]:
    insist_offered(request, ParkingPolicy)
    return Listed(queries.my_space_bookings(request.scope, limit=MOST_LISTED))


@endpoint(
    "GET",
    "space-bookings/<uuid:booking>",
    role=Role.RESIDENT,
    summary="Show a booking: where, when, for which car, until when it can be taken back or reported.",
)
def show_space_booking(request: ApiRequest, booking: SpaceBookingId) -> BookedSpace:
    insist_offered(request, ParkingPolicy)
    return BookedSpace(*queries.space_booking(request.scope, booking=booking, at=request.at))


@endpoint(
    "POST",
    "space-bookings/<uuid:booking>/cancellations",
    role=Role.RESIDENT,
    summary="Take a booking back in time; what was paid goes back in full.",
)
def cancel_space_booking(request: ApiRequest, booking: SpaceBookingId) -> None:
    insist_offered(request, ParkingPolicy)
    actions.take_back_booking(request.scope, booking=booking, at=request.at)


@endpoint(
    "POST",
    "space-bookings/<uuid:booking>/reports",
    role=Role.RESIDENT,
    summary="Say soon after driving in that the space is occupied; what was paid goes back in full.",
)
def report_space(request: ApiRequest, booking: SpaceBookingId) -> None:
    insist_offered(request, ParkingPolicy)
    actions.report_occupied(request.scope, booking=booking, at=request.at)
