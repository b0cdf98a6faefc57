"""Assets with their papers, plans with their tasks, stock-takings with their counts, and batches."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.estate.assets import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


class OfCommunity(ScopedModel):
    """What belongs to a community, and is its company's business alone."""

    community = models.UUIDField()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())


class Batch(OfCommunity):
    """A sheet that was taken over."""

    file_name = models.TextField()
    rows = models.IntegerField()
    state = models.TextField()
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assets_batch"
        constraints: ClassVar = [state_check("assets_batch_state", rules.BATCH_LIFE.states)]
        indexes: ClassVar = [models.Index(fields=["community", "-id"], name="assets_batch_community")]


class Asset(OfCommunity):
    """One thing of the register; `secret` stands in its QR, `due_at` is when a repair is late."""

    label = models.TextField()
    own_number = models.TextField(default="")
    secret = models.TextField(unique=True)
    kind = models.TextField()
    name = models.TextField()
    building = models.TextField(default="")
    place = models.TextField()
    maker = models.TextField(default="")
    serial = models.TextField(default="")
    supplier = models.TextField(default="")
    bought_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)
    cost_minor = models.BigIntegerField(default=0)
    salvage_minor = models.BigIntegerField(default=0)
    life_months = models.IntegerField(null=True)
    keeper = models.UUIDField(null=True)
    state = models.TextField()
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", db_index=False)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "assets_asset"
        constraints: ClassVar = [
            state_check("assets_asset_state", rules.ASSET_LIFE.states),
            state_check("assets_asset_kind", tuple(rules.AssetKind), "kind"),
            models.UniqueConstraint(fields=["community", "label"], name="assets_asset_label"),
            models.UniqueConstraint(
                fields=["community", "own_number"],
                condition=~Q(own_number="") & ~Q(state="withdrawn"),
                name="assets_asset_own_number",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(place=""), name="assets_asset_named"),
            models.CheckConstraint(
                condition=Q(cost_minor__gte=0, salvage_minor__gte=0, salvage_minor__lte=F("cost_minor")),
                name="assets_asset_cost",
            ),
            models.CheckConstraint(
                condition=Q(life_months__isnull=True) | Q(life_months__gt=0, bought_on__isnull=False),
                name="assets_asset_life",
            ),
            models.CheckConstraint(
                condition=Q(state="in_repair", due_at__isnull=False) | (~Q(state="in_repair") & Q(due_at__isnull=True)),
                name="assets_asset_repair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="assets_asset_list"),
            models.Index(fields=["community", "kind", "-id"], name="assets_asset_kind_list"),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="assets_asset_batch"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="assets_asset_due"),
        ]


class AssetMove(MoveRow):
    """What happened to an asset."""

    of = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "assets_asset_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="assets_asset_move_of")]


