"""The town's car park: a lot with spaces, cars of homes, three days of stays, a shop's vouchers, a plate on a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.estate.parking import actions, queries
from linli.estate.parking.rules import (
    Band,
    Channel,
    ExitOutcome,
    ListKind,
    ParkingTariff,
    Rates,
    Segment,
    SharedParkingPolicy,
    SpaceKind,
    Terms,
    VoucherKind,
    Weekly,
)
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import actions as policies
from linli.kernel.ids import CommunityId, HomeId, LotId, ParkingSessionId, SpaceId
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.demo.town import MERCHANT_PHONE, RESIDENT_PHONE
from linli.works.demo.wishing import buyer, keeper

_SINCE = timedelta(days=3)
_TARIFF = ParkingTariff(
    Rates(
        (
            Band("day", 480, 1260, (Segment(60, Money(500), 60), Segment(30, Money(200))), Money(2500)),
            Band("night", 1260, 480, (Segment(60, Money(100)),), Money(800)),
        ),
        Money(3000),
    ),
    free_minutes=30,
)
"""5.00 the first hour by day, then 2.00 for half an hour; 1.00 an hour by night; 30.00 a day at most."""
_GUESTS = ("浙A8K712", "沪AD12345", "苏E5C083", "浙AF56789", "皖B66210", "浙B0D19K", "粤BDF1234", "浙A3M957")
_OWN = ("浙AD20188", "浙A7Q310", "浙C5R226", "浙A9T681", "浙AF31870")
_BLOCKED = "浙A44K04"
_AWAY = ((8, 18, Money(300)), (7, 20, Money(200)), (18, 24, Money(400)))
"""From when to when neighbours are away with their cars, and what a started hour of their space costs then."""


def live(scope: Scope, *, now: datetime) -> None:
    """This will open the car park of the town's first community and let three days of cars through it."""
    began = now - _SINCE
    community = places.communities(ids=scope.communities)[0].id
    lot = actions.add_lot(
        scope, community=community, name={"zh": "地下车库", "en": "Garage"}, temporary_places=60, at=began
    )
    actions.issue_key(scope, lot=lot, name="东门相机", kinds=tuple(actions.EventKind), at=began)
    day = places.day_in(community, began)
    actions.set_tariff(scope, community=community, tariff=_TARIFF, start_on=day, at=began)
    actions.list_plate(
        scope, community=community, plate=_BLOCKED, kind=ListKind.BLOCKED, reason="撞坏道闸未赔付", days=90, at=began
    )
    neighbours = _residents(scope, lot, community, began)
    _stays(scope, lot, began)
    _vouchers(scope, community, now)
    _shared(community, neighbours, now)


def _residents(scope: Scope, lot: LotId, community: CommunityId, at: datetime) -> list[tuple[SpaceId, Scope]]:
    """Homes get their spaces, the visitor's first; given back is what her neighbours have."""
    labels = [f"A-{nth:03d}" for nth in range(1, 25)]
    spaces = actions.add_spaces(scope, lot=lot, labels=labels, kind=SpaceKind.SOLD, at=at)
    actions.add_spaces(scope, lot=lot, labels=["V-01", "V-02", "V-03"], kind=SpaceKind.VISITOR, at=at)
    homes = [card.id for card in places.find_homes(community, limit=len(_OWN))]
    visitor = buyer(RESIDENT_PHONE, at)
    if visitor is not None and places.home(visitor.homes[0]).community == community:
        homes = [visitor.homes[0], *(home for home in homes if home != visitor.homes[0])]
    held = list[tuple[SpaceId, Scope]]()
    for space, home, plate in zip(spaces, homes, _OWN, strict=False):
        living = people.household(scope, home=HomeId(home), at=at)
        if not living:
            continue
        party, today = living[0].party, places.day_in(community, at)
        actions.hold_space(scope, space=space, home=HomeId(home), party=party, start_on=today, at=at)
        actions.register_vehicle_at_desk(scope, home=HomeId(home), party=party, plate=plate, at=at)
        actions.record_entry(scope, lot=lot, plate=plate, at=at)
        if visitor is None or home not in visitor.homes:
            held.append(
                (space, Scope(role=Role.RESIDENT, person=party, communities=(community,), homes=(HomeId(home),)))
            )
    return held


def _shared(community: CommunityId, held: Sequence[tuple[SpaceId, Scope]], at: datetime) -> None:
    """Those who drive to work let neighbours have their space by the hour; the visitor may book one of them."""
    switched_on = {"is_shared": True}
    policies.set_policy(
        SYSTEM,
        word=SharedParkingPolicy.word,
        level="community",
        place=community,
        values=switched_on,
        start_at=at,
        at=at,
    )
    today = places.day_in(community, at)
    for (space, holder), (first, last, price) in zip(held, _AWAY, strict=False):
        times = Weekly(frozenset(range(7)), first, last, start_on=today)
        actions.offer_space(holder, space=space, times=times, price=price, at=at)


def _stays(scope: Scope, lot: LotId, began: datetime) -> None:
    """Guests of three days: most pay at the gate, one left unpaid, the last ones are inside still."""
    last = len(_GUESTS) * 3 - 5
    for nth in range(len(_GUESTS) * 3):
        day, plate = divmod(nth, len(_GUESTS))[0], _GUESTS[nth % len(_GUESTS)]
        entered = began + timedelta(days=day, minutes=35 * (nth % len(_GUESTS)))
        made = actions.record_entry(scope, lot=lot, plate=plate, at=entered)
        if nth < last:
            _out(scope, lot, plate, made.session, entered + timedelta(minutes=25 + 47 * (nth % 6)), nth)


def _out(scope: Scope, lot: LotId, plate: str, session: ParkingSessionId, at: datetime, nth: int) -> None:
    left = actions.record_exit(scope, lot=lot, plate=plate, at=at)
    if left.outcome is not ExitOutcome.PAY:
        return
    if nth == 4:
        actions.force_exit(scope, session=session, why="道闸故障，手动放行", at=at)
        return
    channel = (Channel.CASH, Channel.QR, Channel.POS)[nth % 3]
    actions.take_at_gate(scope, session=session, amount=left.due, channel=channel, at=at)


def _vouchers(scope: Scope, community: CommunityId, at: datetime) -> None:
    """The visitor's shop may give an hour to its guests; one has got it, and a code waits for the next."""
    shop = keeper(MERCHANT_PHONE, at)
    if shop is None or shop.company is None:
        return
    stock = actions.grant_vouchers(
        scope,
        community=community,
        giver=shop.company,
        kind=VoucherKind.MINUTES,
        minutes=60,
        count=100,
        terms=Terms.OWED,
        expires_at=at + timedelta(days=90),
        at=at,
    )
    inside = [row for row in queries.stays(scope, standing="inside") if row.kind.value == "temporary"]
    if inside:
        actions.give_voucher(shop, stock=stock, plate=inside[0].plate, at=at)
    actions.offer_voucher(shop, stock=stock, at=at)
