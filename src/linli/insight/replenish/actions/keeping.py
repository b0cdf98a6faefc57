"""Proposals are kept once: those that are new, and how each began, in one statement for a whole portion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.insight.replenish import models, rules
from linli.spine import sql
from linli.spine.scope import Scope

_KEEP = """
    WITH kept AS (
        INSERT INTO replenish_proposal (id, household_id, commodity, standing_id, after_on, turn_on, due_on, deliver_on,
            every_days, confidence_bp, variant, quantity, is_learnt, community, state, proposed_at, due_at)
        SELECT p.*, %s, %s, %s, %s
        FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::date[], %s::date[], %s::date[], %s::date[],
            %s::smallint[], %s::smallint[], %s::uuid[], %s::int[], %s::bool[]) AS p
        ON CONFLICT DO NOTHING
        RETURNING id, household_id
    ), begun AS (
        INSERT INTO replenish_proposal_move (id, of_id, community, verb, before, after, role, person, why, moved_at)
        SELECT id, id, %s, %s, '', %s, %s, %s, '', %s FROM kept
    )
    SELECT household_id, count(*)::int FROM kept GROUP BY 1
"""
"""The first move of a proposal has the number of the proposal, which is older than any other of its moves."""


def keep(scope: Scope, rows: Sequence[models.Proposal], *, at: datetime) -> Counter[UUID]:
    """This will keep proposals of one community, and tell how many of each household's are new.

    What was proposed after the same purchase or turn, or is open for the commodity, stays as it is.
    """
    if not rows:
        return Counter()
    community, due_at = rows[0].community, rows[0].due_at
    columns = zip(
        *(
            (
                row.id,
                row.household_id,
                row.commodity,
                row.standing_id,
                row.after_on,
                row.turn_on,
                row.due_on,
                row.deliver_on,
                row.every_days,
                row.confidence_bp,
                row.variant,
                row.quantity,
                row.is_learnt,
            )
            for row in rows
        ),
        strict=True,
    )
    birth = rules.PROPOSAL_LIFE.birth.value
    found = sql.fetch(
        _KEEP,
        *(community, birth, at, due_at),
        *(list(column) for column in columns),
        *(community, rules.ProposalVerb.PROPOSE.value, birth, scope.role.value, scope.person, at),
    )
    return Counter(dict(found))
