"""The faces of the house: where their addresses begin, whom they are for, what their handlers receive."""

from __future__ import annotations

from dataclasses import dataclass

from linli.faces.shell.requests import (
    CourierRequest,
    MerchantRequest,
    OwnerRequest,
    PageRequest,
    PlatformRequest,
    PropertyRequest,
    PublicRequest,
)
from linli.spine.scope import Role


@dataclass(frozen=True)
class Face:
    """A face: where its addresses begin, whom it is for, and whether its sessions are looked up every time."""

    word: str
    prefix: str
    role: Role | None
    request: type[PageRequest]
    staff: bool = False


FACES: dict[str, Face] = {
    face.word: face
    for face in (
        Face("public", "", None, PublicRequest),
        Face("owner", "o/", Role.RESIDENT, OwnerRequest),
        Face("merchant", "m/", Role.MERCHANT, MerchantRequest, staff=True),
        Face("property", "p/", Role.PROPERTY, PropertyRequest, staff=True),
        Face("courier", "c/", Role.COURIER, CourierRequest),
        Face("platform", "platform/", Role.PLATFORM, PlatformRequest, staff=True),
    )
}
