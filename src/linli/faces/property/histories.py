"""Who took the steps that a page shows, named as the reader may know them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.spine.moves import Moved


def movers(request: PropertyRequest, history: Iterable[Moved], *others: UUID | None) -> dict[PartyId, str]:
    """This will name whoever took a step, and whom the page names besides; it asks nothing where nobody did."""
    known = {PartyId(each) for each in (*(move.person for move in history), *others) if each}
    return people.names(request.scope, parties=known) if known else {}
