"""The life of a shop and of a licence, and which licences a kind of shop has to show."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.life import Life


class ShopState(StrEnum):
    """Where a shop stands with the platform; whether it is open at this hour is another question."""

    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class ShopVerb(StrEnum):
    """What moves a shop."""

    APPROVE = "approve"
    REFUSE = "refuse"
    REAPPLY = "reapply"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    CLOSE = "close"


SHOP_LIFE = Life(
    birth=ShopState.APPLIED,
    moves={
        (ShopState.APPLIED, ShopVerb.APPROVE): ShopState.APPROVED,
        (ShopState.APPLIED, ShopVerb.REFUSE): ShopState.REFUSED,
        (ShopState.APPLIED, ShopVerb.CLOSE): ShopState.CLOSED,
        (ShopState.REFUSED, ShopVerb.REAPPLY): ShopState.APPLIED,
        (ShopState.REFUSED, ShopVerb.CLOSE): ShopState.CLOSED,
        (ShopState.APPROVED, ShopVerb.SUSPEND): ShopState.SUSPENDED,
        (ShopState.APPROVED, ShopVerb.CLOSE): ShopState.CLOSED,
        (ShopState.SUSPENDED, ShopVerb.REINSTATE): ShopState.APPROVED,
        (ShopState.SUSPENDED, ShopVerb.CLOSE): ShopState.CLOSED,
    },
)


class LicenceState(StrEnum):
    """What the platform says of a document."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Beginning(StrEnum):
    """What begins a shop and a document of it, before any verb moves them; its history begins with it."""

    APPLY = "apply"
    SUBMIT = "submit"


class LicenceVerb(StrEnum):
    """What moves a licence; an accepted one may still turn out to be forged."""

    ACCEPT = "accept"
    REFUSE = "refuse"


LICENCE_LIFE = Life(
    birth=LicenceState.SUBMITTED,
    moves={
        (LicenceState.SUBMITTED, LicenceVerb.ACCEPT): LicenceState.ACCEPTED,
        (LicenceState.SUBMITTED, LicenceVerb.REFUSE): LicenceState.REFUSED,
        (LicenceState.ACCEPTED, LicenceVerb.REFUSE): LicenceState.REFUSED,
    },
)


class ShopKind(StrEnum):
    """What a shop mainly sells."""

    GROCERY = "grocery"
    FRESH = "fresh"
    RESTAURANT = "restaurant"
    PHARMACY = "pharmacy"
    FLORIST = "florist"
    HOUSEHOLD = "household"
    OTHER = "other"


class LicenceKind(StrEnum):
    """The documents that Chinese law asks for."""

    BUSINESS = "business"
    FOOD = "food"
    MEDICINE = "medicine"


_BESIDES_BUSINESS = {
    ShopKind.GROCERY: frozenset({LicenceKind.FOOD}),
    ShopKind.FRESH: frozenset({LicenceKind.FOOD}),
    ShopKind.RESTAURANT: frozenset({LicenceKind.FOOD}),
    ShopKind.PHARMACY: frozenset({LicenceKind.MEDICINE}),
}


def required_licences(kind: ShopKind) -> frozenset[LicenceKind]:
    """This will list the licences without which a shop of this kind may not be approved, nor go on selling."""
    return _BESIDES_BUSINESS.get(kind, frozenset()) | {LicenceKind.BUSINESS}
