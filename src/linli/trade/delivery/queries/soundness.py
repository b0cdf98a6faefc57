"""Whether deliveries are sound, found out from the rows alone: places sold, runs, and what is late."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.kernel.ids import RunId, TaskId
from linli.kernel.refusals import Denied
from linli.kernel.words import _
from linli.spine.action import query
from linli.spine.findings import Finding, Told, find, told
from linli.spine.scope import Scope

UNSEEN = timedelta(minutes=10)
"""The clock tells the board every half minute; what is late and untold for so long was overlooked."""
_UNHELD = """
    SELECT c.axis, c.subject, c.taken, coalesce(h.units, 0) FROM delivery_capacity AS c
    LEFT JOIN (SELECT capacity_id, sum(units) AS units FROM delivery_hold GROUP BY capacity_id) AS h
        ON h.capacity_id = c.id
    WHERE c.taken <> coalesce(h.units, 0) ORDER BY c.id LIMIT %s
"""
_UNCOLLECTED = """
    SELECT r.id, t.id FROM delivery_run AS r JOIN delivery_run_stop AS s ON s.run_id = r.id AND s.kind = 'drop'
    JOIN delivery_task AS t ON t.id = ANY (s.tasks)
    WHERE r.state IN ('given', 'riding') AND t.state = 'assigned' AND t.courier = r.courier AND NOT EXISTS (
        SELECT FROM delivery_run_stop AS c WHERE c.run_id = r.id AND c.kind = 'collect' AND c.nth < s.nth
            AND t.id = ANY (c.tasks))
    ORDER BY r.id, t.id LIMIT %s
"""
_STRAY = """
    SELECT r.id, t.id FROM delivery_run AS r JOIN delivery_run_stop AS s ON s.run_id = r.id
    JOIN delivery_task AS t ON t.id = ANY (s.tasks)
    WHERE r.state IN ('given', 'riding') AND t.state IN ('todo', 'assigned') AND t.courier IS DISTINCT FROM r.courier
    GROUP BY r.id, t.id ORDER BY r.id, t.id LIMIT %s
"""
_UNSEEN = """
    SELECT t.id, t.due_at FROM delivery_task AS t
    WHERE t.due_at IS NOT NULL AND t.escalated_at IS NULL AND t.due_at < %s ORDER BY t.due_at LIMIT %s
"""


@query
def check(scope: Scope, *, at: datetime) -> tuple[Finding, ...]:
    """This will hold places against what holds them, runs against their tasks, and clocks against the board."""
    if not scope.is_inside:
        raise Denied
    return (
        find(_("What is taken of a slot or kitchen is what orders hold of it"), _UNHELD, _unheld),
        find(_("What a run drops it collects before"), _UNCOLLECTED, _uncollected),
        find(_("What stands in a courier's run is that courier's to carry"), _STRAY, _stray),
        find(_("What is late stands on the board"), _UNSEEN, _unseen, at - UNSEEN),
    )


def _unheld(axis: str, subject: UUID, taken: int, held: int) -> Told:
    words = _("Of {axis} {subject} {taken} are taken, and orders hold {held}.")
    return told(words, axis=axis, subject=subject, taken=taken, held=held)


def _uncollected(run: RunId, task: TaskId) -> Told:
    return told(_("Run {run} drops {task} and never collects it."), run=run, task=task)


def _stray(run: RunId, task: TaskId) -> Told:
    return told(_("{task} stands in run {run}, whose courier does not carry it."), task=task, run=run)


def _unseen(task: TaskId, due_at: datetime) -> Told:
    return told(_("{task} should have moved by {due_at}, and nobody was told."), task=task, due_at=due_at)
