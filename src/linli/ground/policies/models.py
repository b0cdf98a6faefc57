"""The versions of settings, and those withdrawn before they began: insert-only, and public (about no person)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.ground.policies.rules import Level
from linli.spine.base import Model


class Version(Model):
    """One setting's value at one place from `start_at` on; JSON null says that the place has no say any more."""

    insert_only: ClassVar[bool] = True

    word = models.TextField()
    setting = models.TextField()
    level = models.TextField()
    place = models.UUIDField(null=True)
    value = models.JSONField()
    start_at = models.DateTimeField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=[v.value for v in Level]), name="policies_version_level"),
            models.CheckConstraint(
                condition=Q(level=Level.PLATFORM.value, place__isnull=True)
                | (~Q(level=Level.PLATFORM.value) & Q(place__isnull=False)),
                name="policies_version_has_its_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["word", "place", "setting", "-start_at"], name="policies_version_place"),
        ]


class Withdrawal(Model):
    """A version was taken back before it began; it never holds."""

    insert_only: ClassVar[bool] = True

    version = models.OneToOneField(Version, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.UUIDField(null=True)
