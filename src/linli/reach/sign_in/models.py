"""Challenges, sessions and the devices a person has used."""

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
