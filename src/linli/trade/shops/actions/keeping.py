"""What a merchant keeps of the shop: hours, holidays, rush pauses, the zone, and the delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from linli.ground.files import actions as files
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places import rules as geography
from linli.kernel.ids import CityId, CommunityId, FileId, PartyId, ShopId
from linli.kernel.money import Money
from linli.kernel.period import Period, first_overlap
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.money.payments import actions as payments
from linli.money.payments.queries import DepositSlip
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops.actions.moving import own
from linli.trade.shops.models import Holiday, Opening, Shop, ShopCommunity
from linli.trade.shops.rules import REACH_M, Carrier, WrongHours, check_openings
from linli.trade.shops.rules import Opening as OpeningHours

LONGEST_PAUSE = timedelta(hours=24)
MOST_HOLIDAYS = 50
MOST_COMMUNITIES = 200
DEAREST_DELIVERY = Money(100_00)
MOST_MINUTES = 14 * 24 * 60


class TooFar(Refusal):
    """Beyond the reach that a merchant chooses within."""

    says = _("This community is farther than {reach_m} metres from the shop.")

    def __init__(self, field: str) -> None:
        super().__init__(field=field, reach_m=REACH_M)


class NoCourier(Refusal):
    """Whoever carries other people's goods is known to the platform as a courier."""

    says = _("This person is no courier here.")
    status = 422


@action(needs=May.RUN_SHOP, private=("file_name", "content"))
def upload_picture(scope: Scope, *, shop: ShopId, file_name: str, content: bytes, at: datetime) -> FileId:
    """This will keep a picture, drawn anew, and show the shop by it."""
    own(scope, shop)
    picture = files.keep_file(scope, name=file_name, content=content, purpose="shop_picture", at=at)
    Shop.objects.filter(pk=shop).update(picture=picture)
    return picture


@action(needs=May.RUN_SHOP)
def remove_picture(scope: Scope, *, shop: ShopId, at: datetime) -> None:
    """This will show the shop without a picture."""
    own(scope, shop)
    Shop.objects.filter(pk=shop).update(picture=None)


@action(needs=May.RUN_SHOP)
def set_opening(scope: Scope, *, shop: ShopId, openings: Sequence[OpeningHours], at: datetime) -> None:
    """This will set the week's opening hours anew; several intervals a day, over midnight where they must."""
    row = own(scope, shop)
    check_openings(openings)
    Opening.objects.filter(shop=row).delete()
    Opening.objects.bulk_create(
        Opening(shop=row, weekday=o.weekday, opens_min=o.opens_min, closes_min=o.closes_min) for o in sorted(openings)
    )


@action(needs=May.RUN_SHOP)
def set_holidays(scope: Scope, *, shop: ShopId, holidays: Sequence[Period[date]], at: datetime) -> None:
    """This will set the days [start, end) on which the shop does not open, anew."""
    row = own(scope, shop)
    if len(holidays) > MOST_HOLIDAYS:
        raise WrongHours("holidays", _("At most {most} holidays"), most=MOST_HOLIDAYS)
    if first_overlap(holidays) or any(each.end is None or each.is_empty for each in holidays):
        raise WrongHours("holidays", _("Holidays have an end and do not overlap"))
    Holiday.objects.filter(shop=row).delete()
    Holiday.objects.bulk_create(
        Holiday(shop=row, start_on=each.start, end_on=each.end) for each in holidays if each.end is not None
    )


@action(needs=May.RUN_SHOP)
def pause(scope: Scope, *, shop: ShopId, until: datetime, at: datetime) -> None:
    """This will take no orders until a time; the shop opens again by itself."""
    row = own(scope, shop)
    if not at < until <= at + LONGEST_PAUSE:
        raise Invalid("until", _("A pause ends within the next 24 hours"))
    Shop.objects.filter(pk=row.pk).update(paused_until=until)


@action(needs=May.RUN_SHOP)
def resume(scope: Scope, *, shop: ShopId, at: datetime) -> None:
    """This will end a pause before its time."""
    Shop.objects.filter(pk=own(scope, shop).pk).update(paused_until=None)


