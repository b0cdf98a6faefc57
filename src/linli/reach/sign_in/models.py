"""Challenges, sessions, the devices a person has used, and the authenticator that a person carries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.spine.base import Model


class Challenge(Model):
    """A code that was sent; neither the phone nor the code stands here in the clear."""

    phone = models.BinaryField()
    address = models.BinaryField()
    code = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries_left = models.SmallIntegerField()
    redeemed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_challenge"
        indexes: ClassVar = [
            models.Index(fields=["phone", "-created_at"], name="sign_in_challenge_phone"),
            models.Index(fields=["address", "-created_at"], name="sign_in_challenge_address"),
        ]


class Session(Model):
    """A signed-in device. `role`, `level` and `place` are the hat it wears now."""

    person = models.UUIDField()
    token = models.BinaryField(unique=True)
    device = models.BinaryField()
    device_name = models.TextField(default="")
    role = models.TextField()
    level = models.TextField(default="")
    place = models.UUIDField(null=True)
    check_due = models.BooleanField()
    check_tries_left = models.SmallIntegerField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_session"
        indexes: ClassVar = [models.Index(fields=["person", "-seen_at"], name="sign_in_session_person")]


class Device(Model):
    """A device on which a person has passed the second check."""

    person = models.UUIDField()
    device = models.BinaryField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "sign_in_device"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "device"], name="sign_in_device_once")]


class Authenticator(Model):
    """The app that shows a person a new code every half minute. It counts from `confirmed_at` on."""

    person = models.UUIDField(unique=True)
    seed = models.BinaryField()
    """Sealed: it has to be read again to know which code is right."""
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    """The half minute whose code was taken last; no code is taken twice, and none older than that."""

    class Meta:
        db_table = "sign_in_authenticator"


class RecoveryCode(Model):
    """One of the codes that a person keeps on paper for the day on which the phone is lost."""

    person = models.UUIDField()
    code = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in_recovery_code"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "code"], name="sign_in_recovery_code_once")]
