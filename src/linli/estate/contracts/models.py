"""Contracts with their versions, papers, plans and moves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.estate.contracts import rules
from linli.spine.base import ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Role, Scope


def _agreed_with(scope: Scope, of: str = "") -> Q:
    """The company's business, and of what was signed also the business of whom it was signed with."""
    staff = Q(community__in=scope.communities if scope.role == Role.PROPERTY else ())
    if scope.person is None or scope.role == Role.PROPERTY:
        return staff
    theirs = Q(**{f"{of}party": scope.person}) & ~Q(**{f"{of}state__in": [state.value for state in rules.UNSIGNED]})
    return staff | theirs


class OfContract(ScopedModel):
    """What belongs to a contract, for whoever the contract is for; `community` is the contract's."""

    community = models.UUIDField()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _agreed_with(scope, "contract__")


class Contract(ScopedModel):
    """An agreement with a party; `sum_minor` is what its plan adds up to, `version` which terms hold."""

    community = models.UUIDField()
    label = models.TextField()
    company = models.UUIDField()
    direction = models.TextField()
    party = models.UUIDField()
    subject = models.TextField()
    place = models.TextField(default="")
    start_on = models.DateField()
    end_on = models.DateField()
    ended_on = models.DateField(null=True)
    sum_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField(default=0)
    deposit = models.UUIDField(null=True)
    terms = models.JSONField()
    version = models.SmallIntegerField(default=1)
    remind_days = models.SmallIntegerField()
    state = models.TextField()
    drafted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contracts_contract"
        constraints: ClassVar = [
            state_check("contracts_contract_state", rules.CONTRACT_LIFE.states),
            state_check("contracts_contract_direction", tuple(rules.Direction), "direction"),
            models.UniqueConstraint(fields=["community", "label"], name="contracts_contract_label"),
            models.CheckConstraint(condition=Q(end_on__gt=F("start_on")), name="contracts_contract_days"),
            models.CheckConstraint(condition=Q(sum_minor__gte=0, deposit_minor__gte=0), name="contracts_contract_sum"),
            models.CheckConstraint(
                condition=~Q(state="terminated") | Q(ended_on__isnull=False), name="contracts_contract_ended"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", due_at__isnull=False) | (~Q(state="draft") & Q(due_at__isnull=True)),
                name="contracts_contract_waits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "-id"], name="contracts_contract_list"),
            models.Index(
                fields=["end_on"], condition=Q(state__in=["in_force", "ending"]), name="contracts_contract_end"
            ),
            models.Index(fields=["party"], name="contracts_contract_party"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="contracts_contract_due"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return _agreed_with(scope)


class ContractMove(MoveRow):
    """What happened to a contract."""

    of = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "contracts_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="contracts_move_of")]


class Version(OfContract):
    """The terms as they were agreed, from a day on."""

    insert_only: ClassVar[bool] = True

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    from_on = models.DateField()
    end_on = models.DateField()
    terms = models.JSONField()
    sum_minor = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "contracts_version"
        constraints: ClassVar = [models.UniqueConstraint(fields=["contract", "number"], name="contracts_version_once")]


class PlanRow(OfContract):
    """One date of a plan; `line` is the bill's line that collects it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    version = models.SmallIntegerField()
    start_on = models.DateField()
    end_on = models.DateField()
    due_on = models.DateField()
    amount_minor = models.BigIntegerField()
    state = models.TextField()
    bill_on = models.DateField(null=True)
    line = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    marked_by = models.UUIDField(null=True)
    words = models.TextField(default="")

    class Meta:
        db_table = "contracts_row"
        constraints: ClassVar = [
            state_check("contracts_row_state", rules.ROW_LIFE.states),
            models.UniqueConstraint(
                fields=["contract", "start_on"], condition=~Q(state="cut"), name="contracts_row_once"
            ),
            models.CheckConstraint(condition=Q(end_on__gt=F("start_on")), name="contracts_row_days"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="contracts_row_amount"),
            models.CheckConstraint(condition=~Q(state="charged") | Q(line__isnull=False), name="contracts_row_line"),
            models.CheckConstraint(condition=~Q(state="paid") | Q(paid_on__isnull=False), name="contracts_row_paid"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["contract", "start_on"], name="contracts_row_contract"),
            models.Index(
                fields=["bill_on"], condition=Q(state="planned", bill_on__isnull=False), name="contracts_row_bill"
            ),
            models.Index(
                fields=["community", "due_on", "id"],
                condition=Q(state__in=["planned", "charged"]),
                name="contracts_row_due",
            ),
        ]


class ContractPaper(OfContract):
    """A file of a contract."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+", db_index=False)
    title = models.TextField()
    file = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "contracts_paper"
        indexes: ClassVar = [models.Index(fields=["contract", "id"], name="contracts_paper_of")]
