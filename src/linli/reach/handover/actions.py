"""Opening, redeeming and closing handovers. Orders and parcels call the SQL twins from their own functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.reach.handover.rules import Redeemed, code_of
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.FULFIL_ORDER)
def handover_open(
    scope: Scope,
    *,
    fors: Sequence[UUID],
    kinds: Sequence[str],
    places: Sequence[UUID],
    due_ats: Sequence[datetime],
    at: datetime,
) -> tuple[str, ...]:
    """This will open a handover for each thing and give the codes in the same order; open ones keep their code."""
    row = sql.fetch_one(
        "SELECT handover_open(%s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s)",
        list(fors),
        list(kinds),
        list(places),
        list(due_ats),
        at,
    )
    return tuple(row[0]) if row else ()


@action(needs=May.DELIVER_ORDER, private=("code",))
def handover_redeem(scope: Scope, *, for_: UUID, code: str, at: datetime) -> Redeemed:
    """This will try a code. A wrong one is an answer, not a refusal: a refusal would roll the counted try back."""
    row = sql.fetch_one("SELECT handover_redeem(%s, %s, %s)", for_, code_of(code) or "", at)
    return Redeemed(row[0]) if row else Redeemed.CLOSED


@action(needs=May.FULFIL_ORDER)
def handover_close(scope: Scope, *, fors: Sequence[UUID], at: datetime) -> None:
    """This will close what nobody will fetch any more; closed and redeemed ones stay as they are."""
    sql.run("SELECT handover_close(%s::uuid[], %s)", list(fors), at)
