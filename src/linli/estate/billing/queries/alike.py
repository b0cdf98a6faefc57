"""What a community pays of its own, told so that another may be charged alike."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from linli.estate.billing.models import TariffVersion
from linli.estate.billing.queries.items import draft_of
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.pieces import Piece
from linli.spine.scope import Scope

MOST = 200


@query
def template_of(scope: Scope, *, community: CommunityId, on: date) -> tuple[Piece, ...]:
    """This will list the tariffs that a community has of its own on a day; the company's hold everywhere already."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = (
        TariffVersion.objects.within(scope)
        .filter(Q(end_on=None) | Q(end_on__gt=on), community=community, start_on__lte=on, item__retired_at=None)
        .select_related("item")
        .order_by("item__priority", "item__word")
    )
    return tuple(
        Piece(
            "tariff",
            row.item.word,
            row.item.name,
            draft_of(row.preset, row.formula, row.basis, row.parameters, row.terms),
        )
        for row in rows[:MOST]
    )
