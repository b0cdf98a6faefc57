"""Files beside things of other modules."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.estate.attachments.rules import Kind
from linli.spine.base import ScopedModel, state_check
from linli.spine.scope import Scope


class Attachment(ScopedModel):
    """One file of one thing; `subject` is the id that the thing has in its own module."""

    kind = models.TextField()
    subject = models.UUIDField()
    community = models.UUIDField()
    file = models.UUIDField()
    person = models.UUIDField(null=True)
    role = models.TextField()
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "attachments_attachment"
        constraints: ClassVar = [
            state_check("attachments_attachment_kind", tuple(Kind), column="kind"),
            models.UniqueConstraint(fields=["file"], name="attachments_attachment_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "id"], name="attachments_of_subject")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities)
