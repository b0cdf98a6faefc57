"""The barrier for programs: an on-premises machine tells what it saw, once for each event of its own."""

from __future__ import annotations

import hashlib
from typing import Annotated

from msgspec import Meta

from linli.estate.parking import actions, queries
from linli.estate.parking.actions import BarrierAnswer, EventKind
from linli.estate.parking.queries import LotCard
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.limits import allow
from linli.faces.openapi.shapes import Body, Instant, Listed
from linli.kernel.ids import LotId
from linli.spine.scope import GUEST, Role


class SeenPlate(Body):
    """What a camera saw. `event` is the machine's own id: told again, it is answered the same."""

    event: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: EventKind
    plate: Annotated[str, Meta(min_length=1, max_length=20)]
    seen_at: Instant


@endpoint("GET", "parking-lots", role=Role.PROPERTY, summary="List the lots that the caller's sign-in reaches.")
def list_parking_lots(request: ApiRequest) -> Listed[LotCard]:
    return Listed(queries.lots(request.scope, at=request.at))


@endpoint(
    "POST",
    "parking-lots/<uuid:lot>/events",
    role=Role.PROPERTY,
    summary="Tell what a camera saw at the barrier; the answer says whether to open. Late and repeated ones are fine.",
)
def create_parking_event(request: ApiRequest, lot: LotId, body: SeenPlate) -> BarrierAnswer:
    return actions.record_machine_event(
        request.unkeyed,
        lot=lot,
        event=body.event,
        kind=body.kind,
        plate=body.plate,
        seen_at=body.seen_at,
        at=request.at,
    )


@endpoint(
    "POST",
    "parking-lots/<uuid:lot>/machine-events",
    role=None,
    summary="The same for a machine without a sign-in: the lot's key stands in the header `Linli-Barrier-Key`.",
)
def create_machine_event(request: ApiRequest, lot: LotId, body: SeenPlate) -> BarrierAnswer:
    key = request.http.META.get("HTTP_LINLI_BARRIER_KEY", "")
    allow(f"barrier:{hashlib.sha256(key.encode()).hexdigest()}", reads=False)
    return actions.tell_by_key(
        GUEST,
        key=key,
        lot=lot,
        event=body.event,
        kind=body.kind,
        plate=body.plate,
        seen_at=body.seen_at,
        at=request.at,
    )
