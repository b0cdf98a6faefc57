"""Lots, tariffs, held spaces and stays for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.places import Home
from linli.estate.parking import actions, queries, rules
from linli.estate.parking.rules import ParkingTariff, flat
from linli.ground.policies import actions as policies
from linli.kernel.ids import LotId, SpaceBookingId, SpaceId, SpaceOfferId, VehicleId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.money.payments import actions as payments
from linli.spine.scope import SYSTEM, Scope

HOURLY = ParkingTariff(flat(Money.parse("5.00"), cap=Money.parse("30.00")), free_minutes=30)
"""5.00 an hour, 30.00 a day, half an hour free, a quarter of an hour to drive out."""
NEIGHBOURS_CAR = "浙B20001"


@dataclass(frozen=True)
class Lot:
    """A lot of a company's community with a tariff for guests."""

    id: LotId
    desk: Desk

    @property
    def scope(self) -> Scope:
        return self.desk.scope

    def a_space(self, label: str, kind: rules.SpaceKind = rules.SpaceKind.SOLD) -> SpaceId:
        return actions.add_spaces(self.scope, lot=self.id, labels=[label], kind=kind, at=AT)[0]

    def a_resident(self, plate: str, *, space: str | None = None) -> Home:
        """A home with a car, and with a space where one is named."""
        home = self.desk.a_home()
        self.a_car(home, plate)
        if space is not None:
            assert home.owner is not None
            actions.hold_space(
                self.scope, space=self.a_space(space), home=home.id, party=home.owner, start_on=AT.date(), at=AT
            )
        return home

    def a_car(self, home: Home, plate: str) -> VehicleId:
        return actions.register_vehicle(home.scope, home=home.id, plate=plate, at=AT)

    def enters(self, plate: str, at: datetime = AT, **given: str) -> actions.Entered:
        return actions.record_entry(self.scope, lot=self.id, plate=plate, at=at, **given)

    def leaves(self, plate: str, at: datetime) -> actions.Exit:
        return actions.record_exit(self.scope, lot=self.id, plate=plate, at=at)


def a_lot(*, desk: Desk | None = None, places: int = 10, tariff: ParkingTariff | None = HOURLY) -> Lot:
    desk = desk or a_desk()
    lot = actions.add_lot(
        desk.scope, community=desk.community.id, name={"zh": "地下车库", "en": "Garage"}, temporary_places=places, at=AT
    )
    if tariff is not None:
        actions.set_tariff(desk.scope, community=desk.community.id, tariff=tariff, start_on=AT.date(), at=AT)
    return Lot(lot, desk)


def shares_spaces(lot: Lot, **settings: object) -> Lot:
    """Have the lot's community let holders share their spaces, at 3.00 to 8.00 an hour, the company keeping a fifth."""
    given = {"is_offered": True, "price_least": Money(300), "price_most": Money(800)} | settings
    policies.set_policy(
        SYSTEM, word="shared_parking", level="community", place=lot.desk.community.id, values=given, start_at=AT, at=AT
    )
    return lot


@dataclass(frozen=True)
class Shared:
    """A space of a home, offered today from 12:00 to 18:00 at 5.00 an hour, and a neighbour with a car."""

    lot: Lot
    holder: Home
    space: SpaceId
    booker: Home
    offer: SpaceOfferId

    def book(self, first: int = 14, last: int = 16, *, at: datetime = AT, **given: Any) -> SpaceBookingId:
        """Hours of the day's clock in Shanghai."""
        home = given.pop("by", self.booker)
        wanted = {"offer": self.offer, "home": home.id, "plate": NEIGHBOURS_CAR} | given
        return actions.book_space(home.scope, start_at=clock(first), end_at=clock(last), at=at, **wanted)

    def pay(self, booking: SpaceBookingId, *, at: datetime = AT) -> SpaceBookingId:
        card, _history = queries.space_booking(self.booker.scope, booking=booking)
        payments.record_bank_transfer(
            SYSTEM, collection=card.collection, account="custody", amount=card.amount, line=str(booking), at=at
        )
        actions.record_space_payment(SYSTEM, booking=booking, at=at)
        return booking


def clock(hour: int, *, days: int = 0) -> datetime:
    """An hour of the tests' Monday in Shanghai, or of a day after it."""
    return AT + timedelta(days=days, hours=hour - 10)


def a_shared_space(**settings: object) -> Shared:
    lot = shares_spaces(a_lot(), **settings)
    holder = lot.desk.a_home()
    assert holder.owner is not None
    space = lot.a_space("A-001")
    actions.hold_space(lot.scope, space=space, home=holder.id, party=holder.owner, start_on=AT.date(), at=AT)
    offer = actions.offer_space(
        holder.scope, space=space, times=Period(clock(12), clock(18)), price=Money.parse("5.00"), at=AT
    )
    return Shared(lot, holder, space, lot.a_resident(NEIGHBOURS_CAR), offer)
