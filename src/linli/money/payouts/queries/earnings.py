"""What was earned in all, and when what is earned now will be free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.money.payouts.rules import Kind, PayoutPolicy
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

_HOLDS = "SELECT id, hold_days FROM payouts_payee WHERE id = ANY(%s) AND hold_days IS NOT NULL"


@query
def earned(scope: Scope) -> dict[Kind, Money]:
    """This will add up what each kind of payee has earned, what was taken back left out; as far as the scope sees."""
    rows = sql.fetch("SELECT kind, sum(amount_minor)::bigint FROM payouts_line GROUP BY kind ORDER BY kind")
    return {Kind(kind): Money(minor) for kind, minor in rows}


@query
def available_ats(
    scope: Scope, *, payees: Sequence[tuple[PartyId, Kind]], city: CityId, at: datetime
) -> tuple[datetime, ...]:
    """This will say when what is earned now will be free, payee by payee: its own hold days, else the city's policy."""
    usual = policy(scope, PayoutPolicy, at=at, city=city)
    own = dict(sql.fetch(_HOLDS, [payee for payee, _kind in payees]))
    return tuple(at + timedelta(days=own.get(payee, usual.hold_days(kind))) for payee, kind in payees)
