"""What is said between a feeder and a dispatcher, a line of JSON each; names as the contract of the lines has them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

State = Literal["off", "idle", "moving", "at", "busy"]


class Shift(Struct, frozen=True):
    """A courier's start and shift, in minutes of the day."""

    x: float
    y: float
    on: int
    off: int


class Init(Struct, frozen=True, tag_field="type", tag="init"):
    """The first line: the place, its people and its terms."""

    name: str
    meters_per_minute: float
    pickup_service: float
    dropoff_service: float
    pay_order: float
    pay_hour: float
    restaurants: dict[str, tuple[float, float]]
    couriers: dict[str, Shift]
    target: float = 40
    max_ctd: float = 90


class New(Struct, frozen=True):
    """An order that was placed in this minute; its ready time may be a belief."""

    id: str
    x: float
    y: float
    placed: int
    rest: str
    ready: int


class Now(Struct, frozen=True):
    """What a courier does now; `loc` is where he is or will be at `free`."""

    state: State
    loc: tuple[float, float]
    free: int
    rest: str | None = None


class Told(Struct, frozen=True, omit_defaults=True):
    """One instruction: be at a restaurant, or deliver these orders in this sequence."""

    courier: str
    goto: str | None = None
    deliver: list[str] | None = None


class Step(Struct, frozen=True, tag_field="type", tag="step"):
    """A minute."""

    t: int
    new: list[New]
    couriers: dict[str, Now]
    ready_updates: dict[str, int] = field(default_factory=dict)
    """Where ready times are beliefs: what is believed now of every order that nobody delivers yet."""
    rejected: list[Told] = field(default_factory=list)
    """Instructions of the minute before that broke a rule."""
