"""What is put right for nothing: a worker knows it before they tell a price; the same question refuses the price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, OuterRef, Q, Subquery

from linli.estate.workorders.models import Order
from linli.estate.workorders.rules import warranty_end
from linli.kernel.ids import HomeId, WorkOrderId
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class Warranty:
    """Work of this order, or of its type at its home and charged before it was asked for: free until `until_at`."""

    charged_at: datetime
    until_at: datetime


@query
def warranty(scope: Scope, *, order: WorkOrderId, at: datetime) -> Warranty | None:
    """This will tell by what an order is free of charge now, if by anything."""
    charged = (
        Order.objects.inside()
        .filter(Q(pk=OuterRef("pk")) | Q(charged_at__lte=OuterRef("raised_at")), charged_at__isnull=False)
        .filter(home=OuterRef("home"), type_id=OuterRef("type_id"))
        .order_by("-charged_at")
        .values("charged_at")[:1]
    )
    found = (
        Order.objects.within(scope)
        .filter(pk=order)
        .annotate(last_charged_at=Subquery(charged))
        .values_list("last_charged_at", "type__warranty_days")
        .first()
    )
    if found is None or found[0] is None:
        return None
    until_at = warranty_end(*found)
    return Warranty(found[0], until_at) if at < until_at else None


@query
def warranties(scope: Scope, *, homes: Sequence[HomeId], type_id: UUID, at: datetime) -> dict[HomeId, Warranty]:
    """This will tell at which of the asker's homes a type of work costs nothing now, before it is asked for."""
    own = [home for home in homes if scope.is_inside or home in scope.homes]
    charged = (
        Order.objects.inside()
        .filter(home__in=own, type_id=type_id, charged_at__isnull=False)
        .values_list("home")
        .annotate(last_charged_at=Max("charged_at"), days=Max("type__warranty_days"))
    )
    found = {HomeId(home): Warranty(last, warranty_end(last, days)) for home, last, days in charged}
    return {home: held for home, held in found.items() if at < held.until_at}
