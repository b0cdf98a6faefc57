"""What can have attachments, and who adds them."""

from __future__ import annotations

from enum import StrEnum

from linli.spine.may import May
from linli.spine.scope import Role

MOST_AT_ONCE = 6
MOST_OF_ONE = 30
"""So many lie beside one thing; whoever needs more keeps them elsewhere and attaches the list."""


class Kind(StrEnum):
    """What an attachment lies beside."""

    OUTAGE = "outage"
    PARCEL = "parcel"
    VISIT = "visit"
    STAY = "stay"
    CAR = "car"
    SPACE = "space"
    RELOCATION = "relocation"
    RELEASE = "release"
    BOOKING = "booking"
    MEETING = "meeting"


OF_STAFF: dict[Kind, May] = {
    Kind.OUTAGE: May.KEEP_NOTICES,
    Kind.PARCEL: May.RUN_PARCELS,
    Kind.VISIT: May.CHECK_VISITORS,
    Kind.STAY: May.RUN_BARRIER,
    Kind.CAR: May.KEEP_PARKING,
    Kind.SPACE: May.KEEP_PARKING,
    Kind.RELOCATION: May.DECIDE_PERMITS,
    Kind.RELEASE: May.CHECK_GOODS_RELEASE,
    Kind.BOOKING: May.KEEP_VENUES,
    Kind.MEETING: May.HOLD_ASSEMBLY,
}
OF_RESIDENTS: dict[Kind, May] = {
    Kind.CAR: May.KEEP_OWN_VEHICLES,
    Kind.SPACE: May.KEEP_OWN_VEHICLES,
    Kind.RELOCATION: May.ASK_FOR_PERMITS,
    Kind.RELEASE: May.ASK_FOR_PERMITS,
}
"""What residents attach to: what they asked for, before it is decided; a car's licence, and that a space is theirs."""


def permit_to_attach(role: Role, kind: Kind) -> May | None:
    """This will tell which permission attaches to a kind of thing in a role; None where the role never does."""
    return (OF_STAFF if role is Role.PROPERTY else OF_RESIDENTS if role is Role.RESIDENT else {}).get(kind)