@action(needs=May.RUN_SHOP)
def set_delivery(
    scope: Scope,
    *,
    shop: ShopId,
    carrier: Carrier,
    fee: Money,
    free_from: Money | None,
    minutes_promised: int,
    at: datetime,
) -> None:
    """This will set who brings the goods, what that costs, from which amount it is free, and how long it takes."""
    row = own(scope, shop)
    if not Money.zero <= fee <= DEAREST_DELIVERY:
        raise Invalid("fee", _("Between {least} and {most}."), least=Money.zero, most=DEAREST_DELIVERY)
    if free_from is not None and free_from < Money.zero:
        raise Invalid("free_from", _("An amount cannot be negative"))
    if not 0 < minutes_promised <= MOST_MINUTES:
        raise Invalid("minutes_promised", _("Between 1 and {most} minutes"), most=MOST_MINUTES)
    Shop.objects.filter(pk=row.pk).update(
        carrier=carrier.value,
        delivery_fee_minor=fee.minor,
        free_delivery_from_minor=None if free_from is None else free_from.minor,
        minutes_promised=minutes_promised,
    )


@action(needs=May.RUN_SHOP)
def entrust_delivery(scope: Scope, *, shop: ShopId, courier: PartyId | None, at: datetime) -> None:
    """This will have a courier bring the goods and earn the fee from the next sale on; None: the shop itself does."""
    row = own(scope, shop)
    if courier is not None and not _is_courier(courier, at):
        raise NoCourier(field="courier")
    Shop.objects.filter(pk=row.pk).update(courier=courier)


def _is_courier(person: PartyId, at: datetime) -> bool:
    return any(hat.role == Role.COURIER for hat in people.hats(SYSTEM, person=person, at=at))


@action(needs=May.RUN_SHOP)
def set_cash(scope: Scope, *, shop: ShopId, takes_cash: bool, at: datetime) -> None:
    """This will set whether the shop takes cash; what it takes it owes the house until it has paid it in."""
    Shop.objects.filter(pk=own(scope, shop).pk).update(takes_cash=takes_cash)


@action(needs=May.ISSUE_DEPOSIT_SLIP)
def issue_deposit_slip(scope: Scope, *, shop: ShopId, at: datetime) -> DepositSlip:
    """This will say where the shop's merchant pays in the cash that it owes, and what to quote; always the same."""
    row = own(scope, shop)
    city = places.city(CityId(row.city))
    return payments.issue_deposit_slip(
        SYSTEM, holder=PartyId(row.merchant), city=city.id, currency=city.currency, at=at
    )


@action(needs=May.SET_SHOP_ZONE)
def set_communities(
    scope: Scope, *, shop: ShopId, communities: Sequence[CommunityId], hidden: Sequence[CommunityId] = (), at: datetime
) -> None:
    """This will set the communities that the shop serves; the platform may go beyond 3 km, a merchant within.

    `hidden` ones stay in the zone and off the shelf, to be shown again with their distance and terms kept.
    """
    row = own(scope, shop)
    wanted = dict.fromkeys([*communities, *hidden])
    if not 0 < len(wanted) <= MOST_COMMUNITIES:
        raise Invalid("communities", _("Between 1 and {most} communities"), most=MOST_COMMUNITIES)
    cards = {card.id: card for card in places.communities(ids=wanted, city=CityId(row.city))}
    zone: list[ShopCommunity] = []
    for n, community in enumerate(wanted):
        card = cards.get(community)
        if card is None:
            raise Invalid(f"communities.{n}", _("There is no such community in the shop's city"))
        far = geography.distance_m(row.lat, row.lon, card.lat, card.lon)
        if far > REACH_M and not scope.is_inside:
            raise TooFar(f"communities.{n}")
        visible = community not in hidden
        zone.append(
            ShopCommunity(
                shop=row,
                community=community,
                district=card.district_id,
                city=card.city,
                distance_m=far,
                visible=visible,
            )
        )
    ShopCommunity.objects.filter(shop=row).delete()
    ShopCommunity.objects.bulk_create(zone)
