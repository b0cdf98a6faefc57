"""Passes, arrivals and what happened at the gates; who a guest is, is emptied when their time is up."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from linli.estate.visits import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


def of_staff(scope: Scope) -> Q:
    """What belongs to the communities of the staff that ask; residents see none of it."""
    return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Pass(ScopedModel):
    """A guest who was invited. `forget_at` is when the house forgets who it was."""

    community = models.UUIDField()
    home = models.UUIDField()
    inviter = models.UUIDField()
    kind = models.TextField()
    guest_name = models.TextField(default="")
    guest_phone = models.TextField(default="")
    plate = models.TextField(default="")
    code = models.TextField()
    start_on = models.DateField()
    end_on = models.DateField()
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    from_min = models.SmallIntegerField()
    until_min = models.SmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entries = models.SmallIntegerField(null=True)
    entered = models.SmallIntegerField(default=0)
    inside = models.SmallIntegerField(default=0)
    state = models.TextField(default=rules.PASS_LIFE.birth.value)
    invited_at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_pass"
        constraints: ClassVar = [
            state_check("visits_pass_state", rules.PASS_LIFE.states),
            state_check("visits_pass_kind", tuple(rules.PassKind), column="kind"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{6}$"), name="visits_pass_six_digits"),
            models.CheckConstraint(
                condition=Q(end_on__gt=F("start_on"), ends_at__gt=F("starts_at")), name="visits_pass_days"
            ),
            models.CheckConstraint(
                condition=Q(from_min__gte=0, until_min__gt=F("from_min"), until_min__lte=rules.DAY_MIN),
                name="visits_pass_hours",
            ),
            models.CheckConstraint(
                condition=Q(entered__gte=0) & (Q(entries__isnull=True) | Q(entered__lte=F("entries"))),
                name="visits_pass_entries",
            ),
            models.CheckConstraint(condition=Q(inside__gte=0, inside__lte=F("entered")), name="visits_pass_inside"),
            models.UniqueConstraint(fields=["community", "code"], condition=Q(state="open"), name="visits_pass_code"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["inviter", "-id"], name="visits_pass_inviter"),
            models.Index(fields=["community", "-id"], name="visits_pass_newest"),
            models.Index(fields=["home"], name="visits_pass_open_of_home", condition=Q(state="open")),
            models.Index(fields=["ends_at"], name="visits_pass_due", condition=Q(state="open")),
            models.Index(fields=["community", "code", "-id"], name="visits_pass_by_code"),
            models.Index(fields=["forget_at"], name="visits_pass_forget", condition=Q(forget_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope) | Q(inviter=scope.person)

    @property
    def window(self) -> rules.Window:
        """When the pass is good, as the rules read it."""
        return rules.Window(self.start_on, self.end_on, tuple(self.weekdays), self.from_min, self.until_min)


class PassMove(MoveRow):
    """A step in the life of a pass."""

    states = rules.PassState
    of = models.ForeignKey(Pass, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "visits_pass_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="visits_pass_move_of")]


class Arrival(ScopedModel):
    """Somebody who came without a pass; `people` are those of the home who may answer."""

    community = models.UUIDField()
    home = models.UUIDField()
    gate = models.TextField(default="")
    purpose = models.TextField()
    guest_name = models.TextField(default="")
    guest_phone = models.TextField(default="")
    plate = models.TextField(default="")
    people = ArrayField(models.UUIDField())
    state = models.TextField(default=rules.ARRIVAL_LIFE.birth.value)
    registered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    forget_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_arrival"
        constraints: ClassVar = [
            state_check("visits_arrival_state", rules.ARRIVAL_LIFE.states),
            state_check("visits_arrival_purpose", tuple(rules.Purpose), column="purpose"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="visits_arrival_newest"),
            models.Index(fields=["due_at"], name="visits_arrival_due", condition=Q(state__in=["waiting", "allowed"])),
            GinIndex(fields=["people"], name="visits_arrival_people", condition=Q(state="waiting")),
            models.Index(fields=["forget_at"], name="visits_arrival_forget", condition=Q(forget_at__isnull=False)),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope) | Q(people__contains=[scope.person])


class ArrivalMove(MoveRow):
    """A step in the life of an arrival."""

    states = rules.ArrivalState
    of = models.ForeignKey(Arrival, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "visits_arrival_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="visits_arrival_move_of")]


class Passing(ScopedModel):
    """One entry, exit or refusal at a gate; `visit_pass` and `arrival` are both empty for a code that nobody knows."""

    insert_only: ClassVar[bool] = True

    community = models.UUIDField()
    home = models.UUIDField(null=True)
    visit_pass = models.ForeignKey(Pass, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    arrival = models.ForeignKey(Arrival, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    gate = models.TextField(default="")
    way = models.TextField()
    why = models.TextField(default="")
    guard = models.UUIDField(null=True)
    passed_at = models.DateTimeField()

    class Meta:
        db_table = "visits_passing"
        constraints: ClassVar = [
            state_check("visits_passing_way", tuple(rules.Way), column="way"),
            models.CheckConstraint(
                condition=Q(way="turned_away", why__in=[w.value for w in rules.WhyNot]) | Q(why=""),
                name="visits_passing_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="visits_passing_newest"),
            models.Index(
                fields=["visit_pass", "-id"], name="visits_passing_pass", condition=Q(visit_pass__isnull=False)
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope)


class Tries(ScopedModel):
    """The wrong codes of one guard in a row, and until when they pause."""

    community = models.UUIDField()
    guard = models.UUIDField()
    wrong = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_tries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["guard", "community"], name="visits_tries_once"),
            models.CheckConstraint(condition=Q(wrong__gte=0), name="visits_tries_counted"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_staff(scope)
