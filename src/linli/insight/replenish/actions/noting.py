"""Completed orders become states, in batches: one statement for all households of a day, at constant cost each.

A day counts once, so a fact that is heard twice changes nothing; what comes later than a newer purchase is left to the
next rebuild.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from linli.ground.places import queries as places
from linli.ground.places.rules import business_day
from linli.insight.replenish import rules
from linli.insight.replenish.actions.mapping import commodities_of
from linli.kernel.ids import OrderId
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import queries as orders
from linli.trade.orders.queries import BoughtLine

ALL = ""
"""The commodity of everything that a household buys."""

_NOTE = f"""
    WITH bought AS (
        SELECT c.household_id, x.commodity, max(x.quantity) AS quantity,
               (array_agg(x.variant ORDER BY x.quantity DESC, x.variant))[1] AS variant
        FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::int[])
             AS x(person, home, commodity, variant, quantity)
        JOIN replenish_consent AS c ON c.person = x.person AND c.home = x.home
        GROUP BY 1, 2 ORDER BY 1, 2
    ), noted AS (
        INSERT INTO replenish_state AS s (household_id, commodity, purchases, first_on, last_on, log_gaps,
            log_gaps_squared, recent_log_gap, usual_variant, usual_quantity, is_refused)
        SELECT household_id, commodity, 1, %s, %s, 0, 0, 0, variant, quantity, false FROM bought
        ON CONFLICT (household_id, commodity) DO UPDATE SET
            purchases = s.purchases + 1, last_on = excluded.last_on,
            log_gaps = s.log_gaps + ln(excluded.last_on - s.last_on),
            log_gaps_squared = s.log_gaps_squared + ln(excluded.last_on - s.last_on) ^ 2,
            recent_log_gap = CASE WHEN s.purchases = 1 THEN ln(excluded.last_on - s.last_on)
                ELSE s.recent_log_gap + {rules.RECENT} * (ln(excluded.last_on - s.last_on) - s.recent_log_gap) END,
            usual_variant = excluded.usual_variant, usual_quantity = excluded.usual_quantity, put_off_until = NULL
        WHERE s.last_on < excluded.last_on
        RETURNING s.household_id, s.commodity
    ), lapsed AS (
        UPDATE replenish_proposal AS p SET state = '{rules.ProposalState.LAPSED.value}', answered_at = %s
        FROM noted WHERE p.household_id = noted.household_id AND p.commodity = noted.commodity AND p.state = 'open'
        RETURNING p.id, p.community
    ), moved AS (
        INSERT INTO replenish_proposal_move (id, of_id, community, verb, before, after, role, why, moved_at)
        SELECT gen_random_uuid(), id, community, '{rules.ProposalVerb.LAPSE.value}', 'open',
               '{rules.ProposalState.LAPSED.value}', 'system', 'bought', %s FROM lapsed
    )
    SELECT count(*)::int FROM noted
"""


@action(needs=May.RUN_CLOCKS)
def note_orders(scope: Scope, *, orders_done: Sequence[OrderId], at: datetime) -> int:
    """This will note completed orders on the states of households that asked for it, and tell how many states."""
    lines = orders.bought_lines(scope, orders=orders_done)
    days = days_of(lines)
    by_day: dict[date, list[BoughtLine]] = defaultdict(list)
    for line in lines:
        if line.quantity:
            by_day[days[line.order]].append(line)
    commodity_of = commodities_of(lines, at)
    return sum(_note(those, commodity_of, day, at) for day, those in sorted(by_day.items()))


def _note(lines: Sequence[BoughtLine], commodity_of: dict[object, str], day: date, at: datetime) -> int:
    whole = {(line.buyer, line.home, ALL, None, 1) for line in lines}
    own = [
        (line.buyer, line.home, commodity, line.variant, line.quantity)
        for line in lines
        if (commodity := commodity_of.get(line.listing))
    ]
    columns = [list(column) for column in zip(*whole, *own, strict=True)]
    ((noted,),) = sql.fetch(_NOTE, *columns, day, day, at, at)
    return int(noted)


def days_of(lines: Iterable[BoughtLine]) -> dict[OrderId, date]:
    """This will tell on which day of its community each order was completed, clock changes and all."""
    return {line.order: business_day(line.completed_at, places.market_of(line.community).timezone) for line in lines}