class Paper(OfCommunity):
    """A file of an asset; a certificate expires, and `reminded` is the last stage the desk was told of."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField()
    title = models.TextField()
    file = models.UUIDField(null=True)
    expires_on = models.DateField(null=True)
    reminded = models.SmallIntegerField(null=True)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assets_paper"
        constraints: ClassVar = [
            state_check("assets_paper_kind", tuple(rules.PaperKind), "kind"),
            models.CheckConstraint(
                condition=Q(kind="certificate", expires_on__isnull=False) | ~Q(kind="certificate"),
                name="assets_paper_expires",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asset", "id"], name="assets_paper_asset"),
            models.Index(
                fields=["community", "expires_on"],
                condition=Q(removed_at__isnull=True, expires_on__isnull=False),
                name="assets_paper_expiring",
            ),
        ]


class Plan(OfCommunity):
    """How often one asset, or every one of a kind, is looked after; with `is_statutory` a certificate ends it."""

    name = models.TextField()
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.TextField(default="")
    every_n = models.SmallIntegerField()
    every = models.TextField()
    anchor_on = models.DateField()
    lead_days = models.SmallIntegerField()
    is_statutory = models.BooleanField(default=False)
    items = ArrayField(models.TextField())
    work_type = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assets_plan"
        constraints: ClassVar = [
            state_check("assets_plan_every", tuple(rules.Every), "every"),
            models.CheckConstraint(
                condition=Q(asset__isnull=True, kind__in=[kind.value for kind in rules.AssetKind])
                | Q(asset__isnull=False, kind=""),
                name="assets_plan_about",
            ),
            models.CheckConstraint(
                condition=Q(every_n__gte=1, lead_days__gte=0, items__len__gte=1), name="assets_plan_rhythm"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "name"], name="assets_plan_community"),
            models.Index(fields=["asset"], condition=Q(asset__isnull=False), name="assets_plan_asset"),
        ]


class Task(OfCommunity):
    """A due date of a plan for an asset; opened once, with the checklist as it was then."""

    label = models.TextField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    skipped = models.SmallIntegerField(default=0)
    state = models.TextField()
    items = ArrayField(models.TextField())
    is_statutory = models.BooleanField(default=False)
    order = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    worked_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    photos = ArrayField(models.UUIDField(), default=list)
    certificate = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "assets_task"
        constraints: ClassVar = [
            state_check("assets_task_state", rules.TASK_LIFE.states),
            models.UniqueConstraint(fields=["plan", "asset", "due_on"], name="assets_task_once"),
            models.UniqueConstraint(
                fields=["plan", "asset"], condition=Q(state__in=["open", "worked"]), name="assets_task_one_open"
            ),
            models.UniqueConstraint(fields=["community", "label"], name="assets_task_label"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "worked"], ended_at__isnull=True)
                | Q(state__in=["done", "called_off"], ended_at__isnull=False),
                name="assets_task_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="done", is_statutory=True) | Q(certificate__isnull=False),
                name="assets_task_certificate",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community", "due_on", "id"], condition=Q(state__in=["open", "worked"]), name="assets_task_due"
            ),
            models.Index(fields=["asset", "-due_on"], name="assets_task_asset"),
            models.Index(fields=["community", "-due_on", "-id"], name="assets_task_list"),
        ]


class TaskMove(MoveRow):
    """What happened to a task."""

    states = rules.TaskState
    of = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "assets_task_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="assets_task_move_of")]


class TaskAnswer(OfCommunity):
    """What was found of an item; a finding names its work order."""

    insert_only: ClassVar[bool] = True

    task = models.ForeignKey(Task, models.PROTECT, related_name="+", db_index=False)
    item = models.TextField()
    outcome = models.TextField()
    words = models.TextField(default="")
    order = models.UUIDField(null=True)

    class Meta:
        db_table = "assets_answer"
        constraints: ClassVar = [
            state_check("assets_answer_outcome", tuple(rules.Outcome), "outcome"),
            models.CheckConstraint(
                condition=Q(outcome="ok", order__isnull=True) | Q(outcome="finding", order__isnull=False),
                name="assets_answer_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["task", "id"], name="assets_answer_task")]


class Taking(OfCommunity):
    """A stock-taking: what the register said when it began is what is counted."""

    label = models.TextField()
    name = models.TextField()
    kind = models.TextField(default="")
    state = models.TextField()
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assets_taking"
        constraints: ClassVar = [
            state_check("assets_taking_state", rules.TAKING_LIFE.states),
            models.UniqueConstraint(fields=["community", "label"], name="assets_taking_label"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="assets_taking_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="assets_taking_list"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="assets_taking_due"),
        ]


class TakingMove(MoveRow):
    """What happened to a stock-taking."""

    of = models.ForeignKey(Taking, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "assets_taking_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="assets_taking_move_of")]


class Count(OfCommunity):
    """An asset of a stock-taking: where it should be, and what was seen of it."""

    taking = models.ForeignKey(Taking, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    expected = models.TextField()
    seen = models.TextField()
    place = models.TextField(default="")
    words = models.TextField(default="")
    photos = ArrayField(models.UUIDField(), default=list)
    person = models.UUIDField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assets_count"
        constraints: ClassVar = [
            state_check("assets_count_seen", tuple(rules.Seen), "seen"),
            models.UniqueConstraint(fields=["taking", "asset"], name="assets_count_once"),
            models.CheckConstraint(
                condition=Q(seen="unseen", seen_at__isnull=True) | (~Q(seen="unseen") & Q(seen_at__isnull=False)),
                name="assets_count_seen_at",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asset"], name="assets_count_asset")]
