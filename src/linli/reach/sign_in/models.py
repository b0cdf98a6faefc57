"""Challenges, sessions, the devices a person has used, and the authenticator that a person carries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from linli.reach.sign_in.rules import LOSS_LIFE, MOST_WHY, LossState
from linli.spine.base import Model, ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


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


class Loss(ScopedModel):
    """Somebody lost the phone of their authenticator and the codes on paper; another, who answers for them, said so.

    It is taken off at `due_at`, or before when one more operator confirms, unless it is stopped.
    """

    person = models.UUIDField()
    asked_by = models.UUIDField()
    state = models.TextField(default=LOSS_LIFE.birth.value)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    community: ClassVar = None
    """Where it belongs, as moves ask of everything: to no community."""

    class Meta:
        db_table = "sign_in_loss"
        constraints: ClassVar = [
            state_check("sign_in_loss_state", LOSS_LIFE.states),
            models.CheckConstraint(condition=~Q(person=F("asked_by")), name="sign_in_loss_not_ones_own"),
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="sign_in_loss_waits"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=LossState.WAITING.value), name="sign_in_loss_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="sign_in_loss_due", condition=Q(state=LossState.WAITING.value)),
            models.Index(fields=["person", "-id"], name="sign_in_loss_person"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(person=scope.person)


class LossMove(MoveRow):
    """One step in the life of a loss, with why it was reported; deleted with the person it is about."""

    insert_only: ClassVar[bool] = False

    of = models.ForeignKey(Loss, models.CASCADE, related_name="+", db_index=False)
    community = models.UUIDField(null=True)  # type: ignore[assignment]

    class Meta:
        db_table = "sign_in_loss_move"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("why"), MOST_WHY)), name="sign_in_loss_move_is_short"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="sign_in_loss_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(of__person=scope.person)
