"""Lots, tariffs, held spaces and stays for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.places import Home
from linli.estate.parking import actions, rules
from linli.estate.parking.rules import ParkingTariff, flat
from linli.kernel.ids import LotId, SpaceId, VehicleId
from linli.kernel.money import Money
from linli.spine.scope import Scope

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
