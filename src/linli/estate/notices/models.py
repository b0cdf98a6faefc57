"""Notices, the people they are addressed to, and what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.notices import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


def of_staff(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Notice(ScopedModel):
    """One notice of a community. `tell_at` is from when messages go out, empty where none do; `due_at` is when a draft
    is discarded, or a question for approval goes back."""

    community = models.UUIDField()
    label = models.TextField(default="")
    kind = models.TextField()
    title = models.JSONField()
    body = models.JSONField()
    level = models.TextField()
    targets = ArrayField(models.UUIDField(), default=list)
    who = models.TextField()
    pictures = ArrayField(models.UUIDField(), default=list)
    papers = ArrayField(models.UUIDField(), default=list)
    is_pinned = models.BooleanField(default=False)
    is_important = models.BooleanField(default=False)
    is_told = models.BooleanField(default=False)
    writer = models.UUIDField(null=True)
    state = models.TextField(default=rules.NOTICE_LIFE.birth.value)
    written_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    tell_at = models.DateTimeField(null=True)
    told_again_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        constraints: ClassVar = [
            state_check("notices_notice_state", rules.NOTICE_LIFE.states),
            state_check("notices_notice_kind", tuple(rules.NoticeKind), column="kind"),
            state_check("notices_notice_level", tuple(rules.Level), column="level"),
            state_check("notices_notice_who", tuple(rules.Who), column="who"),
            models.CheckConstraint(
                condition=Q(level="community", targets__len=0) | (~Q(level="community") & Q(targets__len__gt=0)),
                name="notices_notice_targets",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "expired", "withdrawn"], published_at__isnull=False)
                | ~Q(state__in=["published", "expired", "withdrawn"]),
                name="notices_notice_published",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(published_at__isnull=True)
                | Q(valid_until__gt=F("written_at")),
                name="notices_notice_validity",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="notices_notice_newest"),
            models.Index(fields=["publish_at"], name="notices_notice_due", condition=Q(state="scheduled")),
            models.Index(fields=["valid_until"], name="notices_notice_ends", condition=Q(state="published")),
            models.Index(fields=["due_at"], name="notices_notice_waits", condition=Q(state__in=["draft", "asked"])),
            models.Index(fields=["tell_at"], name="notices_notice_tells", condition=Q(tell_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope)


class NoticeMove(MoveRow):
    """A step in the life of a notice."""

    states = rules.NoticeState
    of = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "notices_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="notices_move_of")]


class Tag(ScopedModel):
    """A word of a community's desk for some of its homes. It stays when no home wears it: old notices name it."""

    community = models.UUIDField()
    word = models.TextField()

    class Meta:
        db_table = "notices_tag"
        constraints: ClassVar = [models.UniqueConstraint(fields=["community", "word"], name="notices_tag_once")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope)


class Tagged(ScopedModel):
    """A home that wears a word."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    home = models.UUIDField()

    class Meta:
        db_table = "notices_tagged"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "home"], name="notices_tagged_once")]
        indexes: ClassVar = [models.Index(fields=["home"], name="notices_tagged_home")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope)


class Recipient(ScopedModel):
    """Somebody a notice is addressed to, by one of their homes."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    person = models.UUIDField()
    home = models.UUIDField()
    building = models.UUIDField()
    told_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_recipient"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "person"], name="notices_recipient_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(read_at__isnull=False), name="notices_recipient_read"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "notice"], name="notices_recipient_person"),
            models.Index(fields=["notice"], name="notices_recipient_untold", condition=Q(told_at__isnull=True)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope) | Q(person=scope.person)
