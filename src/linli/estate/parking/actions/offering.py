"""Holders offer their spaces by the hour, and withdraw what nobody booked; with their right, all of it ends."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from linli.estate.billing.rules import BillingPolicy
from linli.estate.parking import rules
from linli.estate.parking.actions.space_bookings import call_off_ended_right
from linli.estate.parking.models import Holding, SpaceOffer
from linli.estate.parking.queries import barrier
from linli.estate.parking.queries.sharing import times_of
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId, SpaceId, SpaceOfferId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_OFFERS = 20


class OffersCollide(Refusal):
    """An hour of a space has one price."""

    says = _("You offer this space at some of these times already.")


class NoWalletHere(Refusal):
    """What is earned is credited in the wallet that pays fees."""

    says = _("Spaces cannot be shared here: there is no wallet to which the money could go.")


@action(needs=May.SHARE_PARKING_SPACE)
def offer_space(scope: Scope, *, space: SpaceId, times: rules.Times, price: Money, at: datetime) -> SpaceOfferId:
    """This will leave a space of the asker's home to neighbours, at a price for each started hour."""
    return _offer(SYSTEM, homes=scope.homes, space=space, times=times, price=price, at=at)


@action(needs=May.RUN_CLOCKS)
def _offer(
    scope: Scope, *, homes: tuple[HomeId, ...], space: SpaceId, times: rules.Times, price: Money, at: datetime
) -> SpaceOfferId:
    """As the house: those who share a home share its space, in whoever's name it is held."""
    held = _held(homes, space, at)
    community = CommunityId(held.community)
    terms = policy(scope, rules.SharedParkingPolicy, at=at, community=community)
    if not terms.is_shared:
        raise NotFound("space")
    if not policy(scope, BillingPolicy, at=at, community=community).has_wallet:
        raise NoWalletHere
    if not terms.price_least <= price <= terms.price_most:
        raise Invalid("price", _("Between {low} and {high}."), low=terms.price_least, high=terms.price_most)
    zone = barrier.zone_of(community)
    rules.checked_times(times, at=at, zone=zone)
    if isinstance(times, rules.Weekly) and times.start_on < places.day_in(community, at):
        raise Invalid("start_on", _("It begins today or later."))
    open_ones = list(SpaceOffer.objects.within(scope).filter(space=space, withdrawn_at=None)[:MOST_OFFERS])
    if len(open_ones) == MOST_OFFERS:
        raise Invalid("space", _("At most {most} offers for one space."), most=MOST_OFFERS)
    if any(rules.collide(times, times_of(each), zone) for each in open_ones):
        raise OffersCollide(field="start_at" if not isinstance(times, rules.Weekly) else "weekdays")
    row = SpaceOffer(
        id=ids.new(),
        space=held.space,
        lot_id=held.space.lot_id,
        community=community,
        home=held.home,
        holder=held.party,
        price_minor=price.minor,
        offered_at=at,
    )
    if isinstance(times, rules.Weekly):
        row.weekdays = sorted(times.weekdays)
        row.from_hour, row.to_hour = times.from_hour, times.to_hour
        row.start_on, row.end_on = times.start_on, times.end_on
    else:
        row.start_at, row.end_at = times.start, times.end
    row.save(force_insert=True)
    return SpaceOfferId(row.pk)


def _held(homes: tuple[HomeId, ...], space: SpaceId, at: datetime) -> Holding:
    """The running right of one of the homes, locked, where its holder is of the home still."""
    rows = Holding.objects.inside().select_for_update(of=("self",)).select_related("space", "space__lot")
    rows = rows.filter(space=space, home__in=homes, space__retired_at=None, space__lot__closed_at=None)
    for held in rows.filter(space__mother=None).order_by("-start_on"):
        day = places.day_in(CommunityId(held.community), at)
        if held.start_on <= day and (held.end_on is None or held.end_on > day):
            living = people.household(SYSTEM, home=HomeId(held.home), at=at)
            if held.party in {each.party for each in living}:
                return held
    raise NotFound("space")


@action(needs=May.SHARE_PARKING_SPACE)
def withdraw_offer(scope: Scope, *, offer: SpaceOfferId, at: datetime) -> None:
    """This will withdraw an offer of the asker's home; what was booked of it stands."""
    _withdraw(SYSTEM, homes=scope.homes, offer=offer, at=at)


@action(needs=May.RUN_CLOCKS)
def _withdraw(scope: Scope, *, homes: tuple[HomeId, ...], offer: SpaceOfferId, at: datetime) -> None:
    rows = SpaceOffer.objects.within(scope).filter(pk=offer, home__in=homes, withdrawn_at=None)
    if not rows.update(withdrawn_at=at):
        raise NotFound("offer")


@action(needs=May.RUN_CLOCKS)
def end_sharing(
    scope: Scope,
    *,
    space: SpaceId | None = None,
    home: HomeId | None = None,
    holder: PartyId | None = None,
    ends_at: datetime,
    at: datetime,
) -> int:
    """This will end the offers of a right that ends: what is booked and has not begun, and would last beyond, is
    refunded with a word to its booker; what runs already is honoured. It tells how many bookings were called off."""
    mine = Q(withdrawn_at=None)
    for column, value in (("space", space), ("home", home), ("holder", holder)):
        mine &= Q(**{column: value}) if value is not None else Q()
    rows = list(SpaceOffer.objects.within(scope).select_for_update().filter(mine).order_by("id")[:500])
    for row in rows:
        last_on = places.day_in(CommunityId(row.community), ends_at)
        begins_later = row.start_at >= ends_at if row.start_at else row.start_on is not None and row.start_on >= last_on
        if ends_at <= at or begins_later:
            row.withdrawn_at = at
        elif row.start_on is not None:
            row.end_on = last_on if row.end_on is None else min(row.end_on, last_on)
    SpaceOffer.objects.within(scope).bulk_update(rows, ["withdrawn_at", "end_on"])
    return call_off_ended_right(scope, space=space, home=home, holder=holder, ends_at=ends_at, at=at)
