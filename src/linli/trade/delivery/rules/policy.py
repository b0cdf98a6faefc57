"""The terms of delivery in a community: fees, the week's slots with their cut-offs, and where goods may be left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.ground.policies.rules import Contradiction, Policy, setting
from linli.kernel.money import Money
from linli.kernel.words import _


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Hour(StrEnum):
    """A full hour of the day at which a slot may begin, or until which it is ordered."""

    H06, H07, H08, H09, H10, H11 = "06:00", "07:00", "08:00", "09:00", "10:00", "11:00"
    H12, H13, H14, H15, H16, H17 = "12:00", "13:00", "14:00", "15:00", "16:00", "17:00"
    H18, H19, H20, H21, H22 = "18:00", "19:00", "20:00", "21:00", "22:00"

    @property
    def minutes(self) -> int:
        """Minutes from midnight."""
        return int(self.value[:2]) * 60


class DropOff(StrEnum):
    """Where the goods of an order are left."""

    DOOR = "door"
    SHELF = "shelf"
    LOCKER = "locker"
    DESK = "desk"
    STATION = "station"


def beside_lockers(places: Sequence[DropOff], wished: Sequence[DropOff] = ()) -> DropOff:
    """This will tell where goods go for which no compartment is free: to what their resident `wished` for next, or
    else to the next place of a community's list where nobody has to be at home, or else to its property desk.

    Only a resident says that a door may do.
    """
    after = wished[wished.index(DropOff.LOCKER) + 1 :] if DropOff.LOCKER in wished else ()
    if mine := [place for place in (*after, *wished) if place is not DropOff.LOCKER and place in places]:
        return mine[0]
    return next((place for place in places if place not in (DropOff.DOOR, DropOff.LOCKER)), DropOff.DESK)


def first_place(places: Sequence[DropOff], wished: Sequence[DropOff]) -> DropOff:
    """This will tell where goods are left of which nothing was said: where their resident wishes it, or at the door."""
    return next((place for place in wished if place in places), DropOff.DOOR)


def elsewhere(
    places: Sequence[DropOff], wished: Sequence[DropOff], *, now: DropOff, adults_only: bool
) -> tuple[DropOff, ...]:
    """This will list where a courier to whom nobody opens may leave an order instead, the most wished for first.

    Whoever said nothing has nothing moved. What only grown people may have goes where somebody looks at their age.
    """
    barred = (now, *((DropOff.DOOR, DropOff.SHELF, DropOff.LOCKER) if adults_only else ()))
    return tuple(place for place in wished if place in places and place not in barred)


@dataclass(frozen=True, slots=True)
class Station:
    """A pick-up station: what it is called, where it is, and between which hours it hands out."""

    name: str
    where: str
    opens: Hour
    closes: Hour


class DeliveryPolicy(Policy):
    """What being brought to costs here, when, how late one may still ask for it, and where things may be left."""

    word = "delivery"
    says = _("What delivery costs here, in which slots, and where goods may be left")

    is_offered: bool = setting(True, says="Goods are brought here by couriers of the platform")
    fee_pooled: Money = setting(Money(2_00), low=Money(0), high=Money(100_00), says="Fee of a slot's shared run")
    fee_alone: Money = setting(
        Money(6_00), low=Money(0), high=Money(100_00), says="Fee of a trip for one buyer alone, in a slot"
    )
    fee_now: Money = setting(Money(5_00), low=Money(0), high=Money(100_00), says="Fee of a trip at once")
    free_from: Money = setting(
        Money(59_00), low=Money(0), says="Goods from which a shared run is free of charge; 0: never free"
    )
    free_from_follows: bool = setting(
        True, says="That sum follows what one order more costs, slot by slot, where enough was brought to know it"
    )
    free_from_least: Money = setting(
        Money(29_00), low=Money(0), high=Money(1_000_00), says="Following, it is never less than"
    )
    free_from_most: Money = setting(
        Money(99_00), low=Money(0), high=Money(1_000_00), says="Following, it is never more than"
    )
    margin_bp: int = setting(
        1_000, low=100, high=5_000, says="Hundredths of a percent of a basket that are left to pay for bringing it"
    )
    weekdays: tuple[Weekday, ...] = setting(tuple(Weekday), says="Days of the week with slots")
    same_day_starts: tuple[Hour, ...] = setting(
        (Hour.H11, Hour.H17, Hour.H19), says="Slots that are ordered on the same day begin at"
    )
    day_before_starts: tuple[Hour, ...] = setting((Hour.H08,), says="Slots that are ordered the day before begin at")
    slot_minutes: int = setting(120, low=30, high=360, says="Minutes that a slot lasts")
    lead_minutes: int = setting(
        90, low=15, high=720, says="Minutes before a slot begins until which it is ordered on the same day"
    )
    day_before_until: Hour = setting(Hour.H21, says="Hour of the day before until which the others are ordered")
    ahead_days: int = setting(3, low=1, high=7, says="Days ahead for which slots are offered, today included")
    gate_drops: int = setting(
        80, low=1, high=1000, says="Orders that the gates of a community let through in one slot, at most"
    )
    lift_drops: int = setting(
        24, low=1, high=500, says="Orders that the lifts of a building carry up in one slot, at most"
    )
    drop_offs: tuple[DropOff, ...] = setting(
        (DropOff.DOOR, DropOff.SHELF, DropOff.DESK), says="Where goods may be left"
    )
    station_name: str = setting("", says="Name of the pick-up station; empty: there is none")
    station_where: str = setting("", says="Address of the pick-up station")
    station_opens: Hour = setting(Hour.H08, says="The pick-up station opens at")
    station_closes: Hour = setting(Hour.H21, says="The pick-up station closes at")
    chilled_in_box: bool = setting(True, says="Chilled goods are carried in a cold box")
    medicine_by_trained: bool = setting(True, says="Medicine is carried by who was trained for it")
    heavy_by_strong: bool = setting(True, says="Heavy goods are carried by who lifts them")
    without_lifts: bool = setting(False, says="Heavy goods are carried up the stairs, for there are no lifts")
    metres_per_minute: int = setting(250, low=30, high=1000, says="Metres that a courier rides in a minute")
    handling_minutes: int = setting(5, low=0, high=60, says="Minutes for taking goods over and handing them out")

    @property
    def station(self) -> Station | None:
        """The pick-up station, where the community has one that can be found."""
        if not (self.station_name and self.station_where):
            return None
        return Station(self.station_name, self.station_where, self.station_opens, self.station_closes)

    @property
    def places(self) -> tuple[DropOff, ...]:
        """Where goods may be left here: a station has to be somewhere."""
        return tuple(each for each in self.drop_offs if each is not DropOff.STATION or self.station)

    def contradictions(self) -> Iterable[Contradiction]:
        """A station has a name and an address, and opens before it closes."""
        if DropOff.STATION in self.drop_offs and self.station is None:
            yield Contradiction(
                ("drop_offs", "station_name", "station_where"), _("A pick-up station needs a name and an address.")
            )
        if self.station_opens.minutes >= self.station_closes.minutes:
            yield Contradiction(
                ("station_opens", "station_closes"), _("The pick-up station would close before it opens.")
            )
