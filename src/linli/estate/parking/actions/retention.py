"""Plates are kept as long as the community needs them, and no longer."""

from __future__ import annotations

from datetime import datetime

from linli.estate.parking.models import Session
from linli.kernel.ids import CommunityId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

PORTION = 5_000


@action(needs=May.RUN_CLOCKS)
def erase_plates(scope: Scope, *, community: CommunityId, before: datetime, at: datetime) -> int:
    """This will take the plates out of stays that ended long ago and owe nothing; times and amounts stay."""
    old = Session.objects.within(scope).filter(community=community, left_at__lt=before, unpaid_minor=0)
    some = list(old.exclude(plate="").order_by("left_at").values_list("pk", flat=True)[:PORTION])
    sql.run(
        "UPDATE parking_event SET plate = '', answer = answer - 'plate'"
        " WHERE community = %s AND received_at < %s AND plate <> ''",
        community,
        before,
    )
    return Session.objects.within(scope).filter(pk__in=some).update(plate="", read_as="")
