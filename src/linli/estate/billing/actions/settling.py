"""What every way of paying does: hold the open lines, note what is paid of them, give a receipt its number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from linli.estate.billing import rules
from linli.estate.billing.models import Allocation, Line, Receipt
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.spine import sql
from linli.spine.scope import Scope

MOST_LINES = 1_000


def hold_open_lines(scope: Scope, home: HomeId, only: Sequence[int] | None = None) -> list[Line]:
    """This will lock the lines of a home that are not wholly paid, in the order of their numbers.

    Two who pay the same lines at the same moment wait for each other here, and the second sees what the first left.
    """
    rows = Line.objects.within(scope).select_for_update(of=("self",)).select_related("item")
    still_open = rows.filter(home=home, credits=None, amount_minor__gt=F("paid_minor") + F("credited_minor"))
    if only is not None:
        still_open = still_open.filter(pk__in=only)
    return list(still_open.order_by("id")[:MOST_LINES])


def open_line(row: Line) -> rules.OpenLine:
    """This will say of a line what allocating needs to know."""
    return rules.OpenLine(
        line=row.pk,
        due_on=row.due_on,
        priority=row.item.priority,
        is_late_fee=row.kind == rules.LineKind.LATE_FEE,
        open=Money(row.amount_minor - row.paid_minor - row.credited_minor),
    )


def write_receipt(
    scope: Scope,
    *,
    company: PartyId,
    community: CommunityId,
    home: HomeId,
    amount: Money,
    channel: rules.Channel,
    payer: PartyId | None,
    desk: str = "",
    collection: UUID | None = None,
    at: datetime,
) -> Receipt:
    """This will give a receipt the next number of its company and year; numbers have no gaps."""
    year = places.day_in(community, at).year
    number = sql.fetch("SELECT billing_next_number(%s, %s)", company, f"R{year}")[0][0]
    return Receipt.objects.create(
        id=ids.new(),
        company=company,
        community=community,
        home=home,
        payer=payer,
        number=f"R{year}-{number:06d}",
        channel=channel.value,
        desk=desk,
        taken_by=scope.person if desk else None,
        collection=collection,
        amount_minor=amount.minor,
        received_at=at,
    )


def allocate(receipt: Receipt, allocations: Sequence[rules.Allocation], community: CommunityId, at: datetime) -> None:
    """This will note which lines a receipt paid, and how much of each; the lines are held."""
    if not allocations:
        return
    Allocation.objects.bulk_create(
        Allocation(
            receipt=receipt, line_id=each.line, community=community, amount_minor=each.amount.minor, allocated_at=at
        )
        for each in allocations
    )
    sql.run(
        "UPDATE billing_line AS l SET paid_minor = l.paid_minor + a.minor"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS a(line, minor) WHERE l.id = a.line",
        [each.line for each in allocations],
        [each.amount.minor for each in allocations],
    )
