"""The rows about files; the bytes lie in the store (gateways)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.spine.base import ScopedModel
from linli.spine.scope import Scope


class KeptFile(ScopedModel):
    """One upload. Several rows may share one content, which is kept once."""

    purpose = models.TextField()
    is_public = models.BooleanField()
    name = models.TextField()
    mime = models.TextField()
    size = models.IntegerField()
    digest = models.TextField()
    small_digest = models.TextField(null=True)
    person = models.UUIDField(null=True)
    shop = models.UUIDField(null=True)
    company = models.UUIDField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "files_file"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="files_file_digest"),
            models.CheckConstraint(condition=Q(size__gt=0), name="files_file_size"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["digest"], name="files_file_digest"),
            models.Index(fields=["small_digest"], name="files_file_small_digest"),
            models.Index(fields=["person"], name="files_file_person"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        theirs = Q(is_public=True)
        for column, value in (("person", scope.person), ("shop", scope.shop), ("company", scope.company)):
            if value is not None:
                theirs |= Q(**{column: value})
        return theirs
