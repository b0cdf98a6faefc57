"""The audit: who did what, when, as whom; and every reading of a masked personal datum."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.spine import sql
from linli.spine.scope import Scope


def record_reading(scope: Scope, *, what: str, subject: UUID, why: str, at: datetime) -> None:
    """This will note that a person read somebody's personal data in the clear; call it in the same transaction."""
    sql.run(
        "INSERT INTO spine_audit (happened_at, person, role, action, said) VALUES (%s, %s, %s, %s, %s)",
        at,
        scope.person,
        scope.role.value,
        f"read.{what}",
        sql.as_json({"subject": subject, "why": why}),
    )
