"""Stays, how they went, what was paid for them, and what machines said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.parking.models.grounds import Lot, TariffVersion
from linli.estate.parking.models.walls import of_community
from linli.estate.parking.rules import Channel, PaymentState, PlateKind, SessionState, StayKind
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


class Session(ScopedModel):
    """One stay. `read_as` is what was read at first where it was corrected; `unpaid_minor` is what it left owing."""

    label = models.TextField()
    community = models.UUIDField()
    company = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    plate = models.TextField()
    plate_kind = models.TextField()
    read_as = models.TextField(default="")
    kind = models.TextField()
    home = models.UUIDField(null=True)
    tariff = models.ForeignKey(TariffVersion, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.TextField()
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    gross_minor = models.BigIntegerField(default=0)
    off_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    unpaid_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    steps = models.JSONField(default=list)

    class Meta:
        db_table = "parking_session"
        constraints: ClassVar = [
            state_check("parking_session_state", tuple(SessionState)),
            state_check("parking_session_kind", tuple(StayKind), "kind"),
            state_check("parking_session_plate_kind", tuple(PlateKind), "plate_kind"),
            models.UniqueConstraint(fields=["community", "label"], name="parking_session_label"),
            models.UniqueConstraint(
                fields=["community", "plate"], condition=Q(state="inside"), name="parking_session_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, state="inside")
                | Q(~Q(state="inside"), left_at__isnull=False, left_at__gte=F("entered_at")),
                name="parking_session_left",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, unpaid_minor__gte=0, waived_minor__gte=0, off_minor__gte=0)
                & Q(gross_minor__gte=F("off_minor")),
                name="parking_session_amounts",
            ),
            models.CheckConstraint(
                condition=~Q(kind="temporary") | Q(tariff__isnull=False), name="parking_session_priced"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-entered_at"], name="parking_session_recent"),
            models.Index(fields=["lot"], condition=Q(state="inside"), name="parking_session_inside"),
            models.Index(fields=["community", "-left_at"], name="parking_session_ended"),
            models.Index(fields=["community", "plate"], name="parking_session_plate"),
            models.Index(fields=["community", "plate"], condition=Q(unpaid_minor__gt=0), name="parking_session_debt"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class SessionMove(MoveRow):
    """What happened to a stay."""

    of = models.ForeignKey(Session, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "parking_session_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="parking_session_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class Payment(ScopedModel):
    """Money for a stay: asked for online, or taken by hand. `up_to` is the instant that its amount was told for."""

    label = models.TextField()
    session = models.ForeignKey(Session, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    company = models.UUIDField()
    channel = models.TextField()
    desk = models.TextField(default="")
    taken_by = models.UUIDField(null=True)
    collection = models.UUIDField(null=True, unique=True)
    state = models.TextField()
    amount_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField(default=0)
    up_to = models.DateTimeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parking_payment"
        constraints: ClassVar = [
            state_check("parking_payment_state", tuple(PaymentState)),
            state_check("parking_payment_channel", tuple(Channel), "channel"),
            models.UniqueConstraint(fields=["community", "label"], name="parking_payment_label"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, kept_minor__gte=0) & Q(amount_minor__gte=F("kept_minor")),
                name="parking_payment_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="arrived", arrived_at__isnull=False)
                | Q(~Q(state="arrived"), arrived_at__isnull=True, kept_minor=0),
                name="parking_payment_arrived",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["session"], name="parking_payment_session"),
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="parking_payment_asked"),
            models.Index(fields=["community", "-arrived_at"], name="parking_payment_income"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)


class MachineEvent(ScopedModel):
    """What a machine saw, once for its own id; `answer` is what it was told, and is told again."""

    community = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", db_index=False)
    event = models.TextField()
    kind = models.TextField()
    plate = models.TextField()
    session = models.UUIDField(null=True)
    answer = models.JSONField(null=True)
    seen_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "parking_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lot", "event"], name="parking_event_once"),
            models.CheckConstraint(condition=Q(kind__in=["entry", "exit"]), name="parking_event_kind"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lot", "plate"], condition=Q(kind="exit", session=None), name="parking_event_unmatched"
            ),
            models.Index(fields=["received_at"], name="parking_event_age"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_community(scope)
