"""Keys of the machines at a barrier: issued and shown once, told apart by their last letters, revoked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.estate.parking.actions import EventKind, IssuedKey
from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel.ids import LotId
from linli.spine.may import May

NEEDS = May.KEEP_PARKING
HERE = "parking/lots/<uuid:lot>/keys/"


@page("property", "GET", HERE, name="barrier-keys", needs=NEEDS)
def index(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will list the keys of a lot's machines."""
    return _shown(request, lot)


@page("property", "POST", HERE, name="barrier-keys", needs=NEEDS)
def issue(request: PropertyRequest, lot: LotId) -> HttpResponse:
    """This will issue a key and show it, once."""
    kinds = [kind for kind in EventKind if kind.value in request.form.many("kinds")]
    name = request.form.text("name", most=40)
    return _shown(request, lot, actions.issue_key(request.scope, lot=lot, name=name, kinds=kinds, at=request.at))


@page(
    "property",
    "POST",
    HERE + "<uuid:key>/revocation/",
    name="key-revocation",
    asks="property:barrier-keys",
    needs=NEEDS,
)
def revoke(request: PropertyRequest, lot: LotId, key: UUID) -> HttpResponse:
    """This will make a key worthless."""
    actions.revoke_key(request.scope, key=key, at=request.at)
    return see_other("property:barrier-keys", lot, said=_("Revoked. It opens nothing any more."))


def _shown(request: PropertyRequest, lot: LotId, issued: IssuedKey | None = None) -> HttpResponse:
    own_communities(request)
    answer = request.render(
        "property/barrier-keys.jinja",
        lot=queries.lot(request.scope, lot=lot, at=request.at),
        keys=queries.barrier_keys(request.scope, lot=lot),
        kinds=tuple(EventKind),
        issued=issued,
        address=request.http.build_absolute_uri(f"/api/v1/parking-lots/{lot}/machine-events"),
    )
    if issued is not None:
        answer["Cache-Control"] = "no-store"
    return answer
