"""The kinds that work orders and outages know."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    REPAIR = "repair"
    COMPLAINT = "complaint"
    CLEANING = "cleaning"
    HOUSEKEEPING = "housekeeping"


class Source(StrEnum):
    """Who noticed it."""

    OWNER = "owner"
    STAFF = "staff"
    PATROL = "patrol"
    DEVICE = "device"
    MAINTENANCE = "maintenance"


class Skill(StrEnum):
    """What a worker is able to do; every type takes one of them."""

    PLUMBING = "plumbing"
    ELECTRICS = "electrics"
    CARPENTRY = "carpentry"
    LIFTS = "lifts"
    ACCESS = "access"
    CLEANING = "cleaning"
    GARDENING = "gardening"
    SERVICE = "service"
    ANSWERING = "answering"


class Way(StrEnum):
    """How work of a type finds who does it."""

    NEAREST = "nearest"
    """The house gives it: by skill, load and distance."""
    GRAB = "grab"
    """Whoever is able takes it from the list."""
    ROTA = "rota"
    """The house gives it to who is on the rota and whose turn it is."""
    DESK = "by_desk"
    """The desk gives it."""


class Supply(StrEnum):
    """What an outage takes away."""

    WATER = "water"
    HOT_WATER = "hot_water"
    POWER = "power"
    GAS = "gas"
    HEATING = "heating"
    LIFT = "lift"
    NETWORK = "network"
    ROAD = "road"
    OTHER = "other"


class Satisfaction(StrEnum):
    """What was heard on a return visit."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"
