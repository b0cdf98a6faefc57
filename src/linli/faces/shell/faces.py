"""The faces of the house: where their addresses begin, whom they are for, what their handlers receive; their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http.response import HttpResponseBase

from linli.faces.shell.requests import (
    CourierRequest,
    MerchantRequest,
    OwnerRequest,
    PageRequest,
    PlatformRequest,
    PropertyRequest,
    PublicRequest,
)
from linli.spine.may import May
from linli.spine.scope import Role

_PART = re.compile(r"<(?:\w+:)?(\w+)>")


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


@dataclass(frozen=True)
class Page:
    """One address and method of a face. `role` None lets guests in too; `needs` is what a hat must allow."""

    face: Face
    method: str
    path: str
    name: str
    role: Role | None
    handler: Callable[..., HttpResponseBase]
    asks: str | None = None
    shared_s: int = 0
    neighbours_s: int = 0
    needs: May | None = None

    @property
    def address(self) -> str:
        return "/" + self.face.prefix + self.path

    @property
    def called(self) -> str:
        return f"{self.face.word}:{self.name}"

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.path)
