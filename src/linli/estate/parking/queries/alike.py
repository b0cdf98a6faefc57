"""What guests pay for their cars in a community, told so that another may charge alike."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from linli.estate.parking import rules
from linli.estate.parking.models import TariffVersion
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.pieces import Piece
from linli.spine.scope import Scope

EVERYWHERE = {"zh": "全部车场", "en": "All car parks"}


@query
def template_of(scope: Scope, *, community: CommunityId, on: date) -> tuple[Piece, ...]:
    """This will give the tariff that holds in a community's lots on a day; a lot's own belongs to that lot."""
    if community not in scope.communities:
        raise NotFound("community")
    rows = TariffVersion.objects.within(scope).filter(
        Q(end_on=None) | Q(end_on__gt=on), community=community, lot=None, start_on__lte=on
    )
    return tuple(Piece("parking_tariff", "everywhere", EVERYWHERE, rules.read_tariff(row.terms)) for row in rows[:1])
