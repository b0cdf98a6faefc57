"""The spine's own tables: told facts, the audit trail, stored responses of idempotency keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now


class ToldFact(models.Model):
    """A fact and how far it has climbed; kept 30 days after it settled."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    body = models.JSONField()
    told_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(db_default=0)
    done = ArrayField(models.TextField(), db_default=[])
    error = models.TextField(db_default="")

    class Meta:
        db_table = "spine_fact"
        indexes: ClassVar = [
            models.Index(fields=["id"], name="spine_fact_open", condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["settled_at"], name="spine_fact_settled"),
        ]


class AuditEntry(models.Model):
    """One action or one reading of personal data. Values are ids and amounts, never personal data.

    Every action writes one, so it has few indexes: lists are read backwards along the key, past what is not asked for.
    """

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    happened_at = models.DateTimeField(db_default=Now())
    person = models.UUIDField(null=True)
    role = models.TextField()
    action = models.TextField()
    said = models.JSONField()
    company = models.UUIDField(null=True, db_default=Func(function="linli_company"))

    class Meta:
        db_table = "spine_audit"
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="spine_audit_person"),
            models.Index(fields=["company", "-id"], condition=Q(company__isnull=False), name="spine_audit_company"),
            BrinIndex(fields=["happened_at"], name="spine_audit_day", pages_per_range=32),
        ]


class StoredResponse(models.Model):
    """What a request with an idempotency key was answered; lives 24 hours, unique by person and key."""

    id = models.BigAutoField(primary_key=True)
    person = models.UUIDField()
    key = models.TextField()
    fingerprint = models.BinaryField()
    response = models.TextField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "spine_response"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="spine_response_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="spine_response_age")]


class Bell(models.Model):
    """Until when somebody who carries facts sleeps, and is to be rung for; one row, lost without harm in a crash."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    asleep_until = models.DateTimeField()

    class Meta:
        db_table = "spine_bell"
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="spine_bell_single")]


class Installation(models.Model):
    """What this database is: a demo or the real thing. One row, written when the database is made, never changed.

    The embedded counterparts of the outside world and the demo's sign-ins are tied to a demo database; `linli serve`
    refuses such a database and `linli demo` refuses every other.
    """

    insert_only: ClassVar[bool] = True

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "spine_installation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="spine_installation_single"),
            models.CheckConstraint(condition=models.Q(kind__in=["demo", "production"]), name="spine_installation_kind"),
        ]


class Examination(models.Model):
    """What the doctor found in one part of the house when it looked last, and when somebody asked it to look again."""

    part = models.TextField(primary_key=True)
    asked_at = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)
    found = models.JSONField(db_default=[])

    class Meta:
        db_table = "spine_examination"


class LabelCount(models.Model):
    """How many labels of a kind were given at a place on a day."""

    id = models.BigAutoField(primary_key=True)
    prefix = models.TextField()
    place = models.UUIDField()
    day = models.DateField()
    last = models.IntegerField()

    class Meta:
        db_table = "spine_label"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["prefix", "place", "day"], name="spine_label_once"),
        ]
