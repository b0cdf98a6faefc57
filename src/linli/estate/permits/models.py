"""Permits with their papers and inspections, relocations with their checks, releases with their codes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.permits.rules import (
    NOBODY,
    PERMIT_LIFE,
    RELEASE_LIFE,
    RELOCATION_LIFE,
    Check,
    Direction,
    Look,
    Paper,
    PermitState,
    ReleaseState,
    RelocationState,
)
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


class OfHome(ScopedModel):
    """Something of a home that somebody asked for: seen by the community's staff, and by who asked."""

    label = models.TextField()
    community = models.UUIDField()
    home = models.UUIDField()
    asker = models.UUIDField(null=True)
    state = models.TextField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        staff = Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())
        return staff | Q(asker=scope.person) if scope.person else staff


class Chased(OfHome):
    """What waits until `due_at`. `next_at` is when the clock looks at it; `late_told` is who heard that it is late."""

    next_at = models.DateTimeField(null=True)
    late_told = models.SmallIntegerField(default=NOBODY)

    class Meta:
        abstract = True


class Permit(Chased):
    """Works in a home. `due_at` is the deadline of the state that it waits in; `deposit` is billing's."""

    works = ArrayField(models.TextField())
    text = models.TextField()
    contractor = models.TextField(default="")
    contact = models.TextField(default="")
    start_on = models.DateField()
    end_on = models.DateField()
    extend_to = models.DateField(null=True)
    extend_why = models.TextField(default="")
    deposit = models.UUIDField(null=True)
    deposit_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    deposit_held = models.BooleanField(default=False)
    fee_paid = models.BooleanField(default=False)

    class Meta:
        db_table = "permits_permit"
        constraints: ClassVar = [
            state_check("permits_permit_state", PERMIT_LIFE.states),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")), name="permits_permit_days"),
            models.CheckConstraint(condition=Q(works__len__gte=1), name="permits_permit_works"),
            models.CheckConstraint(condition=Q(deposit_minor__gte=0, fee_minor__gte=0), name="permits_permit_amounts"),
            models.UniqueConstraint(fields=["community", "label"], name="permits_permit_label"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="permits_permit_list"),
            models.Index(fields=["asker", "-id"], name="permits_permit_asker"),
            models.Index(fields=["due_at"], name="permits_permit_due", condition=Q(due_at__isnull=False)),
        ]


class PermitPaper(ScopedModel):
    permit = models.ForeignKey(Permit, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    kind = models.TextField()
    file = models.UUIDField()

    class Meta:
        db_table = "permits_paper"
        constraints: ClassVar = [state_check("permits_paper_kind", tuple(Paper), "kind")]
        indexes: ClassVar = [models.Index(fields=["permit"], name="permits_paper_permit")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(permit__in=Permit.objects.within(scope))


class Inspection(ScopedModel):
    """Somebody was there, looked, and said what they saw."""

    insert_only: ClassVar[bool] = True

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    look = models.TextField()
    text = models.TextField()
    photos = ArrayField(models.UUIDField(), default=list)
    person = models.UUIDField()
    looked_at = models.DateTimeField()

    class Meta:
        db_table = "permits_inspection"
        constraints: ClassVar = [state_check("permits_inspection_look", tuple(Look), "look")]
        indexes: ClassVar = [models.Index(fields=["permit", "id"], name="permits_inspection_permit")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(permit__in=Permit.objects.within(scope))


class Relocation(Chased):
    """Somebody moves. Who moves in is typed here until it is done, and forgotten then: people keeps persons."""

    direction = models.TextField()
    residency = models.TextField()
    person = models.UUIDField(null=True)
    name = models.TextField(default="")
    phone = models.TextField(default="")
    day = models.DateField()

    class Meta:
        db_table = "permits_relocation"
        constraints: ClassVar = [
            state_check("permits_relocation_state", RELOCATION_LIFE.states),
            state_check("permits_relocation_direction", tuple(Direction), "direction"),
            models.UniqueConstraint(fields=["community", "label"], name="permits_relocation_label"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="permits_relocation_list"),
            models.Index(fields=["asker", "-id"], name="permits_relocation_asker"),
            models.Index(fields=["due_at"], name="permits_relocation_due", condition=Q(due_at__isnull=False)),
        ]


class RelocationCheck(ScopedModel):
    """One item of the checklist, ticked off by somebody with a note."""

    relocation = models.ForeignKey(Relocation, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    item = models.TextField()
    note = models.TextField(default="")
    done_by = models.UUIDField()
    done_at = models.DateTimeField()

    class Meta:
        db_table = "permits_check"
        constraints: ClassVar = [
            state_check("permits_check_item", tuple(Check), "item"),
            models.UniqueConstraint(fields=["relocation", "item"], name="permits_check_once"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(relocation__in=Relocation.objects.within(scope))


class Release(OfHome):
    """Goods that may pass the gate once, by a code that is no other open slip's there."""

    goods = models.TextField()
    carrier = models.TextField(default="")
    code = models.CharField(max_length=6)
    let_out_by = models.UUIDField(null=True)

    class Meta:
        db_table = "permits_release"
        constraints: ClassVar = [
            state_check("permits_release_state", RELEASE_LIFE.states),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="permits_release_code"),
            models.UniqueConstraint(
                fields=["community", "code"],
                condition=Q(state=ReleaseState.ISSUED.value),
                name="permits_release_code_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="permits_release_list"),
            models.Index(fields=["asker", "-id"], name="permits_release_asker"),
            models.Index(fields=["due_at"], name="permits_release_due", condition=Q(state=ReleaseState.ISSUED.value)),
        ]


class PermitMove(MoveRow):
    states = PermitState
    of = models.ForeignKey(Permit, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "permits_permit_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="permits_permit_move_of")]


class RelocationMove(MoveRow):
    states = RelocationState
    of = models.ForeignKey(Relocation, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "permits_relocation_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="permits_relocation_move_of")]


class ReleaseMove(MoveRow):
    states = ReleaseState
    of = models.ForeignKey(Release, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "permits_release_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="permits_release_move_of")]
